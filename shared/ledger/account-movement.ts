import * as z from 'zod';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import type { AccountRole } from './chart.ts';
import { type Entry, EntryKind } from './ledger.ts';

/** Entries of these kinds move a customer's account. */
const MovementKind = EntryKind.exclude(['fee', 'bank']);

/**
 * What one entry does to what its customer owes: `amount` in minor units, positive where it owes more. `discount` is
 * how much of it was not paid but taken off for paying early, zero or less.
 */
export const AccountMovement = z.object({
  date: CalendarDate,
  kind: MovementKind,
  reference: z.string(),
  source: z.string(),
  currency: Currency,
  amount: Minor,
  discount: Minor.max(0).optional(),
});
export type AccountMovement = z.infer<typeof AccountMovement>;

/** The customer's side of an entry: claims, less what is kept for the customer. @throws ZodError for one of no customer */
export function movementOf(entry: Entry): AccountMovement {
  const { date, reference, source, currency } = entry;
  const kind = MovementKind.parse(entry.kind);
  const discount = kind === 'payment' || kind === 'allocation' ? discountIn(entry) : 0;
  return {
    date,
    kind,
    reference,
    source,
    currency,
    amount: postedTo(entry, ['receivables', 'unapplied']),
    ...(discount !== 0 && { discount }),
  };
}

/**
 * What the entry of a credit note credits, minor units: more than what its customer owes goes down by where it takes back
 * a discount or a loss, which is a debit to receivables.
 */
export function creditedBy({ postings }: Pick<Entry, 'postings'>): number {
  return postings.reduce(
    (sum, { account, amount }) =>
      account === 'unapplied' || (account === 'receivables' && amount < 0) ? sum - amount : sum,
    0,
  );
}

/** What the entry of a payment or of its allocation takes back of sales and tax is what was taken off for paying early. */
function discountIn(entry: Entry): number {
  return -postedTo(entry, ['discounts_allowed', 'output_tax']);
}

function postedTo({ postings }: Entry, accounts: readonly AccountRole[]): number {
  return postings.reduce((sum, { account, amount }) => (accounts.includes(account) ? sum + amount : sum), 0);
}
