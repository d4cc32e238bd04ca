import * as z from 'zod';
import { PayeeInput } from '../credit-transfer/payee-input.ts';
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
/** How a refund goes by bank. */
const way = {
  /** Where it goes by transfer: needed when neither a bank line nor a mandate tells where the money came from. */
  payee: PayeeInput.optional(),
  /** You transferred it at the bank already: it waits for its bank line, not for a credit transfer run. */
  alreadySent: z.boolean().optional(),
};
const decided = [
  'refund_not_found',
  'refund_not_open',
  'approval_by_requester',
  'payment_not_found',
  'version_conflict',
] as const;

export const refundPayment = contract({
  operationId: 'refundPayment',
  description:
    'Gives back what is not used of the payment, the way it came, so that never more is refunded than was paid. The customer owes that much more. What came through the payment provider is sent back by it, and the payment says how far that is. Money that came by bank transfer or cheque waits in the queue of refunds to transfer for a credit transfer run, and goes to the account it came from, or to `payee`. It is only asked for, and kept until someone else approves it, where it brings what the customer got back within the days of the policy `refunds` above its amount, where `payee` is not the account the money came from, and always where the customer asks.',
  params: z.strictObject({ paymentId: PaymentId }),
  body: z.strictObject({
    amount: Minor.min(1).max(MAX_AMOUNT),
    reason,
    /** Of the transfer, the payment's own when left out. */
    reference: z.string().trim().min(1).max(140).optional(),
    ...way,
  }),
  status: 201,
  response: RefundView,
  idempotent: true,
  problems: [
    'payment_not_found',
    'refund_exceeds_unapplied',
    'payee_account_unknown',
    'customer_not_found',
    'version_conflict',
  ],
  example: { body: { amount: 2_400, reason: 'Paid twice', reference: 'REFUND INV-2026-000042' } },
});

export const refundCreditNote = contract({
  operationId: 'refundCreditNote',
  description:
    'Pays out what is not used of a credit note. It is measured on a payment of the customer, by default one of the invoice that was credited: no more than came in with it and was not given back or gone again. The money goes the way it came unless `method` says otherwise, through the payment provider where it came by it. By bank transfer it waits for a credit transfer run, as `refundPayment` says, which also says when someone else must approve it: the credit is kept until then.',
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
    ...way,
  }),
  status: 201,
  response: RefundView,
  idempotent: true,
  problems: [
    'credit_note_not_found',
    'payment_not_found',
    'refund_exceeds_unapplied',
    'refund_exceeds_paid',
    'payee_account_unknown',
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
  problems: [
    ...decided,
    'refund_exceeds_unapplied',
    'refund_exceeds_paid',
    'payee_account_unknown',
    'customer_not_found',
  ],
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
