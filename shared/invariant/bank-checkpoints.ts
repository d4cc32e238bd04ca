import { type Carried, endOf, Reconciling } from '../bank/reconcile.ts';
import { type Checkpoint, fingerprintOf } from '../bank/reconciliation-checkpoint.ts';
import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * A. What a reconciliation goes on from is what reading from the start gives, as long as it holds: the balance of the
 * books, what of each source is open, and the lines that are not booked.
 */
export function* checkpointsHold(picture: Picture): Generator<Violation> {
  for (const checkpoint of picture.bankCheckpoints) yield* checkpointHolds(picture, checkpoint);
}

function* checkpointHolds(picture: Picture, { currency, on, fingerprint, carried }: Checkpoint) {
  const statements = [...picture.bankStatements.values()].filter(
    (statement) => statement.header.currency === currency && endOf(statement) <= on,
  );
  // What has changed since is read again.
  if (fingerprintOf(statements) !== fingerprint) return;
  const ids = new Set<string>(statements.map(({ bankStatementId }) => bankStatementId));
  const reconciling = new Reconciling(on, currency);
  for (const entry of picture.entries) reconciling.entry(entry);
  for (const line of picture.bankLines.values()) if (ids.has(line.bankStatementId)) reconciling.line(line);
  const whole = told(reconciling.carry());
  const kept = told(carried);
  for (const name of new Set([...whole.keys(), ...kept.keys()]))
    yield* unlessEqual('A', `${name} in ${currency} on ${on}`, kept.get(name) ?? 0, whole.get(name) ?? 0);
}

/** What it comes to, by name. Minor units. */
function told({ ledger, open, items }: Carried): Map<string, number> {
  return new Map([
    ['balance of the books carried', ledger],
    ...open.map(({ source, amount }) => [`${source} carried`, amount] as const),
    ...items.map(({ kind, amount }) => [`${kind} lines carried`, amount] as const),
  ]);
}
