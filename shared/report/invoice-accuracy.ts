import type { CorrectionReason } from '../invoice/invoice.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';

/**
 * Whether a correction says that the invoice was wrong. Goods that come back, goodwill and an order that is called off
 * say nothing about the invoice.
 */
const isError: Readonly<Record<CorrectionReason, boolean>> = {
  price: true,
  quantity: true,
  tax: true,
  address: true,
  duplicate: true,
  other: true,
  goods_returned: false,
  goodwill: false,
  cancelled: false,
};

/** Credit notes of one reason: how many, of how many invoices, over how much (tax included, minor units). */
type CorrectionFigures = {
  reason: CorrectionReason;
  error: boolean;
  creditNotes: number;
  invoices: number;
  amounts: { currency: Currency; amount: number }[];
};

/**
 * How many invoices were right the first time. `issued` = `wrong` + `otherwiseCredited` + `uncorrected`. Shares in per
 * cent as decimals, missing where nothing was issued.
 */
export type InvoiceAccuracy = {
  from: CalendarDate;
  to: CalendarDate;
  /** Corrections were counted until then. */
  until: CalendarDate;
  issued: number;
  /** Corrected at least once for a reason that says it was wrong. */
  wrong: number;
  /** Credited, but never because it was wrong. */
  otherwiseCredited: number;
  uncorrected: number;
  /** Of the issued, those never corrected for being wrong. */
  accuracy?: string;
  /** Of the issued, those never corrected at all. */
  uncorrectedShare?: string;
  /** Errors first, the most frequent first. */
  reasons: CorrectionFigures[];
};

/** A credit note that corrects an invoice. `amount` is what it takes back, tax included, minor units. */
export type Correction = {
  invoiceId: string;
  reason: CorrectionReason;
  currency: Currency;
  amount: number;
};

/**
 * The accuracy of the invoices issued from `from` to `to`. A correction counts for the month of its invoice, however
 * late it comes.
 * @param issued the ids of these invoices
 * @param credited every correction until `until`; those of other invoices don't count
 */
export function measureAccuracy(
  { from, to, until }: { from: CalendarDate; to: CalendarDate; until: CalendarDate },
  issued: ReadonlySet<string>,
  credited: readonly Correction[],
): InvoiceAccuracy {
  const corrections = credited.filter(({ invoiceId }) => issued.has(invoiceId));
  const wrong = new Set(
    corrections.filter(({ reason }) => isError[reason]).map(({ invoiceId }) => invoiceId),
  );
  const touched = new Set(corrections.map(({ invoiceId }) => invoiceId));
  const all = issued.size;
  return {
    from,
    to,
    until,
    issued: all,
    wrong: wrong.size,
    otherwiseCredited: touched.size - wrong.size,
    uncorrected: all - touched.size,
    ...(all > 0 && {
      accuracy: percentage(all - wrong.size, all),
      uncorrectedShare: percentage(all - touched.size, all),
    }),
    reasons: figuresOf(corrections),
  };
}

function figuresOf(corrections: readonly Correction[]): CorrectionFigures[] {
  const reasons = new Map<CorrectionReason, Correction[]>();
  for (const correction of corrections) {
    reasons.set(correction.reason, [...(reasons.get(correction.reason) ?? []), correction]);
  }
  return [...reasons]
    .map(([reason, found]) => ({
      reason,
      error: isError[reason],
      creditNotes: found.length,
      invoices: new Set(found.map(({ invoiceId }) => invoiceId)).size,
      amounts: amountsOf(found),
    }))
    .sort(
      (one, other) =>
        Number(other.error) - Number(one.error) ||
        other.creditNotes - one.creditNotes ||
        one.reason.localeCompare(other.reason),
    );
}

function amountsOf(corrections: readonly Correction[]): CorrectionFigures['amounts'] {
  const amounts = new Map<Currency, number>();
  for (const { currency, amount } of corrections)
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  return [...amounts]
    .map(([currency, amount]) => ({ currency, amount }))
    .sort((one, other) => one.currency.localeCompare(other.currency));
}

/**
 * `part` of `whole` in per cent with two digits, cut off rather than rounded: 99.99 is not 100 while one invoice was
 * wrong.
 */
function percentage(part: number, whole: number): string {
  const hundredths = Math.floor((part * 10_000) / whole);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
