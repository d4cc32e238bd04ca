import { factBus } from '#shared/fact/fact-bus.ts';
import { relayFacts } from '#shared/fact/relay-facts.ts';
import { readStreamEvent } from '#shared/table/stream-event.ts';

const bus = factBus(process.env['BUS_NAME'] ?? '');

/** Carries new facts from the table's stream to the event bus, and reports where it got stuck. */
export async function handler(event: unknown): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const failed = await relayFacts(bus, readStreamEvent(event));
  return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
}
