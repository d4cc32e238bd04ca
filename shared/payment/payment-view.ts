import type { Payment } from './payment.ts';
import type { PaymentView } from './payment-api.ts';

/** A payment as the API shows it; who recorded it is for staff to know. */
export function paymentView(payment: Payment, { forStaff }: { forStaff: boolean }): PaymentView {
  const { version: _version, recordedBy, ...shown } = payment;
  return {
    ...shown,
    ...(forStaff && { recordedBy }),
    links: { self: `/v1/payments/${payment.paymentId}` },
  };
}
