import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { commit } from '../table/commit.ts';
import { lineSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { BankLine } from './bank-line.ts';
import { recount, saveLine } from './line-store.ts';
import type { Working } from './record-line.ts';

/** Who decides about a line, when and in which time zone; `remember` is the request's key. */
export type Doing = Working & {
  readonly timeZone: string;
  readonly remember: (factId: string) => Action;
};

/** What a decision makes of a line, and the writes besides the line itself. */
export type Decided = { readonly line: BankLine; readonly actions: readonly Action[] };

/** DynamoDB takes so many in one transaction. */
const MAX_ACTIONS = 100;

/**
 * Stores what was decided about a line, or that it was undone, in one transaction: the key of the request, the line, the
 * count of its statement, the fact and what else follows.
 * @throws DomainError `validation_failed` when that is too much for one transaction, `version_conflict`
 */
export async function storeDecided(
  table: Table,
  before: BankLine,
  { line, actions }: Decided,
  { at, actor, remember }: Doing,
  ...[type, reason = '']: ['bank_line.decided'] | ['bank_line.undone', string]
): Promise<BankLine> {
  const { bankStatementId, entry, version } = line;
  const slot = lineSlot(entry.line, version);
  const told = { at, actor };
  const all = [
    remember(`${bankStatementId}.${slot}`),
    saveLine(line),
    recount(line, before.status, line.status),
    type === 'bank_line.decided'
      ? recordFact(type, bankStatementId, slot, { ...told, data: { line } })
      : recordFact(type, bankStatementId, slot, { ...told, data: { line, reason } }),
    ...actions,
  ];
  if (all.length > MAX_ACTIONS) {
    throw new DomainError(
      'validation_failed',
      'This is too much for one line. Allocate less of it now, and the rest later.',
      {
        issues: [{ path: 'parts', message: `must settle ${all.length - MAX_ACTIONS} invoices fewer` }],
      },
    );
  }
  await commit(table, all);
  return line;
}

/** What a line is in every state. */
export function commonOf({ bankStatementId, bankAccountId, entry, bookedOn, match, version }: BankLine) {
  return { bankStatementId, bankAccountId, entry, bookedOn, ...(match && { match }), version };
}
