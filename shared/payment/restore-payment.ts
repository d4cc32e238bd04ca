import type { OpenItem } from '../invoice/invoice.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { mergeInto } from './allocate-payment.ts';
import { allocatedBy, type Payment } from './payment.ts';
import { allocateShares, type Settling, settle, withDiscount } from './record-payment.ts';

export type RestoredPayment = {
  readonly before: Payment;
  readonly payment: Payment;
  /** Minor units. */
  readonly amount: number;
  readonly settling: Settling;
};

/** What of restored money goes to one invoice, minor units. */
export type Share = { readonly invoiceId: InvoiceId; readonly amount: number };

/**
 * A payment some of whose reversed money is there again: a charge-back was decided for us, or a refund did not arrive. It
 * goes to the invoices it had settled, each as much as was taken of it and as is owed; the rest stays on the account.
 * @param amount minor units, at most what is reversed
 * @param shares what had been taken of each invoice
 * @param items what is owed on those invoices, in any order
 */
export function restorePayment(
  payment: Payment,
  amount: number,
  { shares, items }: { readonly shares: readonly Share[]; readonly items: readonly OpenItem[] },
  at: Instant,
): RestoredPayment {
  const { reversed: gone = 0, unapplied, receivedOn, allocations, version, ...rest } = payment;
  if (amount > gone) throw new RangeError(`only ${gone} of ${payment.paymentId} is reversed, not ${amount}`);
  const wanted = allocateShares(items, shares, amount).map((allocation) =>
    withDiscount(allocation, items, receivedOn),
  );
  const settling = settle(wanted, items, at);
  const reversed = gone - amount;
  return {
    before: payment,
    payment: {
      ...rest,
      receivedOn,
      unapplied: unapplied + amount - allocatedBy(wanted),
      ...(reversed > 0 && { reversed }),
      allocations: settling.applied.reduce(mergeInto, allocations),
      version: version + 1,
    },
    amount,
    settling,
  };
}
