import type { OpenCredit, OpenItem } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import { formatMoney } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { MAX_ALLOCATIONS, unreserved } from '../payment/payment.ts';
import { checkAllocations, settle } from '../payment/record-payment.ts';
import { type Undoing, undoAllocations } from '../payment/undo-allocations.ts';

/** `amount` of a credit note set against an invoice; minor units. */
export type Netting = { readonly invoiceId: InvoiceId; readonly amount: number };

/** A credit note of which more or less is set against invoices than before, and what became of these. */
export type NettedCredit = {
  readonly before: OpenCredit;
  readonly credit: OpenCredit;
  readonly nettings: readonly Netting[];
  readonly items: readonly { readonly before: OpenItem; readonly after: OpenItem }[];
};

/**
 * Sets what is not used of a credit note against open invoices of its customer. No discount is taken: that is for money.
 * @param nettings each invoice once
 * @throws DomainError `allocation_exceeds_payment` beyond what is not used, `invoice_not_found`, `invoice_not_open`,
 * `allocation_wrong_customer`, `currency_mismatch`, `allocation_exceeds_balance`; `validation_failed` for too many
 */
export function netCredit(
  credit: OpenCredit,
  nettings: readonly Netting[],
  items: readonly OpenItem[],
  { at, today }: { readonly at: Instant; readonly today: CalendarDate },
): NettedCredit {
  const { customerId, currency, unapplied, number } = credit;
  const amount = sumOf(nettings);
  const free = unreserved(credit);
  if (amount > free) {
    throw new DomainError(
      'allocation_exceeds_payment',
      `The allocations add up to ${formatMoney(amount, currency)}; of ${number} ${formatMoney(free, currency)} is not used and waits for no refund.`,
      { issues: [{ path: 'allocations', message: `must add up to ${free} at most` }] },
    );
  }
  checkAllocations({ customerId, currency, receivedOn: today, allocations: nettings }, items);
  const netted = nettings.reduce(mergeInto, [...(credit.netted ?? [])]);
  if (netted.length > MAX_ALLOCATIONS) {
    throw new DomainError(
      'validation_failed',
      'Too many invoices for one credit note. Take others off first.',
      {
        issues: [{ path: 'allocations', message: `must leave ${MAX_ALLOCATIONS} invoices at most` }],
      },
    );
  }
  return {
    before: credit,
    credit: changed(credit, netted, unapplied - amount),
    nettings,
    items: settle(nettings, items, at).settled,
  };
}

/**
 * Takes what was netted later back: the invoices are owed again. What the credit note settled when it was issued stays.
 * @param wanted each invoice once; all of it where no amount is given
 * @throws DomainError `allocation_exceeds_payment` where less was netted than is to be taken back
 */
export function unnetCredit(
  credit: OpenCredit,
  wanted: readonly { readonly invoiceId: InvoiceId; readonly amount?: number | undefined }[],
  undoing: Undoing,
): NettedCredit {
  const before = credit.netted ?? [];
  const nettings = wanted.map(({ invoiceId, amount }, index) => {
    const there = before.find((netting) => netting.invoiceId === invoiceId)?.amount ?? 0;
    if (there === 0 || (amount ?? there) > there) {
      throw new DomainError(
        'allocation_exceeds_payment',
        `Of ${credit.number} less was set against an invoice than was to be taken back.`,
        { issues: [{ path: `allocations.${index}.amount`, message: `must be at most ${there}` }] },
      );
    }
    return { invoiceId, amount: amount ?? there };
  });
  const left = before.flatMap(({ invoiceId, amount }) => {
    const rest = amount - (nettings.find((netting) => netting.invoiceId === invoiceId)?.amount ?? 0);
    return rest > 0 ? [{ invoiceId, amount: rest }] : [];
  });
  return {
    before: credit,
    credit: changed(credit, left, credit.unapplied + sumOf(nettings)),
    nettings,
    items: undoAllocations(nettings, undoing).reopened,
  };
}

function changed(
  { netted: _netted, ...credit }: OpenCredit,
  netted: Netting[],
  unapplied: number,
): OpenCredit {
  return { ...credit, ...(netted.length > 0 && { netted }), unapplied, version: credit.version + 1 };
}

/** Each invoice stands among them once. */
function mergeInto(all: { invoiceId: InvoiceId; amount: number }[], more: Netting) {
  const found = all.find(({ invoiceId }) => invoiceId === more.invoiceId);
  return found
    ? all.map((one) => (one === found ? { ...one, amount: one.amount + more.amount } : one))
    : [...all, { ...more }];
}

function sumOf(nettings: readonly Netting[]): number {
  return nettings.reduce((sum, { amount }) => sum + amount, 0);
}
