import { DomainError } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import { heldOf, type Payment } from './payment.ts';

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
  const { unapplied, refunded = 0, version } = payment;
  checkRefund(payment, amount, unapplied);
  return {
    ...payment,
    unapplied: unapplied - amount,
    refunded: refunded + amount,
    version: version + 1,
  };
}

/**
 * Whether a person may give `amount` of a payment back: what is not used, waits for no other refund, and was not paid
 * out for a credit note before. Minor units.
 * @throws DomainError `refund_exceeds_unapplied`
 */
export function assertRefundable(payment: Payment, amount: number): void {
  const { unapplied, reserved = 0 } = payment;
  checkRefund(payment, amount, Math.max(0, Math.min(unapplied, heldOf(payment)) - reserved));
}

function checkRefund({ currency }: Payment, amount: number, most: number): void {
  if (amount <= most) return;
  throw new DomainError(
    'refund_exceeds_unapplied',
    `Of this payment ${formatMoney(most, currency)} is not used and can be given back. Refund that much at most; credit an invoice first to free more.`,
    { issues: [{ path: 'amount', message: `must be at most ${most}` }] },
  );
}

/**
 * `payment` or credit note with `by` (minor units) more of it waiting to be given back, or less where it is negative; its
 * version stays.
 */
export function reserve<T extends { readonly reserved?: number | undefined }>(
  { reserved = 0, ...rest }: T,
  by: number,
): Omit<T, 'reserved'> & { reserved?: number } {
  const next = reserved + by;
  return { ...rest, ...(next > 0 && { reserved: next }) };
}
