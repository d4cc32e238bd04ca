import { addDays } from '../kernel/calendar.ts';
import { journalNumber } from '../ledger/journal.ts';
import { lastDayOf, monthOf } from '../ledger/period.ts';
import { addEntries, type Turnover } from '../ledger/trial-balance.ts';
import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * A. What was kept when a month was closed is what its entries and those before come to, and none was dated in it
 * afterwards.
 */
export function* closedBooksHold({ periods, entries }: Picture): Generator<Violation> {
  for (const { month, closedAt, entries: count, turnover } of periods) {
    const end = lastDayOf(month);
    const until = entries.filter(({ date }) => date <= end);
    const sums = addEntries(until);
    yield* unlessEqual('A', `entries up to the closed ${month}`, count, sums.entries);
    yield* unlessEqual('A', `sums up to the closed ${month}`, textOf(turnover), textOf(sums.turnover));
    for (const { entryId, date, at } of until) {
      if (monthOf(date) === month && at > closedAt)
        yield { invariant: 'A', detail: `${entryId} is dated ${date}, after ${month} was closed` };
    }
  }
}

/** B. Journals are numbered from 1 without gap, each goes on where the last ended, and holds all entries of its days. */
export function* journalsRunOn({ journals, entries }: Picture): Generator<Violation> {
  const inOrder = journals.toSorted((one, other) => one.ordinal - other.ordinal);
  for (const [index, journal] of inOrder.entries()) {
    const { number, ordinal, from, to } = journal;
    const before = inOrder[index - 1];
    yield* unlessEqual('B', `ordinal of ${number}`, ordinal, index + 1);
    yield* unlessEqual('B', `number of the journal ${ordinal}`, number, journalNumber(ordinal));
    if (before) yield* unlessEqual('B', `first day of ${number}`, from, addDays(before.to, 1));
    const held = entries.filter(({ date }) => date <= to && (before ? date > before.to : true));
    yield* unlessEqual('B', `entries of ${number}`, journal.entries, held.length);
  }
}

/** Turnover as one text to compare. */
function textOf(turnover: readonly Turnover[]): string {
  return turnover
    .map(({ currency, account, debits, credits }) => `${currency} ${account} ${debits} ${credits}`)
    .toSorted()
    .join(', ');
}
