import { DomainError } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import type { Payment } from './payment.ts';

export type Refund = {
  /** Minor units. */
  readonly amount: number;
  readonly reason: string;
  readonly reference?: string | undefined;
};

/**
 * `payment` once `amount` of it was given back: of what is not used, so never more than was paid and not given back yet.
 * @throws DomainError `refund_exceeds_unapplied`
 */
export function refundPayment(payment: Payment, { amount }: Refund): Payment & { refunded: number } {
  const { currency, unapplied, refunded = 0, version } = payment;
  if (amount > unapplied) {
    throw new DomainError(
      'refund_exceeds_unapplied',
      `Of this payment ${formatMoney(unapplied, currency)} is not used. Refund that much at most; credit an invoice first to free more.`,
      { issues: [{ path: 'amount', message: `must be at most ${unapplied}` }] },
    );
  }
  return {
    ...payment,
    unapplied: unapplied - amount,
    refunded: refunded + amount,
    version: version + 1,
  };
}
