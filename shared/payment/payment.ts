import * as z from 'zod';
import { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** `card` is what a payment provider collected for us. */
export const PaymentMethod = z.enum(['bank_transfer', 'cash', 'card']);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** `amount` of a payment used for one invoice, minor units. */
export const Allocation = z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1).max(MAX_AMOUNT) });
export type Allocation = z.infer<typeof Allocation>;

/** Money received. `unapplied` = `amount` − allocations: it stays on the customer's account. Minor units. */
export const Payment = z.strictObject({
  paymentId: PaymentId,
  customerId: CustomerId,
  method: PaymentMethod,
  currency: Currency,
  amount: Minor.min(1),
  unapplied: Minor.min(0),
  allocations: z.array(Allocation),
  /** The payer's or the bank's own reference; the provider's payment id for `card`. */
  reference: z.string(),
  receivedOn: CalendarDate,
  recordedAt: Instant,
  recordedBy: z.string(),
  version: z.int().min(1),
});
export type Payment = z.infer<typeof Payment>;
