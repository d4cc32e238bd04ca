import * as z from 'zod';
import { ToldTransfer } from '../credit-transfer/end-to-end-id.ts';
import { factOf } from '../fact/envelope.ts';
import { CreditNoteId, PaymentId, RefundId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { PaymentMethod } from '../payment/payment.ts';

/** `refunded` was given back of the payment or credit note in all, and `unapplied` is left of it. Minor units. */
const money = {
  paymentId: PaymentId,
  method: PaymentMethod,
  currency: Currency,
  amount: Minor,
  refunded: Minor,
  unapplied: Minor,
  reason: z.string(),
  reference: z.string(),
};
const asked = {
  ...money,
  refundId: RefundId,
  creditNoteId: CreditNoteId.optional(),
  /** Masked: where it is to go, if it goes by transfer. */
  account: z.string().optional(),
};

/** What becomes of refunds; subject is the credit note they pay out, else the payment. */
export const refundFacts = [
  factOf('refund.requested', z.strictObject(asked)),
  factOf('refund.rejected', z.strictObject({ ...asked, requestedBy: z.string(), decision: z.string() })),
  factOf(
    'credit_note.refunded',
    z.strictObject({
      ...money,
      creditNoteId: CreditNoteId,
      /** Where it was asked for and approved. */
      refundId: RefundId.optional(),
      requestedBy: z.string().optional(),
      decision: z.string().optional(),
      transfer: ToldTransfer.optional(),
    }),
  ),
  /** What was paid out for it did not arrive: it is not used any more. */
  factOf(
    'credit_note.refund_failed',
    z.strictObject({
      paymentId: PaymentId,
      creditNoteId: CreditNoteId,
      currency: Currency,
      amount: Minor,
      refunded: Minor,
      unapplied: Minor,
      reason: z.string(),
      reference: z.string(),
    }),
  ),
  /** Of the payment's money, `amount` was paid out for a credit note, `paidOut` in all; subject is the payment. */
  factOf(
    'payment.paid_out',
    z.strictObject({
      paymentId: PaymentId,
      creditNoteId: CreditNoteId,
      method: PaymentMethod,
      currency: Currency,
      amount: Minor,
      paidOut: Minor,
    }),
  ),
] as const;
