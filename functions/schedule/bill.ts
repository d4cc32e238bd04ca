import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { billPeriod } from '#shared/invoice/bill-store.ts';
import { byCustomerAndPeriod } from '#shared/invoice/to-bill.ts';
import { loadDueToBill } from '#shared/invoice/to-bill-store.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { instant } from '#shared/kernel/time.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

const table = dynamoTable();
const company = companyFromEnv();

const ACTOR = 'bill';

/**
 * Each morning: issues the collective invoices of the weeks and months that have ended. What a missed or broken run
 * left is due still and billed by the next one; two runs at once bill each shipment once. One customer after the other,
 * since all take their numbers from one counter.
 * @throws AggregateError when some customers could not be billed: running again bills those
 */
export async function handler(event: unknown): Promise<{ invoices: number }> {
  const at = instant(Event.parse(event).scheduledTime);
  let invoices = 0;
  await eachLimited(byCustomerAndPeriod(await loadDueToBill(table, at)), 1, async (waiting) => {
    invoices += (await billPeriod(table, waiting, { company, actor: ACTOR, at })).length;
  });
  return { invoices };
}
