import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CreditNoteId, PaymentId, RefundId } from '../kernel/ids.ts';
import { MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { PaymentMethod } from '../payment/payment.ts';
import { RefundView } from '../payment/payment-api.ts';
import { ProviderRefund } from '../payment/provider-refund.ts';
import { WaitingRefund } from './refund.ts';

/** Money that did not arrive, minor units. It leaves the queue the morning after it was given back another way or used. */
const FailedRefund = ProviderRefund.pick({
  paymentId: true,
  creditNoteId: true,
  customerId: true,
  method: true,
  currency: true,
  amount: true,
  reason: true,
  failure: true,
  providerRefundId: true,
  recordedAt: true,
}).extend({ failedAt: Instant });

/** As the queue shows a refund that failed. */
export function failedRefundView(refund: ProviderRefund): z.infer<typeof FailedRefund> {
  const { paymentId, creditNoteId, customerId, method, currency, amount, reason } = refund;
  const { failure, providerRefundId, recordedAt, changedAt } = refund;
  return {
    paymentId,
    ...(creditNoteId && { creditNoteId }),
    customerId,
    method,
    currency,
    amount,
    reason,
    ...(failure !== undefined && { failure }),
    ...(providerRefundId !== undefined && { providerRefundId }),
    recordedAt,
    failedAt: changedAt,
  };
}

const reason = z.string().trim().min(3).max(500);
const decided = [
  'refund_not_found',
  'refund_not_open',
  'approval_by_requester',
  'payment_not_found',
  'version_conflict',
] as const;

export const refundCreditNote = contract({
  operationId: 'refundCreditNote',
  description:
    'Pays out what is not used of a credit note: through the payment provider where the money came by it, any other way you pay it yourself and this records it. It is measured on a payment of the customer, by default one of the invoice that was credited: no more than came in with it and was not given back or gone again. The money goes the way it came unless `method` says otherwise. Above the amount in the policy `refunds` it is only asked for: the credit is kept for it, and someone else approves it.',
  params: z.strictObject({ creditNoteId: CreditNoteId }),
  body: z.strictObject({
    amount: Minor.min(1).max(MAX_AMOUNT),
    reason,
    /** Whose money it is; needed where no payment of the credited invoice has enough left. */
    paymentId: PaymentId.optional(),
    /** The payment's own, when left out. */
    method: PaymentMethod.optional(),
    /** Of the transfer, the credit note's number when left out. */
    reference: z.string().trim().min(1).max(140).optional(),
  }),
  status: 201,
  response: RefundView,
  idempotent: true,
  problems: [
    'credit_note_not_found',
    'payment_not_found',
    'refund_exceeds_unapplied',
    'refund_exceeds_paid',
    'customer_not_found',
    'version_conflict',
  ],
  example: { body: { amount: 2_400, reason: 'Wants no other goods', method: 'bank_transfer' } },
});

export const approveRefund = contract({
  operationId: 'approveRefund',
  description:
    'Carries out a refund that someone else asked for, all at once: what is not used, the account, the books. What can be given back is checked again.',
  params: z.strictObject({ refundId: RefundId }),
  body: z.strictObject({ reason: reason.optional() }),
  status: 201,
  response: RefundView,
  idempotent: true,
  problems: [...decided, 'refund_exceeds_unapplied', 'refund_exceeds_paid', 'customer_not_found'],
  example: { body: { reason: 'Paid twice, seen on the statement' } },
});

export const rejectRefund = contract({
  operationId: 'rejectRefund',
  description: 'Rejects a refund that someone else asked for; what was kept for it can be used again.',
  params: z.strictObject({ refundId: RefundId }),
  body: z.strictObject({ reason }),
  status: 201,
  response: RefundView,
  idempotent: true,
  problems: [...decided],
  example: { body: { reason: 'The customer has another invoice due' } },
});

export const listRefunds = contract({
  operationId: 'listRefunds',
  description:
    'Refunds that wait for approval, longest waiting first; and those that the payment provider could not make: their money is not used again, and waits to be given back another way.',
  status: 200,
  response: z.strictObject({ items: z.array(WaitingRefund), failed: z.array(FailedRefund) }),
});
