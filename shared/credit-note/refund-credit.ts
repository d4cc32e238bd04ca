import type { OpenCredit } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import { formatMoney } from '../kernel/money.ts';
import { heldOf, type Payment, unreserved } from '../payment/payment.ts';

/** A credit note of which something was paid out, and the payment whose money that was. */
export type RefundedCredit = {
  readonly before: OpenCredit;
  readonly credit: OpenCredit & { readonly refunded: number };
  readonly paid: { readonly before: Payment; readonly payment: Payment & { readonly paidOut: number } };
};

/**
 * Pays `amount` of what is not used of a credit note out, as money that `payment` brought. What can be paid out is
 * measured on that payment: what came in with it and was neither given back, for itself or for credit notes, nor is gone
 * again. So a customer never gets back more than it paid, whatever is credited, netted or allocated anew in between.
 * Minor units.
 * @throws DomainError `refund_exceeds_unapplied`, `refund_exceeds_paid`, `payment_not_found` where it is someone else's
 */
export function refundCredit(credit: OpenCredit, payment: Payment, amount: number): RefundedCredit {
  checkPayOut(credit, payment, amount, { free: credit.unapplied, held: heldOf(payment) });
  return {
    before: credit,
    credit: {
      ...credit,
      refunded: (credit.refunded ?? 0) + amount,
      unapplied: credit.unapplied - amount,
      version: credit.version + 1,
    },
    paid: {
      before: payment,
      payment: { ...payment, paidOut: (payment.paidOut ?? 0) + amount, version: payment.version + 1 },
    },
  };
}

/**
 * Whether `amount` can be paid out as {@link refundCredit} does, without what refunds wait for approval of.
 * @throws DomainError as refundCredit
 */
export function assertCreditRefundable(credit: OpenCredit, payment: Payment, amount: number): void {
  const held = Math.max(0, heldOf(payment) - (payment.reserved ?? 0));
  checkPayOut(credit, payment, amount, { free: unreserved(credit), held });
}

function checkPayOut(
  { customerId, currency, number }: OpenCredit,
  payment: Payment,
  amount: number,
  { free, held }: { free: number; held: number },
): void {
  if (payment.customerId !== customerId || payment.currency !== currency) {
    throw new DomainError('payment_not_found', `The customer of ${number} made no such payment.`, {
      issues: [{ path: 'paymentId', message: 'names no payment of the customer' }],
    });
  }
  if (amount > free) {
    throw new DomainError(
      'refund_exceeds_unapplied',
      `Of ${number} ${formatMoney(free, currency)} is not used and waits for no refund. Pay out that much at most.`,
      { issues: [{ path: 'amount', message: `must be at most ${free}` }] },
    );
  }
  if (amount > held) {
    throw new DomainError(
      'refund_exceeds_paid',
      `Of payment ${payment.reference} the customer can get ${formatMoney(held, currency)} back. Pay out that much at most, and the rest from another payment.`,
      { issues: [{ path: 'amount', message: `must be at most ${held}` }] },
    );
  }
}

/**
 * The payment of an invoice whose money a credit note of it gives back: the first that covers `amount` (minor units), else
 * the one of which most is left.
 * @param payments of the customer, newest first
 */
export function paymentToRefund(
  payments: readonly Payment[],
  invoiceId: InvoiceId | undefined,
  amount: number,
): Payment | undefined {
  const left = (payment: Payment) => heldOf(payment) - (payment.reserved ?? 0);
  const paying = payments.filter(({ allocations }) =>
    allocations.some((allocation) => allocation.invoiceId === invoiceId),
  );
  return (
    paying.find((payment) => left(payment) >= amount) ??
    paying.toSorted((one, other) => left(other) - left(one))[0]
  );
}
