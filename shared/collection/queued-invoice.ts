import * as z from 'zod';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** What the work queues know of an open invoice without reading it. `balance` in minor units, above zero. */
export const QueuedInvoice = z.object({
  invoiceId: InvoiceId,
  number: z.string(),
  customerId: CustomerId,
  currency: Currency,
  balance: Minor,
  issuedOn: CalendarDate,
  dueOn: CalendarDate,
  /** What of the balance is due when, where it is due in instalments. */
  parts: z.array(z.object({ dueOn: CalendarDate, amount: Minor })).optional(),
  /** What may be taken off for paying early. */
  discount: z.object({ until: CalendarDate, amount: Minor }).optional(),
  /** Of the direct debit that is to collect it. */
  endToEndId: z.string().optional(),
  /** The customer's own numbers of the orders it bills. */
  poNumbers: z.array(z.string()).optional(),
  status: z.enum(['open', 'disputed']),
});
export type QueuedInvoice = z.infer<typeof QueuedInvoice>;
