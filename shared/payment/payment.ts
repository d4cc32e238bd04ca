import * as z from 'zod';
import { BankLineReference } from '../bank/bank-line.ts';
import { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { DifferenceAccount } from '../ledger/chart.ts';

/** `card` is what a payment provider collected for us. */
export const PaymentMethod = z.enum(['bank_transfer', 'cash', 'card']);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** What was not paid of an invoice and is not asked for: with it nothing of the invoice is owed any more. Minor units. */
export const Difference = z.strictObject({
  amount: Minor.min(1).max(MAX_AMOUNT),
  account: DifferenceAccount,
});
export type Difference = z.infer<typeof Difference>;

/**
 * `amount` of a payment used for one invoice, the `discount` that was taken off it for paying early, and a `difference`
 * that is let go; all settle it. `discountReason` says why a discount was granted after its date. Minor units.
 */
export const Allocation = z.strictObject({
  invoiceId: InvoiceId,
  amount: Minor.min(1).max(MAX_AMOUNT),
  discount: Minor.min(1).max(MAX_AMOUNT).optional(),
  discountReason: z.string().trim().min(3).max(200).optional(),
  difference: Difference.optional(),
});
export type Allocation = z.infer<typeof Allocation>;

/** What an allocation settles of its invoice. Minor units. */
export function settledBy({ amount, discount = 0, difference }: Allocation): number {
  return amount + discount + (difference?.amount ?? 0);
}

/**
 * Money received. `unapplied` = `amount` − allocations − `refunded`: it stays on the customer's account. `amount` is what
 * the payer gave; the bank or processor kept `fee` of it. Minor units.
 */
export const Payment = z.strictObject({
  paymentId: PaymentId,
  customerId: CustomerId,
  method: PaymentMethod,
  currency: Currency,
  amount: Minor.min(1),
  fee: Minor.min(1).optional(),
  unapplied: Minor.min(0),
  /** Given back so far. */
  refunded: Minor.min(1).optional(),
  allocations: z.array(Allocation),
  /** The payer's or the bank's own reference; the provider's payment id for `card`. */
  reference: z.string(),
  receivedOn: CalendarDate,
  /** The line of a bank statement that it was recorded from. */
  bankLine: BankLineReference.optional(),
  recordedAt: Instant,
  recordedBy: z.string(),
  version: z.int().min(1),
});
export type Payment = z.infer<typeof Payment>;

/** All that was taken off with a payment: for paying early, and differences that are let go. Minor units. */
export function discountsOf({ allocations }: Pick<Payment, 'allocations'>): number {
  return allocations.reduce((sum, allocation) => sum + settledBy(allocation) - allocation.amount, 0);
}

/** The differences that are let go with `allocations`. */
export function differencesOf(allocations: readonly Allocation[]): Difference[] {
  return allocations.flatMap(({ difference }) => difference ?? []);
}
