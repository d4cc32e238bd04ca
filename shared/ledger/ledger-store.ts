import { addDays } from '../kernel/calendar.ts';
import { CalendarDate } from '../kernel/time.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { Entry } from './ledger.ts';

/** No books are older: entries are dated the day they are made, and this program did not exist before. */
export const BOOKS_BEGIN = CalendarDate.parse('2026-01-01');

type ReadOptions = { readonly consistent?: boolean };

/**
 * The write that posts `entry`, for the transaction of the business event it books. Refused when it is there.
 * @throws RangeError when its postings don't add up to zero: a mistake in the program
 */
export function postEntry(entry: Entry): Action {
  const difference = entry.postings.reduce((sum, { amount }) => sum + amount, 0);
  if (difference !== 0)
    throw new RangeError(`the entry of ${entry.reference} is out of balance by ${difference}`);
  return {
    do: 'put',
    item: { ...keys.entry(entry.date, entry.entryId), ...entry },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
}

/** All entries of a day in the company's time zone, oldest first. Half a read unit per 4 KB. */
export async function loadEntriesOfDay(
  table: Table,
  date: CalendarDate,
  options: ReadOptions = {},
): Promise<Entry[]> {
  const partition = `${prefixes.ledgerDay}${date}`;
  return (await queryAll(table, { partition, prefix: prefixes.entry, ...options })).map(entryOf);
}

/**
 * The entries from `from` to `to`, both included, a day at a time and oldest first. Half a read unit per 4 KB, and per
 * day without any.
 * @param options.ahead days read side by side: many to sum up, few where the reader may stop early
 */
export async function* entriesByDay(
  table: Table,
  from: CalendarDate,
  to: CalendarDate,
  { ahead = 16, ...options }: ReadOptions & { readonly ahead?: number } = {},
): AsyncGenerator<Entry[]> {
  let next = from;
  while (next <= to) {
    const days = [next];
    while (days.length < ahead && (days.at(-1) ?? to) < to) days.push(addDays(days.at(-1) ?? to, 1));
    yield* await Promise.all(days.map((day) => loadEntriesOfDay(table, day, options)));
    next = addDays(days.at(-1) ?? to, 1);
  }
}

function entryOf({ PK: _pk, SK: _sk, ...entry }: Item): Entry {
  return Entry.parse(entry);
}
