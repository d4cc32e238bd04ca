import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { AccountRole } from './chart.ts';
import type { Entry, EntryKind } from './ledger.ts';
import type { BookSums } from './trial-balance.ts';

/** A line of an account: what an entry posted to it, and the balance after that. Minor units, debits positive. */
type AccountLine = {
  readonly date: CalendarDate;
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly source: string;
  readonly reference: string;
  readonly customerId?: string | undefined;
  readonly amount: number;
  readonly balance: number;
};

/** What an account stands at, debits less credits. */
export function balanceOf({ turnover }: BookSums, account: AccountRole, currency: Currency): number {
  return turnover.reduce(
    (sum, each) =>
      each.account === account && each.currency === currency ? sum + each.debits - each.credits : sum,
    0,
  );
}

/**
 * The next lines of an account, one for each entry that touches it.
 * @param days entries day by day
 * @param opening balance before the first of them
 * @param wanted which of the entries are still to be shown
 */
export async function fillAccountPage(
  days: AsyncIterable<Entry[]>,
  {
    role,
    currency,
    opening,
    limit,
  }: { role: AccountRole; currency: Currency; opening: number; limit: number },
  wanted: (entry: Entry) => boolean,
): Promise<{ lines: AccountLine[]; closing: number; stoppedAfter?: Entry }> {
  const lines: AccountLine[] = [];
  let balance = opening;
  let last: Entry | undefined;
  for await (const entries of days) {
    for (const entry of entries) {
      const { date, entryId, kind, source, reference, customerId, postings } = entry;
      const here = postings.filter(({ account }) => account === role);
      if (entry.currency !== currency || here.length === 0 || !wanted(entry)) continue;
      if (last && lines.length === limit) return { lines, closing: balance, stoppedAfter: last };
      const amount = here.reduce((sum, posting) => sum + posting.amount, 0);
      balance += amount;
      lines.push({ date, entryId, kind, source, reference, customerId, amount, balance });
      last = entry;
    }
  }
  return { lines, closing: balance };
}
