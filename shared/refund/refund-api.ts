import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CreditNoteId, PaymentId, RefundId } from '../kernel/ids.ts';
import { MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { PaymentMethod } from '../payment/payment.ts';
import { RefundView } from '../payment/payment-api.ts';
import { WaitingRefund } from './refund.ts';

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
    'Records that you paid out what is not used of a credit note. It is measured on a payment of the customer, by default one of the invoice that was credited: no more than came in with it and was not given back or gone again. The money goes the way it came unless `method` says otherwise. Above the amount in the policy `refunds` it is only asked for: the credit is kept for it, and someone else approves it.',
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
  description: 'Refunds that wait for approval, longest waiting first.',
  status: 200,
  response: z.strictObject({ items: z.array(WaitingRefund) }),
});
