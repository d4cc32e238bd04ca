import { loadRun, loadWaitingRuns, runFact, saveRun } from '../direct-debit/direct-debit-store.ts';
import { settleDirectDebit } from '../direct-debit/settle-direct-debit.ts';
import { noSingleDebits } from '../direct-debit/single-debits-store.ts';
import { addDays } from '../kernel/days.ts';
import type { DirectDebitId } from '../kernel/ids.ts';
import { bankPostings } from '../ledger/postings.ts';
import { decideByRun, namedRun, type RunDecision } from '../matching/decide-by-run.ts';
import { paidOn } from '../matching/fit-amount.ts';
import type { Action, Table } from '../table/table.ts';
import type { LineOutcome } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import { bookLine } from './line-payment-store.ts';
import type { RecordedLine, Working } from './record-line.ts';

type Settlement = {
  readonly outcome: Extract<LineOutcome, { kind: 'direct_debit' }>;
  readonly actions: readonly Action[];
};

/** A bank books what was collected so many days after the day of the debit at most. */
const BOOKED_WITHIN_DAYS = 7;

/**
 * That a line is what a direct debit run collected, as one sum: it is at the bank at once, against what is in transit. The
 * run's fact wakes the work that makes each debit a payment out of transit, however many there are.
 * @param batch as `settleDirectDebit` takes it
 * @throws DomainError as `settleDirectDebit` does, `direct_debit_not_found`; on commit `version_conflict`
 */
export async function settlement(
  table: Table,
  line: RecordedLine,
  directDebitId: DirectDebitId,
  batch: number | undefined,
  working: Working,
): Promise<Settlement> {
  const { bankStatementId, entry } = line;
  const { amount, currency } = entry;
  const { at, today, actor } = working;
  const days = [paidOn(entry), entry.bookedOn, today].toSorted();
  const money = {
    amount,
    currency,
    settlement: { bankStatementId, line: entry.line, on: days[0] ?? today, by: actor, at },
  };
  const { run, batches } = settleDirectDebit(await loadRun(table, directDebitId), money, batch);
  const noneSingly = await noSingleDebits(table, directDebitId, batches);
  return {
    outcome: { kind: 'direct_debit', directDebitId, batches },
    actions: [
      saveRun(run),
      noneSingly,
      runFact('direct_debit.settling', run, {
        at,
        actor,
        data: { directDebitId, bankStatementId, line: entry.line, amount, batches },
      }),
      bookLine(line, bankPostings('clearing', amount), working),
    ],
  };
}

/**
 * The direct debit run whose money a line seems to be: named by its references, or of its amount within a week of its day.
 * One query of the runs that wait for their money.
 */
export async function findRun(table: Table, entry: StatementEntry): Promise<RunDecision | undefined> {
  const on = paidOn(entry);
  // One that is named may be older: a bank may hold collected money back.
  const days = namedRun(entry) ? { to: on } : { from: addDays(on, -BOOKED_WITHIN_DAYS), to: on };
  return decideByRun(entry, await loadWaitingRuns(table, days));
}
