import type { OpenCredit } from '../invoice/invoice.ts';
import type { Payment } from './payment.ts';

/**
 * `payment` once `amount` (minor units) that had been given back is there again: it is the customer's, and not used.
 * @throws RangeError when less was given back
 */
export function undoRefund(payment: Payment, amount: number): Payment {
  const { refunded: gone = 0, unapplied, version, ...rest } = payment;
  const refunded = leftOf(gone, amount, payment.paymentId);
  return {
    ...rest,
    unapplied: unapplied + amount,
    ...(refunded > 0 && { refunded }),
    version: version + 1,
  };
}

/**
 * A credit note once `amount` (minor units) that was paid out for it is there again, and the payment whose money it is.
 * @throws RangeError when less was paid out
 */
export function undoPayOut(
  credit: OpenCredit,
  payment: Payment,
  amount: number,
): { credit: OpenCredit; payment: Payment } {
  const { refunded: given = 0, ...openCredit } = credit;
  const { paidOut: out = 0, ...paid } = payment;
  const refunded = leftOf(given, amount, credit.creditNoteId);
  const paidOut = leftOf(out, amount, payment.paymentId);
  return {
    credit: {
      ...openCredit,
      unapplied: credit.unapplied + amount,
      ...(refunded > 0 && { refunded }),
      version: credit.version + 1,
    },
    payment: { ...paid, ...(paidOut > 0 && { paidOut }), version: payment.version + 1 },
  };
}

function leftOf(given: number, amount: number, id: string): number {
  if (amount > given) throw new RangeError(`only ${given} of ${id} was given back, not ${amount}`);
  return given - amount;
}
