import { z } from 'zod';
import type { InvokeResult } from '../lambda/pool.ts';

/** A record of the table's stream as Lambda hands it over. */
export const StreamRecord = z.looseObject({
  eventID: z.string(),
  eventName: z.string(),
  dynamodb: z.looseObject({ SequenceNumber: z.string(), Keys: z.record(z.string(), z.unknown()) }),
});
export type StreamRecord = z.infer<typeof StreamRecord>;

/** How an event source mapping treats a batch that fails. */
export type RetrySettings = {
  /** Attempts after the first; -1 for no limit. */
  maxRetries: number;
  bisect: boolean;
  reportsItemFailures: boolean;
};

const Response = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().nullish() })).nullish(),
});

/** Why records were given up, as Lambda's failure message says it. */
export type Discard = { records: StreamRecord[]; attempts: number; result: InvokeResult };

/**
 * Sends a batch to a function until every record is done or given up, with the retry rules of a stream's event source
 * mapping: a reported failure moves on to the first record that failed; a bisected batch is halved without counting as
 * a retry, so that one bad record is alone in the end and only it is given up.
 * @param pause waits before the n-th retry
 */
export async function deliverBatch(
  records: StreamRecord[],
  settings: RetrySettings,
  effects: {
    invoke: (records: StreamRecord[]) => Promise<InvokeResult>;
    discard: (given: Discard) => void;
    pause: (attempt: number) => Promise<void>;
  },
): Promise<void> {
  let rest = records;
  for (let attempt = 1; rest.length > 0; attempt += 1) {
    const result = await effects.invoke(rest);
    const firstFailure = result.ok ? firstFailureIn(result.payload, rest, settings) : 0;
    if (firstFailure === undefined) return;
    if (firstFailure > 0) {
      rest = rest.slice(firstFailure);
      attempt = 0;
      await effects.pause(1);
      continue;
    }
    if (settings.bisect && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      await effects.pause(1);
      await deliverBatch(rest.slice(0, middle), settings, effects);
      rest = rest.slice(middle);
      attempt = 0;
      continue;
    }
    if (settings.maxRetries >= 0 && attempt > settings.maxRetries) {
      effects.discard({ records: rest, attempts: attempt, result });
      return;
    }
    await effects.pause(attempt);
  }
}

/** Index of the first record the function reported as failed; 0 (all of it) when the report makes no sense. */
function firstFailureIn(
  payload: string,
  records: StreamRecord[],
  settings: RetrySettings,
): number | undefined {
  if (!settings.reportsItemFailures) return undefined;
  const response = Response.nullable().safeParse(JSON.parse(payload));
  if (!response.success) return 0;
  const failures = response.data?.batchItemFailures ?? [];
  if (failures.length === 0) return undefined;
  const indexes = failures.map(({ itemIdentifier }) =>
    records.findIndex((record) => record.dynamodb.SequenceNumber === itemIdentifier),
  );
  return indexes.includes(-1) ? 0 : Math.min(...indexes);
}

/** Lambda keeps records of one item in order: they go to one of `lanes` queues by their key. */
export function laneOf(record: StreamRecord, lanes: number): number {
  const key = JSON.stringify(Object.entries(record.dynamodb.Keys).sort(([a], [b]) => a.localeCompare(b)));
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return Math.abs(hash) % lanes;
}
