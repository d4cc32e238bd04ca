import { formatAmount, percentOf } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { DifferenceAccount } from '../ledger/chart.ts';
import type { MatchLine, OpenCandidate } from './candidate-source.ts';
import type { MatchAllocation } from './match.ts';
import type { MatchingPolicy } from './matching-policy.ts';

/** How money and what is owed go together. Amounts in minor units. */
export type Fit =
  | { readonly kind: 'exact' | 'discount' | 'tolerance'; readonly allocations: readonly MatchAllocation[] }
  | { readonly kind: 'short'; readonly missing: number }
  | { readonly kind: 'over'; readonly over: number };

/** Discounts are tried one by one up to so many invoices: 64 ways. */
const MAX_MIXED_DISCOUNTS = 6;

/** What may still be taken off for paying early on `date`. */
export function discountFor(item: OpenCandidate, date: CalendarDate): number {
  return item.discount && date <= item.discount.until ? item.discount.amount : 0;
}

/** The day the money counts as paid. */
export function paidOn(line: Pick<MatchLine, 'bookedOn' | 'valueOn'>): CalendarDate {
  return line.valueOn ?? line.bookedOn;
}

/** Whether `item` is exactly what the line pays, with or without its discount. */
export function fitsOne(line: MatchLine, item: OpenCandidate): boolean {
  if (item.balance < 1 || item.currency !== line.currency) return false;
  return line.amount === item.balance || line.amount === item.balance - discountFor(item, paidOn(line));
}

/**
 * How the line's amount settles `items`, all in its currency and owed: exactly, less discounts in time, or less what the
 * policy tolerates. What is short by exactly a discount that ended is short: it is no fee.
 */
export function fitAmount(line: MatchLine, items: readonly OpenCandidate[], policy: MatchingPolicy): Fit {
  const total = items.reduce((sum, { balance }) => sum + balance, 0);
  const missing = total - line.amount;
  if (missing < 0) return { kind: 'over', over: -missing };
  if (missing === 0) return { kind: 'exact', allocations: allocationsOf(items, new Set(), paidOn(line)) };

  const discounted = items.filter((item) => discountFor(item, paidOn(line)) > 0);
  const taken = discountsTaken(discounted, missing, paidOn(line));
  if (taken) return { kind: 'discount', allocations: allocationsOf(items, taken, paidOn(line)) };

  const late = items.reduce((sum, item) => sum + (item.discount?.amount ?? 0), 0);
  if (discounted.length < items.length && late === missing) return { kind: 'short', missing };
  const all = new Set(discounted);
  const off = discounted.reduce((sum, item) => sum + discountFor(item, paidOn(line)), 0);
  for (const [takes, lacking] of [
    [all, missing - off] as const,
    [new Set<OpenCandidate>(), missing] as const,
  ]) {
    const account = lacking > 0 ? toleratedAs(line, lacking, total, policy) : undefined;
    const allocations = allocationsOf(items, takes, paidOn(line));
    const bearer = allocations.toSorted((one, other) => other.amount - one.amount)[0];
    if (account === undefined || !bearer || bearer.amount <= lacking) continue;
    const less = {
      ...bearer,
      amount: bearer.amount - lacking,
      difference: { amount: lacking, account },
    };
    return { kind: 'tolerance', allocations: allocations.map((part) => (part === bearer ? less : part)) };
  }
  return { kind: 'short', missing };
}

function allocationsOf(
  items: readonly OpenCandidate[],
  takes: ReadonlySet<OpenCandidate>,
  date: CalendarDate,
): MatchAllocation[] {
  return items.map((item) => {
    const discount = takes.has(item) ? discountFor(item, date) : 0;
    const amount = item.balance - discount;
    return { invoiceId: item.invoiceId, amount, ...(discount > 0 && { discount }) };
  });
}

/** The items whose discounts sum to `missing`: all of them, or the one choice that does. */
function discountsTaken(
  items: readonly OpenCandidate[],
  missing: number,
  date: CalendarDate,
): Set<OpenCandidate> | undefined {
  const sumOf = (chosen: readonly OpenCandidate[]) =>
    chosen.reduce((sum, item) => sum + discountFor(item, date), 0);
  if (items.length === 0) return undefined;
  if (sumOf(items) === missing) return new Set(items);
  if (items.length > MAX_MIXED_DISCOUNTS) return undefined;
  const choices: OpenCandidate[][] = [];
  for (let mask = 1; mask < 2 ** items.length; mask++) {
    const chosen = items.filter((_, index) => Math.floor(mask / 2 ** index) % 2 === 1);
    if (sumOf(chosen) === missing) choices.push(chosen);
  }
  return choices.length === 1 ? new Set(choices[0]) : undefined;
}

function toleratedAs(
  line: MatchLine,
  lacking: number,
  total: number,
  { tolerances }: MatchingPolicy,
): DifferenceAccount | undefined {
  if (line.charges === lacking) return 'payment_fees';
  return tolerances.find(({ fixed, percent }) => {
    const limits = [
      ...(Object.keys(fixed).length > 0 ? [fixed[line.currency] ?? 0] : []),
      ...(percent === undefined ? [] : [percentOf(total, percent, line.currency)]),
    ];
    return limits.length > 0 && lacking <= Math.min(...limits);
  })?.account;
}

/** What a fit says to a person. */
export function tellFit(fit: Fit, line: MatchLine): string {
  const money = (amount: number) => `${line.currency} ${formatAmount(amount, line.currency)}`;
  switch (fit.kind) {
    case 'exact':
      return 'amount is exactly what is owed';
    case 'discount':
      return 'amount is what is owed less the discount for paying early, in time';
    case 'tolerance': {
      const difference = fit.allocations.find((part) => part.difference)?.difference;
      return `amount is short by ${money(difference?.amount ?? 0)}, within tolerance: ${(difference?.account ?? '').replace('_', ' ')}`;
    }
    case 'short':
      return `amount is short by ${money(fit.missing)}`;
    case 'over':
      return `amount is more by ${money(fit.over)} than what is owed`;
    default:
      return fit satisfies never;
  }
}
