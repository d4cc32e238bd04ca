import type { OpenItem } from '../invoice/invoice.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { mergeInto } from './allocate-payment.ts';
import { type Allocation, allocatedBy, type Payment, settledBy } from './payment.ts';
import { allocateShares, allocateTo, type Settling, settle, withDiscount } from './record-payment.ts';

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
 * A payment some of whose reversed money is there again: it settles `wanted`, the rest stays on the customer's account.
 * @param amount minor units, at most what is reversed
 * @param wanted of the money, each within what is owed on its invoice
 * @param items what is owed on those invoices
 */
export function restorePayment(
  payment: Payment,
  amount: number,
  { wanted, items }: { readonly wanted: readonly Allocation[]; readonly items: readonly OpenItem[] },
  at: Instant,
): RestoredPayment {
  const { reversed: gone = 0, unapplied, receivedOn, allocations, version, ...rest } = payment;
  if (amount > gone) throw new RangeError(`only ${gone} of ${payment.paymentId} is reversed, not ${amount}`);
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

/**
 * What of restored money goes to the invoices it had settled: to each as much as was taken of it and as is owed, with the
 * discount of its day.
 * @param shares what had been taken of each invoice
 * @param items what is owed on those invoices, in any order
 */
export function settleAgain(
  { receivedOn }: Pick<Payment, 'receivedOn'>,
  amount: number,
  { shares, items }: { readonly shares: readonly Share[]; readonly items: readonly OpenItem[] },
): Allocation[] {
  return allocateShares(items, shares, amount).map((allocation) =>
    withDiscount(allocation, items, receivedOn),
  );
}

/**
 * The allocations that a reversal took back, as far as their invoices are still owed so: one that was paid otherwise since,
 * in part or whole, gets no more than is owed, and neither discount nor difference.
 */
export function asBefore(taken: readonly Allocation[], items: readonly OpenItem[]): Allocation[] {
  return taken.flatMap((allocation): Allocation[] => {
    const { invoiceId, amount, discount = 0, difference } = allocation;
    const item = items.find((owed) => owed.invoiceId === invoiceId);
    if (!item) return [];
    const whole = settledBy(allocation);
    const offered = discount <= (item.discount?.amount ?? 0);
    if (offered && (difference ? whole === item.balance : whole <= item.balance)) return [allocation];
    return allocateTo(item, amount);
  });
}
