import * as z from 'zod';
import { ToldTransfer } from '../credit-transfer/end-to-end-id.ts';
import { factOf } from '../fact/envelope.ts';
import { CreditNoteId, InvoiceId, PaymentId, RefundId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Allocation, PaymentMethod, ReversalKind } from './payment.ts';
import { AttemptState } from './payment-attempt.ts';

/** `allocations` were made or taken back, and `unapplied` is left of the payment. */
const changed = {
  paymentId: PaymentId,
  currency: Currency,
  allocations: z.array(Allocation),
  unapplied: Minor,
};

/** What happens to payments; subject is the payment. */
export const paymentFacts = [
  factOf(
    'payment.received',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      amount: Minor,
      fee: Minor.optional(),
      unapplied: Minor,
      allocations: z.array(Allocation),
      reference: z.string(),
      /** Paid over the counter, together with the sale. */
      channel: z.literal('counter').optional(),
    }),
  ),
  factOf(
    'payment.refunded',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      /** Given back this time, and all together. */
      amount: Minor,
      refunded: Minor,
      /** What is left of the payment. */
      unapplied: Minor,
      reason: z.string(),
      reference: z.string(),
      /** Where it was asked for and approved by someone else. */
      refundId: RefundId.optional(),
      requestedBy: z.string().optional(),
      decision: z.string().optional(),
      transfer: ToldTransfer.optional(),
    }),
  ),
  factOf(
    'payment.reversed',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      kind: ReversalKind,
      reason: z.string(),
      /** Gone this time, and all together. */
      amount: Minor,
      reversed: Minor,
      /** What the bank took for it. */
      fee: Minor.optional(),
      /** Of `amount`, what was not used; the rest settled invoices, which are owed again with what was taken off. */
      fromUnapplied: Minor,
      allocations: z.array(Allocation),
      /** What is left of the payment. */
      unapplied: Minor,
      reference: z.string(),
    }),
  ),
  factOf('payment.allocated', z.strictObject(changed)),
  factOf('payment.unallocated', z.strictObject({ ...changed, reason: z.string() })),
  /** A charge-back was decided for us, or a bank line was no return of it after all: the money is there again. */
  factOf(
    'payment.restored',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      reason: z.string(),
      /** There again this time, and what is still gone. */
      amount: Minor,
      reversed: Minor,
      /** What of it settles invoices once more. */
      allocations: z.array(Allocation),
      unapplied: Minor,
      reference: z.string(),
    }),
  ),
  /** Money given back that did not arrive and is there again; subject is the payment. */
  factOf(
    'payment.refund_failed',
    z.strictObject({
      paymentId: PaymentId,
      /** Where a credit note had been paid out: what is there again is not used of that. */
      creditNoteId: CreditNoteId.optional(),
      method: PaymentMethod,
      currency: Currency,
      /** There again this time; what is still given back, for itself and for credit notes. */
      amount: Minor,
      refunded: Minor,
      paidOut: Minor,
      unapplied: Minor,
      reason: z.string(),
      reference: z.string(),
      /** Slot of the fact that had told of the refund, where we asked for it. */
      refund: z.string().optional(),
    }),
  ),
  /** What the provider kept for a dispute, below zero where it gave that back. The payment stays as it is. */
  factOf(
    'payment.fee_charged',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      amount: Minor,
      reason: z.string(),
      reference: z.string(),
    }),
  ),
  /** Subject is the attempt. */
  factOf(
    'payment_attempt.changed',
    z.strictObject({
      provider: z.string(),
      checkoutKey: z.string(),
      invoiceId: InvoiceId,
      amount: Minor,
      currency: Currency,
      state: AttemptState,
      providerPaymentId: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
] as const;
