import * as z from 'zod';
import { BankLineReference } from '../bank/bank-line.ts';
import { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { DifferenceAccount } from '../ledger/chart.ts';

/** `card` is what a payment provider collected for us; `sepa_debit` and `ach_debit` what was drawn from the payer. */
export const PaymentMethod = z.enum(['bank_transfer', 'cash', 'card', 'cheque', 'sepa_debit', 'ach_debit']);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** A payment settles no more invoices: each is a write of one transaction. */
export const MAX_ALLOCATIONS = 40;

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

/**
 * An allocation as it was applied: until when the discount taken with it was offered, and how much of that is tax, so
 * that both come back exactly when the allocation is undone. Minor units.
 */
export const AppliedAllocation = Allocation.extend({
  offer: z.strictObject({ until: CalendarDate, tax: Minor.min(0) }).optional(),
});
export type AppliedAllocation = z.infer<typeof AppliedAllocation>;

/** An allocation as others are told of it. */
export function toldOf({ offer: _offer, ...allocation }: AppliedAllocation): Allocation {
  return allocation;
}

/** The schema of a list of allocations as a request makes it: each invoice once, no more than a transaction settles. */
export function allocationList<S extends z.ZodType<{ readonly invoiceId: InvoiceId }>>(each: S) {
  return z
    .array(each)
    .max(MAX_ALLOCATIONS)
    .refine(
      (list) => new Set(list.map(({ invoiceId }) => invoiceId)).size === list.length,
      'must name each invoice once',
    );
}

/** What an allocation settles of its invoice. Minor units. */
export function settledBy({ amount, discount = 0, difference }: Allocation): number {
  return amount + discount + (difference?.amount ?? 0);
}

/**
 * Money received. `unapplied` = `amount` − allocations − `refunded` − `reversed`: it stays on the customer's account.
 * `amount` is what the payer gave; the bank or processor kept `fee` of it. Minor units.
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
  /** Asked to be given back and not approved yet. It may be more than `unapplied` once a bank took money back. */
  reserved: Minor.min(1).optional(),
  /** Given back so far for credit notes: it stays allocated, but is not the customer's to get back any more. */
  paidOut: Minor.min(1).optional(),
  /** Taken back so far: returned by the bank, charged back, or recorded in error. */
  reversed: Minor.min(1).optional(),
  allocations: z.array(AppliedAllocation),
  /** The payer's or the bank's own reference; the provider's payment id where a provider collected it. */
  reference: z.string(),
  /** The provider that collected it, and can give it back. */
  provider: z.string().optional(),
  receivedOn: CalendarDate,
  /** The line of a bank statement that it was recorded from. */
  bankLine: BankLineReference.optional(),
  recordedAt: Instant,
  recordedBy: z.string(),
  version: z.int().min(1),
});
export type Payment = z.infer<typeof Payment>;

/** Why money that had come in is gone again. */
export const ReversalKind = z.enum(['returned', 'chargeback', 'error']);
export type ReversalKind = z.infer<typeof ReversalKind>;

/** All that was taken off with `allocations`: for paying early, and differences that are let go. Minor units. */
export function discountsOf({ allocations }: { readonly allocations: readonly Allocation[] }): number {
  return allocations.reduce((sum, allocation) => sum + settledBy(allocation) - allocation.amount, 0);
}

/** The differences that are let go with `allocations`. */
export function differencesOf(allocations: readonly Allocation[]): Difference[] {
  return allocations.flatMap(({ difference }) => difference ?? []);
}

/** The differences of `allocations` as the books take them back: they are asked for again. */
export function takenBack(allocations: readonly Allocation[]): Difference[] {
  return differencesOf(allocations).map((difference) => ({ ...difference, amount: -difference.amount }));
}

/** What of a payment's money `allocations` use. Minor units. */
export function allocatedBy(allocations: readonly Allocation[]): number {
  return allocations.reduce((sum, { amount }) => sum + amount, 0);
}

/** What of a payment or credit note is not used, and not asked to be given back either. Minor units. */
export function unreserved({
  unapplied,
  reserved = 0,
}: {
  readonly unapplied: number;
  readonly reserved?: number | undefined;
}): number {
  return Math.max(0, unapplied - reserved);
}

/** What of the money that came in was neither given back nor is gone again: at most that is the customer's. Minor units. */
export function heldOf({ amount, refunded = 0, paidOut = 0, reversed = 0 }: Payment): number {
  return Math.max(0, amount - refunded - paidOut - reversed);
}
