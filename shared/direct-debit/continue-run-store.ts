import { recordFact } from '../fact/record-fact.ts';
import type { DirectDebitId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { commit } from '../table/commit.ts';
import type { Table } from '../table/table.ts';
import type { DirectDebit } from './direct-debit.ts';
import { loadRun, Overtaken } from './direct-debit-store.ts';
import { fillRun } from './fill-run-store.ts';
import { giveBack } from './release-run-store.ts';
import { settleItems } from './settle-run-store.ts';

/** A run that has less time left than this hands the rest to the next. */
const RESERVE_MILLISECONDS = 60_000;

export type RunTools = {
  readonly table: Table;
  readonly timeZone: string;
  /** Milliseconds until it is cut off. */
  readonly timeLeft: () => number;
};

/**
 * Does what a direct debit run waits for: collects, gives back or settles, to the end or until time runs out. Then it hands
 * the rest on by a fact that wakes the next. Safe to repeat, and side by side.
 * @param at the moment of the fact that wakes it
 * @returns the run's status, or `handed on`
 * @throws DomainError `direct_debit_not_found`, `version_conflict`, `table_busy`
 */
export async function continueRun(
  { table, timeZone, timeLeft }: RunTools,
  directDebitId: DirectDebitId,
  at: Instant,
): Promise<DirectDebit['status'] | 'handed on'> {
  const isOver = () => timeLeft() < RESERVE_MILLISECONDS;
  for (;;) {
    const run = await loadRun(table, directDebitId);
    const next = await step(table, run, { at, timeZone }, isOver);
    if (isResting(next)) return next.status;
    if (!isOver()) continue;
    await handOn(table, next, at);
    return 'handed on';
  }
}

const isResting = ({ status }: DirectDebit) =>
  status === 'ready' || status === 'settled' || status === 'cancelled';

function step(
  table: Table,
  run: DirectDebit,
  doing: { at: Instant; timeZone: string },
  isOver: () => boolean,
): Promise<DirectDebit> {
  switch (run.status) {
    case 'collecting':
      return fillRun(table, run, doing.at, isOver);
    case 'cancelling':
      return giveBack(table, run, doing, isOver);
    case 'settling':
      return settleItems(table, run, doing, isOver);
    case 'ready':
    case 'settled':
    case 'cancelled':
      return Promise.resolve(run);
    default:
      return run.status satisfies never;
  }
}

/** Each wake-up hands on once: another that does so at the same moment has told of it already. */
async function handOn(table: Table, { directDebitId, version }: DirectDebit, at: Instant): Promise<void> {
  const told = { at, actor: 'direct-debit', data: { directDebitId } };
  try {
    await commit(table, [
      recordFact(
        'direct_debit.continued',
        directDebitId,
        `continued-${version}-${Date.parse(at)}`,
        told,
        () => new Overtaken(),
      ),
    ]);
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
}
