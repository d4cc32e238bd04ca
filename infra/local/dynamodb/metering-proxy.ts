import { z } from 'zod';
import type { DynamoDbClient, RawAnswer } from './client.ts';

const Capacity = z.object({ CapacityUnits: z.number().default(0) });
const Metered = z.looseObject({
  ConsumedCapacity: z.union([Capacity, z.array(Capacity)]).optional(),
  __type: z.string().optional(),
});

const operations: Record<string, 'read' | 'write'> = {
  GetItem: 'read',
  BatchGetItem: 'read',
  TransactGetItems: 'read',
  Query: 'read',
  Scan: 'read',
  PutItem: 'write',
  UpdateItem: 'write',
  DeleteItem: 'write',
  BatchWriteItem: 'write',
  TransactWriteItems: 'write',
};

/** What the proxy tells: units per call, and that something was written. */
export type ProxyObserver = {
  used(caller: string, operation: string, readUnits: number, writeUnits: number): void;
  written(): void;
};

/**
 * Stands between the functions and DynamoDB. It asks for the consumed capacity where the caller did not, counts it for
 * the caller and takes it out of the answer again, and tells the stream reader of every write.
 */
export class MeteringProxy {
  readonly #client: DynamoDbClient;
  readonly #observer: ProxyObserver;

  constructor(client: DynamoDbClient, observer: ProxyObserver) {
    this.#client = client;
    this.#observer = observer;
  }

  /** @param caller the function that asks, by its access key */
  async forward(caller: string, target: string, body: Buffer): Promise<RawAnswer> {
    const operation = target.split('.').at(-1) ?? target;
    const kind = operations[operation];
    if (kind === undefined) return this.#client.send(target, body);
    const text = body.toString();
    const asked = text.includes('"ReturnConsumedCapacity"');
    try {
      const answer = await this.#client.send(target, asked ? body : askForCapacity(text));
      return this.#count(answer, { caller, operation, kind, asked, text });
    } finally {
      if (kind === 'write') this.#observer.written();
    }
  }

  #count(
    answer: RawAnswer,
    call: { caller: string; operation: string; kind: 'read' | 'write'; asked: boolean; text: string },
  ): RawAnswer {
    const parsed = Metered.parse(JSON.parse(answer.body.toString()));
    const consumed = parsed.ConsumedCapacity ?? [];
    const units =
      answer.status === 200
        ? (Array.isArray(consumed) ? consumed : [consumed]).reduce((sum, each) => sum + each.CapacityUnits, 0)
        : unitsOfRefusal(parsed.__type, call.text);
    const isRead = call.kind === 'read';
    this.#observer.used(call.caller, call.operation, isRead ? units : 0, isRead ? 0 : units);
    if (call.asked || parsed.ConsumedCapacity === undefined) return answer;
    delete parsed.ConsumedCapacity;
    return { ...answer, body: Buffer.from(JSON.stringify(parsed)) };
  }
}

function askForCapacity(text: string): string {
  const inside = text.slice(text.indexOf('{') + 1);
  return `{"ReturnConsumedCapacity":"INDEXES"${inside.trimStart().startsWith('}') ? '' : ','}${inside}`;
}

const Transaction = z.looseObject({ TransactItems: z.array(z.unknown()).default([]) });

/**
 * A condition that fails is billed too, though the answer does not say so: one unit at least for a write, two for each
 * action of a transaction (DynamoDB Developer Guide, "Capacity consumption of conditional writes / transactions").
 */
function unitsOfRefusal(type: string | undefined, text: string): number {
  const code = type?.split('#').at(-1);
  if (code === 'ConditionalCheckFailedException') return 1;
  if (code === 'TransactionCanceledException')
    return 2 * Transaction.parse(JSON.parse(text)).TransactItems.length;
  return 0;
}
