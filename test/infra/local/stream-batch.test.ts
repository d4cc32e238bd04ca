import { describe, expect, it } from 'vitest';
import {
  deliverBatch,
  type RetrySettings,
  type StreamRecord,
} from '../../../infra/local/dynamodb/stream-batch.ts';
import type { InvokeResult } from '../../../infra/local/lambda/pool.ts';

const record = (n: number): StreamRecord => ({
  eventID: String(n),
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: String(n), Keys: { PK: { S: `P${n}` } } },
});

/** Delivers records 1..4 to a function that answers as told; returns the batches it saw and what was given up. */
async function deliver(
  settings: RetrySettings,
  answer: (numbers: number[], call: number) => 'fails' | number[],
) {
  const seen: number[][] = [];
  const discarded: number[] = [];
  await deliverBatch([1, 2, 3, 4].map(record), settings, {
    invoke: async (records): Promise<InvokeResult> => {
      const numbers = records.map((each) => Number(each.dynamodb.SequenceNumber));
      seen.push(numbers);
      const outcome = answer(numbers, seen.length);
      if (outcome === 'fails')
        return { ok: false, error: { errorType: 'Error', errorMessage: '', trace: [] } };
      const batchItemFailures = outcome.map((each) => ({ itemIdentifier: String(each) }));
      return { ok: true, payload: JSON.stringify({ batchItemFailures }) };
    },
    discard: ({ records }) => discarded.push(...records.map((each) => Number(each.dynamodb.SequenceNumber))),
    pause: async () => undefined,
  });
  return { seen, discarded };
}

describe('a batch of the stream', () => {
  const reporting = { maxRetries: 1, bisect: false, reportsItemFailures: true };

  it('is done when nothing failed', async () => {
    expect(await deliver(reporting, () => [])).toEqual({ seen: [[1, 2, 3, 4]], discarded: [] });
  });

  it('goes on from the first record that was reported as failed', async () => {
    const { seen, discarded } = await deliver(reporting, (_, call) => (call === 1 ? [4, 3] : []));
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
    expect(discarded).toEqual([]);
  });

  it('is sent again as often as allowed, then given up whole', async () => {
    const settings = { maxRetries: 2, bisect: false, reportsItemFailures: false };
    const { seen, discarded } = await deliver(settings, () => 'fails');
    expect(seen).toHaveLength(3);
    expect(discarded).toEqual([1, 2, 3, 4]);
  });

  it('is halved until one bad record stands alone, and only that one is given up', async () => {
    const settings = { maxRetries: 1, bisect: true, reportsItemFailures: true };
    const { seen, discarded } = await deliver(settings, (numbers) => (numbers.includes(2) ? 'fails' : []));
    expect(discarded).toEqual([2]);
    expect(seen).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [2], [3, 4]]);
  });

  it('counts as failed whole when the report names a record that is not in it', async () => {
    const { seen, discarded } = await deliver(reporting, (_, call) => (call === 1 ? [99] : []));
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(discarded).toEqual([]);
  });
});
