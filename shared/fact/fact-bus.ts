import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Fact } from './fact.ts';

/** Whose facts they are, on the bus. */
const FACT_SOURCE = 'o2c';

/** EventBridge takes this many entries, and this many bytes of them, at once. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Of an entry's time, which counts along with its texts. */
const TIME_BYTES = 14;

/** Publishes facts to whoever listens. */
export interface FactBus {
  /** Puts one batch of {@link batchesOf}. @returns for each fact whether the bus took it */
  put(facts: readonly Fact[]): Promise<boolean[]>;
}

export function factBus(busName: string, client = new EventBridgeClient({})): FactBus {
  return {
    async put(facts) {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: facts.map((fact) => ({
            EventBusName: busName,
            Source: FACT_SOURCE,
            DetailType: fact.type,
            Detail: JSON.stringify(fact),
            Time: new Date(fact.at),
          })),
        }),
      );
      // Entries fail one by one while the call succeeds.
      return facts.map((_, index) => Entries[index]?.EventId !== undefined);
    },
  };
}

/** `things` in order, in batches that EventBridge takes whole. */
export function batchesOf<T extends { fact: Fact }>(things: readonly T[]): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = entryBytes(thing.fact);
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + size > MAX_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(thing);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

function entryBytes(fact: Fact): number {
  return TIME_BYTES + Buffer.byteLength(FACT_SOURCE + fact.type + JSON.stringify(fact));
}
