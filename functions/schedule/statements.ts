import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { addDays, monthOf } from '#shared/kernel/calendar.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { dateIn, instant } from '#shared/kernel/time.ts';
import { notBefore } from '#shared/statement/pace.ts';
import { statementStarter } from '#shared/statement/statement-client.ts';
import { loadCustomersToState } from '#shared/statement/statement-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

/** Starts under way at once: some 20 ms each, so well above the 150 a second that Step Functions sustains. */
const CONCURRENT_STARTS = 25;

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const startStatement = statementStarter(process.env['STATEMENT_MACHINE_ARN'] ?? '');

/**
 * On the first of the month: starts `state-account` of the month that ended for every customer with something open or
 * a movement in it. A second run starts nothing, or what the first did not get to.
 * @throws AggregateError when some could not be started: running again starts those
 */
export async function handler(event: unknown): Promise<{ month: string; customers: number }> {
  const at = instant(Event.parse(event).scheduledTime);
  const { from } = monthOf(dateIn(timeZone, at));
  const month = monthOf(addDays(from, -1));
  const customers = await loadCustomersToState(table, month);
  const orders = customers.map((customerId, place) => ({
    customerId,
    ...month,
    notBefore: notBefore(at, place),
  }));
  await eachLimited(orders, CONCURRENT_STARTS, startStatement);
  return { month: month.from.slice(0, 7), customers: customers.length };
}
