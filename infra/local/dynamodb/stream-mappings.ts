import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { checkPattern, matchesPattern } from '../bus/event-pattern.ts';
import { LocalRunError } from '../errors.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { InvokeResult } from '../lambda/pool.ts';
import type { Queues } from '../queues.ts';
import type { State } from '../state.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import { nameIn } from '../template/attributes.ts';
import type { Resolver } from '../template/intrinsics.ts';
import type { DynamoDbClient } from './client.ts';
import { type Discard, deliverBatch, laneOf, type StreamRecord } from './stream-batch.ts';
import { StreamReader } from './stream-reader.ts';
import type { StandingTable } from './tables.ts';

const Mapping = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().default(100),
  ParallelizationFactor: z.number().default(1),
  MaximumRetryAttempts: z.number().default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});
type Mapping = z.infer<typeof Mapping>;

type Context = {
  assembly: Assembly;
  resolver: Resolver;
  client: DynamoDbClient;
  state: State;
  activity: Activity;
  lambda: Lambda;
  queues: Queues;
  nowIso: () => string;
  report: (line: string) => void;
};

/**
 * A reader for every event source mapping of the template that reads a table's stream.
 * @throws LocalRunError when a mapping reads something else
 */
export function readStreamMappings(context: Context, tables: StandingTable[]): StreamReader[] {
  const readers: StreamReader[] = [];
  for (const resource of resourcesOf(context.assembly, 'AWS::Lambda::EventSourceMapping')) {
    const mapping = Mapping.parse(context.resolver.properties(resource));
    if (!mapping.Enabled) continue;
    const tableName = /:table\/([^/]+)\/stream\//.exec(mapping.EventSourceArn)?.[1];
    const streamArn = tables.find((table) => table.name === tableName)?.streamArn;
    if (streamArn === undefined) {
      throw new LocalRunError(
        `${resource.logicalId} reads ${mapping.EventSourceArn}: the local run reads table streams only`,
      );
    }
    readers.push(
      new StreamReader({
        ...context,
        streamArn,
        mapping: resource.logicalId,
        handle: handlerFor(mapping, context),
      }),
    );
  }
  return readers;
}

function handlerFor(mapping: Mapping, context: Context): (records: StreamRecord[]) => Promise<void> {
  const patterns = (mapping.FilterCriteria?.Filters ?? []).map((filter) =>
    checkPattern(JSON.parse(filter.Pattern)),
  );
  const settings = {
    maxRetries: mapping.MaximumRetryAttempts,
    bisect: mapping.BisectBatchOnFunctionError,
    reportsItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
  const effects = {
    invoke: (records: StreamRecord[]): Promise<InvokeResult> =>
      context.lambda.invoke(mapping.FunctionName, JSON.stringify({ Records: records })),
    discard: (given: Discard): void => discard(given, mapping, context),
    // Lambda waits longer and longer; here a second at most, so that a poisoned record is not waited for all day.
    pause: (attempt: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, Math.min(1000, 25 * 2 ** Math.min(attempt, 6)))),
  };
  return async (records) => {
    const region = mapping.EventSourceArn.split(':')[3];
    const passing = records
      .map((record) => ({ ...record, awsRegion: region, eventSourceARN: mapping.EventSourceArn }))
      .filter(
        (record) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, record)),
      );
    const lanes = Map.groupBy(passing, (record) => laneOf(record, mapping.ParallelizationFactor));
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (let at = 0; at < lane.length; at += mapping.BatchSize) {
          await deliverBatch(lane.slice(at, at + mapping.BatchSize), settings, effects);
        }
      }),
    );
  };
}

/** What Lambda sends to the on-failure destination of a stream: where the records are, not what is in them. */
function discard({ records, attempts, result }: Discard, mapping: Mapping, context: Context): void {
  const destination = mapping.DestinationConfig?.OnFailure?.Destination;
  if (destination === undefined) return;
  const first = records[0]?.dynamodb;
  const last = records.at(-1)?.dynamodb;
  context.queues.send(
    nameIn(destination),
    JSON.stringify({
      requestContext: {
        requestId: randomUUID(),
        functionArn: context.lambda.find(mapping.FunctionName)?.arn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: attempts,
      },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: result.ok ? null : 'Unhandled',
      },
      version: '1.0',
      timestamp: context.nowIso(),
      DDBStreamBatchInfo: {
        shardId: 'local',
        startSequenceNumber: first?.SequenceNumber,
        endSequenceNumber: last?.SequenceNumber,
        approximateArrivalOfFirstRecord: context.nowIso(),
        approximateArrivalOfLastRecord: context.nowIso(),
        batchSize: records.length,
        streamArn: mapping.EventSourceArn,
      },
    }),
  );
}
