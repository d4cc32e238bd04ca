import * as z from 'zod';
import { collectStep } from '#shared/collection/collection-store.ts';
import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({
  customerId: CustomerId,
  date: CalendarDate,
  step: z.int().min(1),
  invoiceIds: z.array(InvoiceId).min(1),
  at: z.string(),
});

const table = dynamoTable();
const { timeZone } = companyFromEnv();

/**
 * Task of `collect-account`: takes one step with some invoices, exactly once however often it runs. The mail goes
 * out on the fact it records.
 */
export async function handler(event: unknown): Promise<{ outcome: string; invoices: number }> {
  const order = Event.parse(event);
  const { policy } = await policyInForce(table, dunningPolicy, order.date);
  const outcome = await collectStep(table, { ...order, at: instant(order.at) }, policy, timeZone);
  return { outcome: outcome.kind, invoices: outcome.kind === 'nothing' ? 0 : outcome.invoices.length };
}
