import type { StatementEntry } from '../bank/bank-statement.ts';
import type { DebitBatch } from '../direct-debit/direct-debit.ts';
import { sumsOf } from '../direct-debit/settle-direct-debit.ts';
import type { DirectDebitId } from '../kernel/ids.ts';

type Run = {
  readonly directDebitId: DirectDebitId;
  readonly currency: string;
  readonly batches: DebitBatch[];
};

/** The direct debit run that a line is the money of. `certain` where the line names it and is exactly of that amount. */
export type RunDecision = {
  readonly directDebitId: DirectDebitId;
  /** The places of the batches in the run, from 1. */
  readonly batches: number[];
  readonly certain: boolean;
  readonly reason: string;
};

/** The message id of a run, its file (`F2`) or the place of its batch after it, as the files of a run name them. */
const NAME = /(?<![0-9A-Z])([0-9A-HJKMNP-TV-Z]{26})(?:-(F)?(\d{1,3}))?(?![0-9A-Z])/;

/** What of a run a line's references name; undefined where they name none. */
export function namedRun({
  text,
  endToEndId = '',
  creditorReference = '',
  bankReference = '',
  batchReference = '',
}: Pick<StatementEntry, 'text' | 'endToEndId' | 'creditorReference' | 'bankReference' | 'batchReference'>):
  | { id: string; file?: number; batch?: number }
  | undefined {
  const words = [batchReference, endToEndId, bankReference, creditorReference, text];
  const found = words.map((word) => NAME.exec(word.toUpperCase())).find((match) => match !== null);
  if (!found) return undefined;
  const [, id = '', isFile, number] = found;
  if (number === undefined) return { id: `ddb_${id.toLowerCase()}` };
  return { id: `ddb_${id.toLowerCase()}`, [isFile ? 'file' : 'batch']: Number(number) };
}

/**
 * The run that a line of money in settles. A line that names a run and is exactly of what that, its file or its batch still
 * brings is certainly its money. One of the amount of a single run, and of nothing else of them, is suggested.
 * @param runs whose money is still to come
 */
export function decideByRun(entry: StatementEntry, runs: readonly Run[]): RunDecision | undefined {
  const sums = runs
    .filter(({ currency }) => currency === entry.currency)
    .flatMap((run) => sumsOf(run).map(({ batches, sum }) => ({ run, batches, sum })))
    .filter(({ sum }) => sum === entry.amount);
  const named = namedRun(entry);
  if (named) {
    const own = sums.filter(
      ({ run, batches }) => run.directDebitId === named.id && isNamed(run, batches, named),
    );
    const [found, other] = own;
    if (!found || other) return undefined;
    const { run, batches } = found;
    const reason = `names the direct debit run ${run.directDebitId}, and is exactly what that brings`;
    return { directDebitId: run.directDebitId, batches, certain: true, reason };
  }
  const [found, other] = sums;
  if (!found || other) return undefined;
  const { run, batches } = found;
  const reason = `is exactly what the direct debit run ${run.directDebitId} brings, but does not name it`;
  return { directDebitId: run.directDebitId, batches, certain: false, reason };
}

/** Whether a name may mean these batches: the batch itself, all of the file, or any of the run where it says no more. */
function isNamed(
  { batches: all }: Run,
  batches: readonly number[],
  { file, batch }: { file?: number; batch?: number },
): boolean {
  if (batch !== undefined) return batches.length === 1 && batches[0] === batch;
  return file === undefined || batches.every((place) => all[place - 1]?.file === file);
}
