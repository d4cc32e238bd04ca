import type { Fact } from '../fact/fact.ts';
import type { RefundView } from '../payment/payment-api.ts';

/** The facts that tell what became of a refund. */
export const refundTold = [
  'payment.refunded',
  'credit_note.refunded',
  'refund.requested',
  'refund.rejected',
] as const;
type Told = Pick<Fact<(typeof refundTold)[number]>, 'type' | 'data' | 'at' | 'actor'>;

/** What the call that recorded a refund, asked for it or decided about it answers, from the fact it recorded. */
export function refundView({ type, data, at, actor }: Told): RefundView {
  const { paymentId } = data;
  const creditNoteId = 'creditNoteId' in data ? data.creditNoteId : undefined;
  const view = {
    ...data,
    links: {
      payment: `/v1/payments/${paymentId}`,
      ...(creditNoteId && { creditNote: `/v1/credit-notes/${creditNoteId}` }),
    },
  };
  switch (type) {
    case 'payment.refunded':
    case 'credit_note.refunded':
      return { ...view, status: 'done', refundedAt: at, refundedBy: actor };
    case 'refund.requested':
      return { ...view, status: 'requested', requestedAt: at, requestedBy: actor };
    case 'refund.rejected':
      return { ...view, status: 'rejected', rejectedAt: at, rejectedBy: actor };
    default:
      return type satisfies never;
  }
}
