import * as z from 'zod';
import { collectionStarter } from '#shared/collection/collection-client.ts';
import { loadCustomersToCollect } from '#shared/collection/collection-store.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { dateIn, instant } from '#shared/kernel/time.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

/** Starts under way at once: some 20 ms each, so well above the 150 a second that Step Functions sustains. */
const CONCURRENT_STARTS = 25;

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const startCollection = collectionStarter(process.env['COLLECT_MACHINE_ARN'] ?? '');

/**
 * Each morning: starts `collect-account` for every customer with an invoice whose next action has come. What a
 * missed run left is due still and found by the next one; a second run on a day starts nothing.
 * @throws AggregateError when some could not be started: running again starts those
 */
export async function handler(event: unknown): Promise<{ date: string; customers: number }> {
  const at = instant(Event.parse(event).scheduledTime);
  const date = dateIn(timeZone, at);
  const customers = await loadCustomersToCollect(table, date, timeZone);
  await eachLimited(customers, CONCURRENT_STARTS, (customerId) => startCollection({ customerId, date, at }));
  return { date, customers: customers.length };
}
