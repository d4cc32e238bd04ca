import type { Fact } from '../fact/fact.ts';
import type { Payment } from './payment.ts';
import type { PaymentView } from './payment-api.ts';

/** A payment as the API shows it; who recorded it, why it granted what and what our bank took is for staff to know. */
export function paymentView(payment: Payment, { forStaff }: { forStaff: boolean }): PaymentView {
  const { version: _version, recordedBy, fee, bankLine, allocations, ...shown } = payment;
  return {
    ...shown,
    allocations: allocations.map(({ discountReason, offer: _offer, ...allocation }) => ({
      ...allocation,
      ...(forStaff && discountReason !== undefined && { discountReason }),
    })),
    ...(forStaff && { recordedBy, ...(fee !== undefined && { fee }), ...(bankLine && { bankLine }) }),
    links: { self: `/v1/payments/${payment.paymentId}` },
  };
}

/** A payment as it was when it was recorded, told from the fact of that. */
export function asRecorded(
  { refunded: _refunded, reserved: _reserved, paidOut: _paid, reversed: _reversed, ...payment }: Payment,
  { data: { unapplied, allocations } }: Fact<'payment.received'>,
): Payment {
  return { ...payment, unapplied, allocations };
}
