import type { OpenItem } from '../invoice/invoice.ts';
import type { Instant } from '../kernel/time.ts';
import { mergeInto } from './allocate-payment.ts';
import { type Allocation, allocatedBy, type Payment, settledBy } from './payment.ts';
import { allocateTo, type Settling, settle, withDiscount } from './record-payment.ts';

export type RestoredPayment = {
  readonly before: Payment;
  readonly payment: Payment;
  /** Minor units. */
  readonly amount: number;
  readonly settling: Settling;
};

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

/** What of restored money goes to the invoice it had settled: as much as is owed on it, with the discount of its day. */
export function settleAgain(
  { receivedOn }: Pick<Payment, 'receivedOn'>,
  amount: number,
  items: readonly OpenItem[],
): Allocation[] {
  return items.flatMap((owed) =>
    allocateTo(owed, amount).map((allocation) => withDiscount(allocation, items, receivedOn)),
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
