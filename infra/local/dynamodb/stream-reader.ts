import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { messageOf } from '../errors.ts';
import type { State } from '../state.ts';
import { type DynamoDbClient, DynamoDbError } from './client.ts';
import { StreamRecord } from './stream-batch.ts';

const streams = 'DynamoDBStreams_20120810';
const Shards = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })).default([]),
  }),
});
const Iterator = z.object({ ShardIterator: z.string() });
const Records = z.object({
  Records: z.array(StreamRecord).default([]),
  NextShardIterator: z.string().nullish(),
});
const Position = z.object({ sequence: z.string() });

/** Lambda polls a shard four times a second. A fraction of that pause gathers what is written at once into one batch. */
const GATHER_MS = 40;

/** The end of a shard that DynamoDB has closed. */
const closed = 'CLOSED';

/**
 * Reads one stream for one event source mapping, in order, and remembers the position only after the records have been
 * dealt with: what a kill interrupts is delivered again, nothing is lost. It is woken by each write.
 */
export class StreamReader {
  readonly #client: DynamoDbClient;
  readonly #state: State;
  readonly #streamArn: string;
  readonly #mapping: string;
  readonly #handle: (records: StreamRecord[]) => Promise<void>;
  readonly #activity: Activity;
  readonly #report: (line: string) => void;
  readonly #iterators = new Map<string, string>();
  #leave: (() => void) | undefined;
  #woken = false;
  #stopped = false;
  readonly #slowPoll: NodeJS.Timeout;

  constructor(options: {
    client: DynamoDbClient;
    state: State;
    activity: Activity;
    streamArn: string;
    /** Names the position in the data directory. */
    mapping: string;
    /** Resolves when the records are done or given up. */
    handle: (records: StreamRecord[]) => Promise<void>;
    report: (line: string) => void;
  }) {
    this.#client = options.client;
    this.#state = options.state;
    this.#activity = options.activity;
    this.#report = options.report;
    this.#streamArn = options.streamArn;
    this.#mapping = options.mapping;
    this.#handle = options.handle;
    // Items that expire are deleted by DynamoDB itself, so not every change comes past the proxy.
    this.#slowPoll = setInterval(() => this.wake(), 10_000);
    this.#slowPoll.unref();
  }

  /** There may be new records: reads until there are none. Counts as busy from this moment on. */
  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    if (this.#leave !== undefined) return;
    this.#leave = this.#activity.enter('stream');
    void this.#drain();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#slowPoll);
  }

  async #drain(): Promise<void> {
    let failing = false;
    while (this.#woken && !this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      this.#woken = false;
      try {
        for (const shard of await this.#openShards()) await this.#readShard(shard);
        failing = false;
      } catch (error) {
        if (this.#stopped) break;
        this.#iterators.clear();
        this.#woken = true;
        if (!failing)
          this.#report(`The stream of the table can't be read, trying again: ${messageOf(error)}`);
        failing = true;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
    this.#leave?.();
    this.#leave = undefined;
  }

  /** The shards still to be read, parents before children. */
  async #openShards(): Promise<string[]> {
    if (this.#iterators.size > 0) return [...this.#iterators.keys()];
    const input = { StreamArn: this.#streamArn };
    const { StreamDescription } = await this.#client.call(`${streams}.DescribeStream`, input, Shards);
    const ids = StreamDescription.Shards.map((shard) => shard.ShardId);
    const done = (id: string): boolean => this.#position(id) === closed;
    return ids.filter((id) => !done(id)).sort();
  }

  async #readShard(shard: string): Promise<void> {
    let iterator = this.#iterators.get(shard) ?? (await this.#iteratorOf(shard));
    for (;;) {
      const page = await this.#client.call(
        `${streams}.GetRecords`,
        { ShardIterator: iterator, Limit: 1000 },
        Records,
      );
      if (page.Records.length > 0) {
        await this.#handle(page.Records);
        if (this.#stopped) return;
        this.#remember(shard, page.Records.at(-1)?.dynamodb.SequenceNumber ?? '');
      }
      if (page.NextShardIterator === null || page.NextShardIterator === undefined) {
        this.#remember(shard, closed);
        this.#iterators.clear();
        this.#woken = true;
        return;
      }
      iterator = page.NextShardIterator;
      this.#iterators.set(shard, iterator);
      if (page.Records.length === 0) return;
    }
  }

  async #iteratorOf(shard: string): Promise<string> {
    const ask = async (input: Record<string, string>): Promise<string> => {
      const whole = { StreamArn: this.#streamArn, ShardId: shard, ...input };
      return (await this.#client.call(`${streams}.GetShardIterator`, whole, Iterator)).ShardIterator;
    };
    const position = this.#position(shard);
    if (position === undefined) return ask({ ShardIteratorType: 'TRIM_HORIZON' });
    try {
      return await ask({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position });
    } catch (error) {
      const trimmed = error instanceof DynamoDbError && error.name === 'TrimmedDataAccessException';
      if (!trimmed) throw error;
      return ask({ ShardIteratorType: 'TRIM_HORIZON' });
    }
  }

  #position(shard: string): string | undefined {
    return this.#state.first(
      Position,
      'SELECT sequence FROM checkpoints WHERE mapping = ? AND shard = ?',
      this.#mapping,
      shard,
    )?.sequence;
  }

  #remember(shard: string, sequence: string): void {
    this.#state.run(
      'INSERT INTO checkpoints (mapping, shard, sequence) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence',
      this.#mapping,
      shard,
      sequence,
    );
  }
}
