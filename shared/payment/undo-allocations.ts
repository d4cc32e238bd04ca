import type { OpenItem } from '../invoice/invoice.ts';
import { type CollectionClock, reopenItem } from '../invoice/reopen-item.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import type { AppliedAllocation } from './payment.ts';

/** What an undone allocation needs besides the payment: what the invoices are owed, and how they are collected. */
export type Undoing = {
  /** What is owed on the invoices of the allocations, in any order. */
  readonly items: readonly OpenItem[];
  /** Of these, the ones that did not reach their customer. */
  readonly lost: ReadonlySet<InvoiceId>;
  readonly clock: CollectionClock;
};

/** What became of the invoices whose allocations were undone, and the discounts that came back. Minor units. */
export type Undone = {
  readonly reopened: readonly { readonly before: OpenItem; readonly after: OpenItem }[];
  readonly discount: { readonly amount: number; readonly tax: number };
  /** The allocations undone, each with what of its discount still stood: a credit note may have taken it back before. */
  readonly taken: readonly AppliedAllocation[];
};

/**
 * Takes `amount` (minor units) off an allocation. A discount was for paying all of it, and a difference was
 * let go to be done with it, so both go with the first part.
 * @returns what was taken, and what stays where something does
 */
export function takeOff(
  allocation: AppliedAllocation,
  amount: number,
): { taken: AppliedAllocation; left: AppliedAllocation[] } {
  const { invoiceId, amount: allocated } = allocation;
  const left = allocated - amount;
  return {
    taken: { ...allocation, amount },
    left: left > 0 ? [{ invoiceId, amount: left }] : [],
  };
}

/** Lets what `undone` settled be owed again. @throws RangeError when an invoice of it is not among the items */
export function undoAllocations(
  undone: readonly AppliedAllocation[],
  { items, lost, clock }: Undoing,
): Undone {
  const discount = { amount: 0, tax: 0 };
  const parts = undone.map((allocation) => {
    const before = items.find(({ invoiceId }) => invoiceId === allocation.invoiceId);
    if (!before) throw new RangeError(`there is no open item of ${allocation.invoiceId}`);
    const standing = withStandingDiscount(allocation, before);
    discount.amount += standing.discount ?? 0;
    discount.tax += standing.offer?.tax ?? 0;
    const after = reopenItem(before, standing, clock, lost.has(allocation.invoiceId));
    return { standing, item: { before, after } };
  });
  return { reopened: parts.map(({ item }) => item), discount, taken: parts.map(({ standing }) => standing) };
}

function withStandingDiscount(
  { discount = 0, offer, ...allocation }: AppliedAllocation,
  { discountTaken }: OpenItem,
): AppliedAllocation {
  const amount = Math.min(discount, discountTaken?.amount ?? 0);
  if (!offer || !discountTaken || amount === 0) return allocation;
  const tax = amount === discountTaken.amount ? discountTaken.tax : Math.min(offer.tax, discountTaken.tax);
  return { ...allocation, discount: amount, offer: { ...offer, tax } };
}
