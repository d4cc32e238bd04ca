import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import type { DirectDebit } from './direct-debit.ts';
import type { DebitItem } from './draft-direct-debit.ts';

/** A run and what it collects. Minor units. */
export const DirectDebitView = z.strictObject({
  directDebitId: DirectDebitId,
  format: z.enum(['sepa', 'nacha']),
  status: z.enum(['open', 'cancelled']),
  collectOn: CalendarDate,
  currency: Currency,
  count: z.int(),
  total: Minor,
  createdAt: Instant,
  createdBy: z.string(),
  cancelledAt: Instant.optional(),
  items: z.array(
    z.strictObject({
      endToEndId: z.string(),
      invoiceId: InvoiceId,
      number: z.string(),
      customerId: CustomerId,
      amount: Minor,
      mandateId: z.string(),
      scheme: z.string(),
    }),
  ),
  links: z.strictObject({ self: z.string() }),
});
export type DirectDebitView = z.infer<typeof DirectDebitView>;

const params = z.strictObject({ directDebitId: DirectDebitId });

export const createDirectDebit = contract({
  operationId: 'createDirectDebit',
  description:
    'Gathers what is due by `collectOn` from customers with an active mandate, the longest due first, 24 invoices at most: call it again until it answers `nothing_to_collect`. The customers are told by mail; no reminder is sent of what is in a run. The money is booked when the bank statement shows it. `sepa` collects euros, `nacha` dollars.',
  body: z.strictObject({ format: z.enum(['sepa', 'nacha']), collectOn: CalendarDate }),
  status: 201,
  response: DirectDebitView,
  idempotent: true,
  problems: [
    'nothing_to_collect',
    'collect_date_too_soon',
    'direct_debit_not_configured',
    'version_conflict',
  ],
  example: { body: { format: 'sepa', collectOn: '2026-04-15' } },
});

export const getDirectDebit = contract({
  operationId: 'getDirectDebit',
  description:
    "With `Accept: application/xml` the pain.008 file of a SEPA run, with `text/plain` the NACHA file of an ACH run, always the same bytes. The statement brings `endToEndId` back, in ACH as the entry's individual identification number.",
  params,
  status: 200,
  response: DirectDebitView,
  texts: ['application/xml', 'text/plain'],
  problems: ['direct_debit_not_found'],
});

export const releaseDirectDebit = contract({
  operationId: 'releaseDirectDebit',
  description:
    'Cancels a run that the bank did not get, or gives back the invoices of `invoiceIds`, which it refused. They are due again, with reminders, and may go into another run. What was debited and then returned is a reversal of its payment instead.',
  params,
  body: z.strictObject({
    reason: z.string().trim().min(3).max(500),
    invoiceIds: z.array(InvoiceId).min(1).max(24).optional(),
  }),
  status: 200,
  response: DirectDebitView,
  idempotent: true,
  problems: ['direct_debit_not_found', 'direct_debit_not_open', 'version_conflict'],
  example: { body: { reason: 'AC04 closed account', invoiceIds: ['inv_01kqzj8v7m3n5p9r2s4t6w8x0y'] } },
});

/** A run as the API shows it: without accounts. */
export function directDebitView(run: DirectDebit, items: readonly DebitItem[]): DirectDebitView {
  const { directDebitId, format, status, collectOn, currency, count, total, createdAt, createdBy } = run;
  return {
    directDebitId,
    format,
    status,
    collectOn,
    currency,
    count,
    total,
    createdAt,
    createdBy,
    ...(run.cancelledAt !== undefined && { cancelledAt: run.cancelledAt }),
    items: items.map(({ endToEndId, invoiceId, number, customerId, amount, mandateId, scheme }) => ({
      endToEndId,
      invoiceId,
      number,
      customerId,
      amount,
      mandateId,
      scheme,
    })),
    links: { self: `/v1/direct-debits/${directDebitId}` },
  };
}
