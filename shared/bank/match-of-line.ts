import type { OpenItem } from '../invoice/invoice.ts';
import type { Match } from '../matching/match.ts';
import { settledBy } from '../payment/payment.ts';
import type { LineMatch } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';

/** A match as a line keeps it. */
export function lineMatchOf(match: Match): LineMatch {
  const { line: _line, outcome: _outcome, reasons, allocations, ...rest } = match;
  return {
    ...rest,
    reasons: [...reasons],
    allocations: allocations.map((allocation) => ({ ...allocation })),
  };
}

/** What is told of a line that nothing was matched with. */
export function unmatched(
  entry: StatementEntry,
  reasons: readonly string[],
  policyVersion = 'none',
): LineMatch {
  return {
    rule: 'none',
    score: 0,
    reasons: [...reasons],
    allocations: [],
    unapplied: Math.max(0, entry.amount),
    policyVersion,
  };
}

/** Why money that went out waits: what of the bank's own words tells a person where it belongs. */
export function reasonsOfMoneyOut({ returnReason, endToEndId }: StatementEntry): string[] {
  if (returnReason === undefined) return ['money out is confirmed or booked by a person'];
  const which = endToEndId === undefined ? '' : ` with the reference ${endToEndId}`;
  return [`the bank returned a payment${which}: ${returnReason}. Reverse that payment`];
}

/**
 * A match as far as it still fits what is owed: invoices settled meanwhile are left out, of the others no more is
 * allocated than is owed, and the rest stays on account.
 */
export function fitted(
  match: LineMatch,
  items: readonly OpenItem[],
  entry: StatementEntry,
  why: string,
): LineMatch {
  const owed = new Map<string, number>(items.map(({ invoiceId, balance }) => [invoiceId, balance]));
  const allocations = match.allocations.flatMap((allocation) => {
    const balance = owed.get(allocation.invoiceId) ?? 0;
    if (balance === 0) return [];
    if (settledBy(allocation) <= balance) return [allocation];
    return [{ invoiceId: allocation.invoiceId, amount: Math.min(allocation.amount, balance) }];
  });
  const allocated = allocations.reduce((sum, { amount }) => sum + amount, 0);
  return { ...match, allocations, unapplied: entry.amount - allocated, reasons: [...match.reasons, why] };
}
