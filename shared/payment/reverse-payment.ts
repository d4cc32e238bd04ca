import { DomainError } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { type AppliedAllocation, allocatedBy, type Payment, type ReversalKind } from './payment.ts';
import { takeOff, type Undoing, type Undone, undoAllocations } from './undo-allocations.ts';

/** Why money is gone again; `today` is the company's day at `at`. Amounts in minor units. */
export type Reversal = {
  readonly kind: ReversalKind;
  readonly reason: string;
  /** All that is not refunded or reversed yet, when left out. */
  readonly amount?: number | undefined;
  /** What the bank or processor takes for it. */
  readonly fee?: number | undefined;
  /** The bank's or processor's own, the payment's when left out. */
  readonly reference?: string | undefined;
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly by: string;
};

export type ReversedPayment = Undone & {
  readonly before: Payment;
  readonly payment: Payment & { readonly reversed: number };
  readonly reversal: Reversal & { readonly amount: number; readonly reference: string };
  /** Of `amount`, what was not used, and what had settled invoices. */
  readonly fromUnapplied: number;
  readonly taken: readonly AppliedAllocation[];
  /** Of the fee kept from the payment, what never was: the payment was recorded in error. */
  readonly feeBack: number;
};

/**
 * A payment whose money is gone again, and the invoices that are owed once more. It is taken from what is not used, then
 * from the allocations, last first; a discount goes with the allocation it was taken with.
 * @throws DomainError `reversal_exceeds_payment`
 */
export function reversePayment(payment: Payment, undoing: Undoing, reversal: Reversal): ReversedPayment {
  const { unapplied, allocations, reversed = 0, refunded = 0, currency } = payment;
  const left = unapplied + allocatedBy(allocations);
  const amount = reversal.amount ?? left;
  if (amount > left || left === 0) {
    throw new DomainError(
      'reversal_exceeds_payment',
      `Of this payment ${formatMoney(left, currency)} is not refunded or reversed yet. Reverse that much at most.`,
      { issues: [{ path: 'amount', message: `must be at most ${left}` }] },
    );
  }
  const fromUnapplied = Math.min(amount, unapplied);
  const { taken, kept } = takeLastFirst(allocations, amount - fromUnapplied);
  const isWhole = reversed === 0 && refunded === 0 && amount === payment.amount;
  return {
    ...undoAllocations(taken, undoing),
    before: payment,
    payment: {
      ...payment,
      unapplied: unapplied - fromUnapplied,
      allocations: kept,
      reversed: reversed + amount,
      version: payment.version + 1,
    },
    reversal: { ...reversal, amount, reference: reversal.reference ?? payment.reference },
    fromUnapplied,
    feeBack: reversal.kind === 'error' && isWhole ? (payment.fee ?? 0) : 0,
  };
}

/** The invoices whose allocations a reversal undoes. */
export function invoicesToReopen(
  payment: Payment,
  amount: number | undefined,
): AppliedAllocation['invoiceId'][] {
  const all = payment.unapplied + allocatedBy(payment.allocations);
  const beyond = Math.max(0, Math.min(amount ?? all, all) - payment.unapplied);
  return takeLastFirst(payment.allocations, beyond).taken.map(({ invoiceId }) => invoiceId);
}

function takeLastFirst(allocations: readonly AppliedAllocation[], amount: number) {
  const taken: AppliedAllocation[] = [];
  const kept: AppliedAllocation[] = [];
  let rest = amount;
  for (const allocation of allocations.toReversed()) {
    const part = Math.min(rest, allocation.amount);
    rest -= part;
    if (part === 0) {
      kept.unshift(allocation);
      continue;
    }
    const off = takeOff(allocation, part);
    taken.push(off.taken);
    kept.unshift(...off.left);
  }
  return { taken, kept };
}
