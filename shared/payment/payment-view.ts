import type { Payment } from './payment.ts';
import type { PaymentView } from './payment-api.ts';

/** A payment as the API shows it; who recorded it, and why it granted what, is for staff to know. */
export function paymentView(payment: Payment, { forStaff }: { forStaff: boolean }): PaymentView {
  const { version: _version, recordedBy, allocations, ...shown } = payment;
  return {
    ...shown,
    allocations: allocations.map(({ discountReason, ...allocation }) => ({
      ...allocation,
      ...(forStaff && discountReason !== undefined && { discountReason }),
    })),
    ...(forStaff && { recordedBy }),
    links: { self: `/v1/payments/${payment.paymentId}` },
  };
}
