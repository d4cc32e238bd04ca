import * as z from 'zod';
import { type Assessment, assessAccount } from '#shared/collection/assess-account.ts';
import { loadInvoicesToCollect } from '#shared/collection/collection-store.ts';
import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ customerId: CustomerId, date: CalendarDate });

const table = dynamoTable();
const { timeZone } = companyFromEnv();

/** Task of `collect-account`: which reminders the customer's overdue invoices call for on `date`. Only reads. */
export async function handler(event: unknown): Promise<Assessment> {
  const { customerId, date } = Event.parse(event);
  const [{ policy }, items] = await Promise.all([
    policyInForce(table, dunningPolicy, date),
    loadInvoicesToCollect(table, customerId, date, timeZone),
  ]);
  return assessAccount(items, policy, date, timeZone);
}
