import type { StreamRecord } from '../table/stream-event.ts';
import { type Fact, factOfItem } from './fact.ts';
import { batchesOf, type FactBus } from './fact-bus.ts';

/**
 * Puts the facts of a shard onto the bus, in the order of the shard, until one fails.
 *
 * What comes after a failure is not tried: Lambda delivers everything from the reported record on once more, so it
 * would only be sent twice. Facts may reach the bus more than once all the same, and everyone who listens claims its
 * effect by the fact's id.
 * @returns the sequence number of the first record that failed; undefined when all are on the bus
 * @throws ZodError when the first record is no fact: Lambda then halves the batch until the record stands alone, and
 * puts that one, and no other, into the dead-letter queue
 */
export async function relayFacts(
  bus: FactBus,
  records: readonly StreamRecord[],
): Promise<string | undefined> {
  const { facts, unreadable } = readFacts(records);
  for (const batch of batchesOf(facts)) {
    const taken = await bus.put(batch.map(({ fact }) => fact));
    const failed = batch[taken.indexOf(false)];
    if (failed) return failed.sequenceNumber;
  }
  if (unreadable && unreadable.record === records[0]) throw unreadable.error;
  return unreadable?.record.sequenceNumber;
}

/** The facts up to the first record that can't be read. */
function readFacts(records: readonly StreamRecord[]) {
  const facts: { fact: Fact; sequenceNumber: string }[] = [];
  for (const record of records) {
    try {
      facts.push({ fact: factOfItem(record.item), sequenceNumber: record.sequenceNumber });
    } catch (error) {
      return { facts, unreadable: { record, error } };
    }
  }
  return { facts };
}
