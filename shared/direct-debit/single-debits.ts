import * as z from 'zod';
import type { DirectDebit } from './direct-debit.ts';
import { expectedOf, restingStatus } from './settle-direct-debit.ts';

// A bank books what a run collected as sums, or debit by debit, each on a bank line of its own. Of the latter the run keeps
// how much came of each batch, so that no sum brings it again.

/** What of a run came debit by debit: how many, and of the batch at place `b1`, `b2`, … how much. Minor units. */
export const SingleDebits = z.object({ count: z.int() }).catchall(z.int());
export type SingleDebits = z.infer<typeof SingleDebits>;

/** What the batch at `place`, from 1, is called there. */
export const partOf = (place: number) => `b${place}`;

/** What of the batch at `place`, from 1, came debit by debit. Minor units. */
export const singlesOf = (singles: SingleDebits | undefined, place: number): number =>
  singles?.[partOf(place)] ?? 0;

/** The run once batches of it came debit by debit as a whole; undefined where none did. */
export function endSingly(
  run: DirectDebit,
  singles: SingleDebits,
): { run: DirectDebit; status: 'settled' | 'ready' } | undefined {
  const isEnded = run.batches.map(
    (batch, index) => expectedOf(batch) > 0 && singlesOf(singles, index + 1) === expectedOf(batch),
  );
  if (!isEnded.includes(true)) return undefined;
  const batches = run.batches.map((batch, index) =>
    isEnded[index] ? { ...batch, singly: true as const } : batch,
  );
  const status = restingStatus(batches);
  return { run: { ...run, batches, status, version: run.version + 1 }, status };
}
