import { z } from 'zod';
import type { State } from '../state.ts';
import { notMetered, prices } from './prices.ts';

/** Everything that is counted, in the unit AWS bills it in. */
const counters = [
  'httpApiRequests',
  'lambdaRequests',
  'lambdaGbSeconds',
  'dynamoDbReadUnits',
  'dynamoDbWriteUnits',
  'eventBridgeEvents',
  'schedulerInvocations',
  'standardTransitions',
  'expressRequests',
  'expressGbSeconds',
  'sqsRequests',
  's3Writes',
  's3Reads',
  'sesMails',
  'sesAttachmentGb',
  'secretsManagerCalls',
  'logGb',
] as const;

export type Counter = (typeof counters)[number];

const TableUse = z.object({ calls: z.number(), readUnits: z.number(), writeUnits: z.number() });
/** What one operation of one function took from the table. */
type TableUse = z.infer<typeof TableUse>;

const FunctionUse = z.object({
  calls: z.number(),
  errors: z.number(),
  coldStarts: z.number(),
  gbSeconds: z.number(),
});
type FunctionUse = z.infer<typeof FunctionUse>;

const Kept = z.object({
  since: z.string(),
  counts: z.partialRecord(z.enum(counters), z.number()),
  table: z.record(z.string(), z.record(z.string(), TableUse)),
  functions: z.record(z.string(), FunctionUse),
});

/** What has been used since the last reset and what AWS would bill for it at list price. Durations are those of this machine. */
export type MeterSnapshot = {
  since: string;
  region: string;
  pricesAsOf: string;
  counts: Record<Counter, number>;
  usd: Record<string, number>;
  totalUsd: number;
  totalUsdWithoutMail: number;
  /** Function → operation → what it took. */
  table: Record<string, Record<string, TableUse>>;
  functions: Record<string, FunctionUse>;
  notMetered: readonly string[];
};

/** Counts what AWS would bill. Kept in the data directory, so that a run that was killed goes on counting. */
export class Meter {
  readonly #state: State;
  readonly #now: () => string;
  #kept: z.infer<typeof Kept>;
  #dirty = false;
  readonly #saver: NodeJS.Timeout;

  constructor(state: State, now: () => string) {
    this.#state = state;
    this.#now = now;
    this.#kept = state.get('meter', Kept) ?? blank(now());
    this.#saver = setInterval(() => this.save(), 1000);
    this.#saver.unref();
  }

  add(counter: Counter, amount = 1): void {
    this.#kept.counts[counter] = (this.#kept.counts[counter] ?? 0) + amount;
    this.#dirty = true;
  }

  addTableUse(caller: string, operation: string, readUnits: number, writeUnits: number): void {
    const operations = (this.#kept.table[caller] ??= {});
    const use = (operations[operation] ??= { calls: 0, readUnits: 0, writeUnits: 0 });
    use.calls += 1;
    use.readUnits += readUnits;
    use.writeUnits += writeUnits;
    this.add('dynamoDbReadUnits', readUnits);
    this.add('dynamoDbWriteUnits', writeUnits);
  }

  /** One billed call: duration (with initialisation when cold) in milliseconds, memory in MB, bytes written to the log. */
  addLambdaCall(call: {
    name: string;
    ms: number;
    memoryMb: number;
    cold: boolean;
    failed: boolean;
    logBytes: number;
  }): void {
    const gbSeconds = lambdaGbSeconds(call.ms, call.memoryMb);
    const use = (this.#kept.functions[call.name] ??= { calls: 0, errors: 0, coldStarts: 0, gbSeconds: 0 });
    use.calls += 1;
    use.errors += call.failed ? 1 : 0;
    use.coldStarts += call.cold ? 1 : 0;
    use.gbSeconds += gbSeconds;
    this.add('lambdaRequests');
    this.add('lambdaGbSeconds', gbSeconds);
    this.add('logGb', call.logBytes / 1e9);
  }

  snapshot(): MeterSnapshot {
    const counts = Object.fromEntries(counters.map((counter) => [counter, this.#kept.counts[counter] ?? 0]));
    const complete = z.record(z.enum(counters), z.number()).parse(counts);
    const usd = priceOf(complete);
    const totalUsd = Object.values(usd).reduce((sum, each) => sum + each, 0);
    return {
      since: this.#kept.since,
      region: prices.region,
      pricesAsOf: prices.asOf,
      counts: complete,
      usd,
      totalUsd,
      totalUsdWithoutMail: totalUsd - usd.ses,
      table: structuredClone(this.#kept.table),
      functions: structuredClone(this.#kept.functions),
      notMetered,
    };
  }

  reset(): void {
    this.#kept = blank(this.#now());
    this.#dirty = true;
    this.save();
  }

  save(): void {
    if (!this.#dirty) return;
    this.#state.set('meter', this.#kept);
    this.#dirty = false;
  }

  stop(): void {
    clearInterval(this.#saver);
    this.save();
  }
}

/** Lambda bills by the millisecond, begun ones whole. */
export function lambdaGbSeconds(ms: number, memoryMb: number): number {
  return (Math.ceil(ms) / 1000) * (memoryMb / 1024);
}

/** Express workflows bill duration in begun 100 ms, memory in begun 64 MB (one, for states as small as ours). */
export function expressGbSeconds(ms: number): number {
  return (Math.max(1, Math.ceil(ms / 100)) / 10) * (64 / 1024);
}

/** HTTP API bills a request for every begun 512 KB of its larger side. */
export function httpApiRequests(requestBytes: number, responseBytes: number): number {
  return Math.max(1, Math.ceil(Math.max(requestBytes, responseBytes) / (512 * 1024)));
}

/** The counts at list price, by service, in US dollars. */
function priceOf(counts: Record<Counter, number>) {
  return {
    httpApi: counts.httpApiRequests * prices.httpApi.perRequest,
    lambda:
      counts.lambdaRequests * prices.lambda.perRequest +
      counts.lambdaGbSeconds * prices.lambda.perGbSecondArm,
    dynamoDb:
      counts.dynamoDbReadUnits * prices.dynamoDb.perReadUnit +
      counts.dynamoDbWriteUnits * prices.dynamoDb.perWriteUnit,
    eventBridge: counts.eventBridgeEvents * prices.eventBridge.perCustomEvent,
    scheduler: counts.schedulerInvocations * prices.scheduler.perInvocation,
    stepFunctions:
      counts.standardTransitions * prices.stepFunctions.perStandardTransition +
      counts.expressRequests * prices.stepFunctions.perExpressRequest +
      counts.expressGbSeconds * prices.stepFunctions.perExpressGbSecond,
    sqs: counts.sqsRequests * prices.sqs.perRequest,
    s3: counts.s3Writes * prices.s3.perWrite + counts.s3Reads * prices.s3.perRead,
    ses: counts.sesMails * prices.ses.perMail + counts.sesAttachmentGb * prices.ses.perAttachmentGb,
    secretsManager: counts.secretsManagerCalls * prices.secretsManager.perCall,
    logs: counts.logGb * prices.logs.perGbIngested,
  };
}

function blank(since: string): z.infer<typeof Kept> {
  return { since, counts: {}, table: {}, functions: {} };
}
