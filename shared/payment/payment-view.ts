import type { Payment } from './payment.ts';
import type { PaymentView } from './payment-api.ts';

/** A payment as the API shows it; who recorded it, why it granted what and what our bank took is for staff to know. */
export function paymentView(payment: Payment, { forStaff }: { forStaff: boolean }): PaymentView {
  const { version: _version, recordedBy, fee, bankLine, allocations, ...shown } = payment;
  return {
    ...shown,
    allocations: allocations.map(({ discountReason, ...allocation }) => ({
      ...allocation,
      ...(forStaff && discountReason !== undefined && { discountReason }),
    })),
    ...(forStaff && { recordedBy, ...(fee !== undefined && { fee }), ...(bankLine && { bankLine }) }),
    links: { self: `/v1/payments/${payment.paymentId}` },
  };
}

/** A payment as it was when it was recorded: refunds change only what they say. */
export function asRecorded({ refunded = 0, ...payment }: Payment): Payment {
  return { ...payment, unapplied: payment.unapplied + refunded };
}
