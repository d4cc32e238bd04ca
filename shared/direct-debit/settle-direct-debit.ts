import { DomainError } from '../kernel/errors.ts';
import type { DebitBatch, DirectDebit } from './direct-debit.ts';

/** A bank line as far as it settles a run. Minor units. */
export type BatchMoney = {
  readonly amount: number;
  readonly currency: string;
  readonly settlement: Omit<NonNullable<DebitBatch['settlement']>, 'done'>;
};

/** What of a batch the bank still brings, once it came: nothing. Minor units. */
export const expectedOf = ({ total, released, settlement, singly }: DebitBatch): number =>
  settlement || singly ? 0 : total - released;

/** Where a run rests that no work is under way on: `ready` while money of a batch is still to come. */
export const restingStatus = (batches: readonly DebitBatch[]): 'settled' | 'ready' =>
  batches.every((batch) => expectedOf(batch) === 0) ? 'settled' : 'ready';

type Batches = Pick<DirectDebit, 'batches'>;

/**
 * The sets of a run's batches that a bank may book as one: all whose money did not come, those of one file, each on its
 * own. By their places in the run, from 1.
 */
export function sumsOf({ batches }: Batches): { batches: number[]; sum: number }[] {
  const open = batches.flatMap((batch, index) =>
    expectedOf(batch) > 0 ? [{ batch, place: index + 1, sum: expectedOf(batch) }] : [],
  );
  const files = [...Map.groupBy(open, ({ batch }) => batch.file).values()];
  const sets = [open, ...files, ...open.map((one) => [one])];
  const sums = sets.map((set) => ({
    batches: set.map(({ place }) => place),
    sum: set.reduce((total, { sum }) => total + sum, 0),
  }));
  return [...new Map(sums.filter(({ sum }) => sum > 0).map((one) => [one.batches.join(), one])).values()];
}

/**
 * The run once a bank line brought the money of some of its batches: its debits are to become payments.
 * @param place the batch, from 1; where it is left out, the only set of batches that is of the line's amount
 * @throws DomainError `direct_debit_not_open` when its money came, or it is cancelled; `validation_failed` when the line is
 * of another amount or currency, or several batches are of that amount
 */
export function settleDirectDebit(
  run: DirectDebit,
  money: BatchMoney,
  place?: number,
): { run: DirectDebit; batches: number[] } {
  if (run.status !== 'ready' && run.status !== 'settling') {
    throw new DomainError('direct_debit_not_open', `The run is ${run.status}: the bank has no money of it.`);
  }
  if (run.currency !== money.currency)
    throw invalid(`The run is in ${run.currency}.`, `must be of a line in ${run.currency}`);
  const sums = sumsOf(run).filter(({ batches }) => place === undefined || batches.join() === String(place));
  if (sums.length === 0)
    throw new DomainError('direct_debit_not_open', 'No money of this run is still to come.');
  const fitting = sums.filter(({ sum }) => sum === money.amount);
  const [found, other] = fitting;
  if (!found) {
    const wanted = sums.map(({ batches, sum }) => `${sum} (batch ${batches.join(', ')})`).join('; ');
    throw invalid('The line is of another amount than what the run brings.', `brings ${wanted}`);
  }
  if (other)
    throw invalid('Several batches of the run are of this amount: say which.', 'needs `batch` beside it');
  const batches = run.batches.map((batch, index) =>
    found.batches.includes(index + 1)
      ? { ...batch, settlement: { ...money.settlement, done: false } }
      : batch,
  );
  return {
    run: { ...run, batches, status: 'settling', version: run.version + 1 },
    batches: found.batches,
  };
}

/** The run once the debits of its settled batches are payments: `settled` when all of its money came. */
export function finishSettling(run: DirectDebit): { run: DirectDebit; status: 'settled' | 'ready' } {
  const batches = run.batches.map((batch) =>
    batch.settlement ? { ...batch, settlement: { ...batch.settlement, done: true } } : batch,
  );
  const status = restingStatus(batches);
  return { run: { ...run, batches, status, version: run.version + 1 }, status };
}

const invalid = (detail: string, message: string) =>
  new DomainError('validation_failed', detail, { issues: [{ path: 'settleRun', message }] });
