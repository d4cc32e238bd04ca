import type * as z from 'zod';
import type { Fact } from '../fact/fact.ts';
import type { Payment } from './payment.ts';
import type { PaymentView, RefundProgress } from './payment-api.ts';
import type { ProviderRefund } from './provider-refund.ts';

/** A payment as the API shows it; who recorded it, why it granted what and what our bank took is for staff to know. */
export function paymentView(
  payment: Payment,
  { forStaff, refunds = [] }: { forStaff: boolean; refunds?: readonly ProviderRefund[] },
): PaymentView {
  const { version: _version, recordedBy, provider, fee, bankLine, allocations, ...shown } = payment;
  return {
    ...shown,
    allocations: allocations.map(({ discountReason, offer: _offer, ...allocation }) => ({
      ...allocation,
      ...(forStaff && discountReason !== undefined && { discountReason }),
    })),
    ...(refunds.length > 0 && { refunds: refunds.map((refund) => progressOf(refund, forStaff)) }),
    ...(forStaff && provider !== undefined && { provider }),
    ...(forStaff && { recordedBy, ...(fee !== undefined && { fee }), ...(bankLine && { bankLine }) }),
    links: { self: `/v1/payments/${payment.paymentId}` },
  };
}

function progressOf(refund: ProviderRefund, forStaff: boolean): z.infer<typeof RefundProgress> {
  const { amount, state, creditNoteId, recordedAt, changedAt, providerRefundId, failure } = refund;
  return {
    amount,
    state,
    ...(creditNoteId && { creditNoteId }),
    recordedAt,
    changedAt,
    ...(forStaff && {
      ...(providerRefundId !== undefined && { providerRefundId }),
      ...(failure !== undefined && { failure }),
    }),
  };
}

/** A payment as it was when it was recorded, told from the fact of that. */
export function asRecorded(
  { refunded: _refunded, reserved: _reserved, paidOut: _paid, reversed: _reversed, ...payment }: Payment,
  { data: { unapplied, allocations } }: Fact<'payment.received'>,
): Payment {
  return { ...payment, unapplied, allocations };
}
