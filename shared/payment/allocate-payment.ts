import type { OpenItem } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import { formatMoney } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import {
  type Allocation,
  type AppliedAllocation,
  allocatedBy,
  differencesOf,
  MAX_ALLOCATIONS,
  type Payment,
  unreserved,
} from './payment.ts';
import { checkAllocations, type Settling, settle, withDiscount } from './record-payment.ts';
import { takeOff, type Undoing, type Undone, undoAllocations } from './undo-allocations.ts';

/** A payment of which more is allocated, and what that made of the invoices. */
export type AllocatedPayment = Settling & { readonly before: Payment; readonly payment: Payment };

/** A payment of which less is allocated, what was taken off it, and the invoices that are owed again. */
export type UnallocatedPayment = Undone & {
  readonly before: Payment;
  readonly payment: Payment;
  readonly taken: readonly AppliedAllocation[];
};

/** What to take off an allocation: all of it, or `amount` (minor units). */
export type Unallocation = { readonly invoiceId: InvoiceId; readonly amount?: number | undefined };

/**
 * Sets what is not used of `payment` against open invoices. Discounts are taken as when it was recorded, by the day the
 * money came in.
 * @param allocations each invoice once
 * @throws DomainError as `recordPayment` does of its allocations; `validation_failed` where they become too many
 */
export function allocatePayment(
  payment: Payment,
  allocations: readonly Allocation[],
  items: readonly OpenItem[],
  at: Instant,
): AllocatedPayment {
  const { customerId, currency, receivedOn, unapplied } = payment;
  const amount = allocatedBy(allocations);
  const free = unreserved(payment);
  if (amount > free) {
    throw new DomainError(
      'allocation_exceeds_payment',
      `The allocations add up to ${formatMoney(amount, currency)}; of the payment ${formatMoney(free, currency)} is not used and waits for no refund.`,
      { issues: [{ path: 'allocations', message: `must add up to ${free} at most` }] },
    );
  }
  const wanted = allocations.map((allocation) => withDiscount(allocation, items, receivedOn));
  checkAllocations({ customerId, currency, receivedOn, allocations: wanted }, items);
  const settling = settle(wanted, items, at);
  const merged = settling.applied.reduce(mergeInto, payment.allocations);
  if (merged.length > MAX_ALLOCATIONS) {
    throw new DomainError(
      'validation_failed',
      `A payment settles ${MAX_ALLOCATIONS} invoices at most. Take others off first.`,
      { issues: [{ path: 'allocations', message: `must leave ${MAX_ALLOCATIONS} invoices at most` }] },
    );
  }
  return {
    ...settling,
    before: payment,
    payment: {
      ...payment,
      unapplied: unapplied - amount,
      allocations: merged,
      version: payment.version + 1,
    },
  };
}

/**
 * Takes allocations back: the invoices are owed again with the discount that was taken, and the money is not used.
 * @param wanted each invoice once
 * @throws DomainError `allocation_exceeds_payment` where less is allocated than is to be taken back
 */
export function unallocatePayment(
  payment: Payment,
  wanted: readonly Unallocation[],
  undoing: Undoing,
): UnallocatedPayment {
  checkUnallocations(payment, wanted);
  const taken: AppliedAllocation[] = [];
  const kept = payment.allocations.flatMap((allocation) => {
    const found = wanted.find(({ invoiceId }) => invoiceId === allocation.invoiceId);
    if (!found) return [allocation];
    const off = takeOff(allocation, found.amount ?? allocation.amount);
    taken.push(off.taken);
    return off.left;
  });
  return {
    ...undoAllocations(taken, undoing),
    before: payment,
    payment: {
      ...payment,
      unapplied: payment.unapplied + allocatedBy(taken),
      allocations: kept,
      version: payment.version + 1,
    },
  };
}

function checkUnallocations({ allocations }: Payment, wanted: readonly Unallocation[]): void {
  const issues = wanted.flatMap(({ invoiceId, amount = 1 }, index) => {
    const allocated = allocations.find((allocation) => allocation.invoiceId === invoiceId)?.amount ?? 0;
    return amount > allocated
      ? [{ path: `allocations.${index}.amount`, message: `must be at most ${allocated}, allocated to it` }]
      : [];
  });
  if (issues.length > 0)
    throw new DomainError(
      'allocation_exceeds_payment',
      'Less of the payment is allocated to an invoice than was to be taken back.',
      { issues },
    );
}

/** The allocations with one more, in which each invoice stands once. */
export function mergeInto(allocations: AppliedAllocation[], more: AppliedAllocation): AppliedAllocation[] {
  const found = allocations.find(({ invoiceId }) => invoiceId === more.invoiceId);
  if (!found) return [...allocations, more];
  const discount = (found.discount ?? 0) + (more.discount ?? 0);
  const [letGo, ...others] = differencesOf([found, more]);
  const difference = letGo && {
    ...letGo,
    amount: others.reduce((sum, { amount }) => sum + amount, letGo.amount),
  };
  const offers = [found.offer, more.offer].flatMap((offer) => (offer ? [offer] : []));
  const [first] = offers;
  const merged: AppliedAllocation = {
    ...found,
    ...more,
    amount: found.amount + more.amount,
    ...(discount > 0 && { discount }),
    ...(difference && { difference }),
    ...(first && { offer: { until: first.until, tax: offers.reduce((sum, { tax }) => sum + tax, 0) } }),
  };
  return allocations.map((allocation) => (allocation === found ? merged : allocation));
}
