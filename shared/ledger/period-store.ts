import { recordFact } from '../fact/record-fact.ts';
import { addDays } from '../kernel/calendar.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, ledgerPartitions, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { Entry } from './ledger.ts';
import { BOOKS_BEGIN, entriesByDay } from './ledger-store.ts';
import { assertClosable, ClosedPeriod, firstDayOf, lastDayOf, type Month, monthOf } from './period.ts';
import { addEntries, type BookSums, noSums } from './trial-balance.ts';

type ReadOptions = { readonly consistent?: boolean };

/** The months closed so far, oldest first: one read unit for about thirty. */
export async function loadClosedPeriods(table: Table): Promise<ClosedPeriod[]> {
  const items = await queryAll(table, { partition: ledgerPartitions.periods, prefix: prefixes.period });
  return items.map(periodOf);
}

/** The closed month, if it is. */
export async function loadClosedPeriod(table: Table, month: Month): Promise<ClosedPeriod | undefined> {
  const item = await table.get(keys.period(month), { consistent: true });
  return item && periodOf(item);
}

/**
 * Everything posted up to the end of `date`: the last month closed by then and the days since, so that only these are
 * read. Where no month was closed yet, all days since the books began.
 */
export async function loadSums(table: Table, date: CalendarDate): Promise<BookSums> {
  const closed = await lastClosedBefore(table, monthOf(addDays(date, 1)));
  let sums: BookSums = closed ?? noSums;
  for await (const entries of entriesByDay(table, dayAfter(closed), date)) sums = addEntries(entries, sums);
  return sums;
}

/** What was posted from `from` to `to`, both included. */
export async function loadTurnover(table: Table, from: CalendarDate, to: CalendarDate): Promise<BookSums> {
  let sums = noSums;
  for await (const entries of entriesByDay(table, from, to)) sums = addEntries(entries, sums);
  return sums;
}

/** The first day after the closed months that has entries, up to `to`. */
export async function firstOpenDay(
  table: Table,
  closed: ClosedPeriod | undefined,
  to: CalendarDate,
): Promise<CalendarDate | undefined> {
  for await (const [first] of entriesByDay(table, dayAfter(closed), to)) if (first) return first.date;
  return undefined;
}

type Doing = {
  readonly actor: string;
  readonly at: Instant;
  readonly timeZone: string;
  readonly remember: (factId: string) => Action;
};

/**
 * Closes `month`: what was posted up to its end is summed up and kept. Reads all entries since the last closed month.
 * @throws DomainError `period_not_ended`, `period_closed`, `period_before_open`, or `version_conflict` when someone else
 *   closed it at the same moment
 */
export async function closePeriod(table: Table, month: Month, doing: Doing): Promise<ClosedPeriod> {
  const { actor, at, timeZone, remember } = doing;
  const today = dateIn(timeZone, at);
  const last = await lastClosedBefore(table, undefined, { consistent: true });
  assertClosable(month, today, last?.month, undefined);

  let sums: BookSums = last ?? noSums;
  let first: Entry | undefined;
  const days = entriesByDay(table, dayAfter(last), lastDayOf(month), { consistent: true });
  for await (const entries of days) {
    first ??= entries[0];
    sums = addEntries(entries, sums);
  }
  assertClosable(month, today, last?.month, first && monthOf(first.date));

  const { entries, turnover } = sums;
  const period = ClosedPeriod.parse({ month, closedAt: at, closedBy: actor, entries, turnover });
  const key = keys.period(month);
  await commit(table, [
    remember(`${key.PK}.${month}`),
    {
      do: 'put',
      item: { ...key, ...period },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('period'),
    },
    recordFact('period.closed', key.PK, month, { at, actor, data: { month, entries } }),
  ]);
  return period;
}

/** The last month closed that is before `month`; the last of all when left out. */
async function lastClosedBefore(
  table: Table,
  month: Month | undefined,
  options: ReadOptions = {},
): Promise<ClosedPeriod | undefined> {
  const { items } = await table.query({
    partition: ledgerPartitions.periods,
    ...(month === undefined
      ? { prefix: prefixes.period }
      : { from: prefixes.period, to: keys.period(monthOf(addDays(firstDayOf(month), -1))).SK }),
    newestFirst: true,
    limit: 1,
    ...options,
  });
  return items[0] && periodOf(items[0]);
}

function dayAfter(period: { readonly month: Month } | undefined): CalendarDate {
  return period ? addDays(lastDayOf(period.month), 1) : BOOKS_BEGIN;
}

function periodOf({ PK: _pk, SK: _sk, ...period }: Item): ClosedPeriod {
  return ClosedPeriod.parse(period);
}
