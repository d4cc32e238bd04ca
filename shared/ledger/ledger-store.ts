import * as z from 'zod';
import { addDays } from '../kernel/calendar.ts';
import { CustomerId } from '../kernel/ids.ts';
import { CalendarDate } from '../kernel/time.ts';
import { afterAll, keys, owners, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { AccountMovement, movementOf } from './account-movement.ts';
import { Entry } from './ledger.ts';

/** No books are older: entries are dated the day they are made, and this program did not exist before. */
export const BOOKS_BEGIN = CalendarDate.parse('2026-01-01');

type ReadOptions = { readonly consistent?: boolean };

const Whose = z.object({ customerId: CustomerId.optional() });

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
    item: { ...keys.entry(entry.date, entry.entryId), ...entry, ...indexed(entry) },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
}

/** All entries of a day in the company's time zone, oldest first. Half a read unit per 4 KB. */
export async function loadEntriesOfDay(
  table: Table,
  date: CalendarDate,
  options: ReadOptions = {},
): Promise<Entry[]> {
  return (await loadDayOf(table, date, options)).map(entryOf);
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

function loadDayOf(table: Table, date: CalendarDate, options: ReadOptions = {}): Promise<Item[]> {
  return queryAll(table, { partition: `${prefixes.ledgerDay}${date}`, prefix: prefixes.entry, ...options });
}

/** Whose accounts moved on a day: each once, in any order. */
export async function loadCustomersOfDay(table: Table, date: CalendarDate): Promise<Set<CustomerId>> {
  const entries = await loadDayOf(table, date);
  return new Set(entries.flatMap((entry) => Whose.parse(entry).customerId ?? []));
}

/**
 * What changed a customer's account until the end of `to`, oldest first: one query of an index that holds the amounts,
 * some 20 of them in a read unit of 8 KB. No entry is read itself.
 */
export async function loadMovements(
  table: Table,
  customerId: CustomerId,
  to: CalendarDate,
): Promise<AccountMovement[]> {
  const items = await queryAll(table, {
    index: 'byOwner',
    partition: owners.customer(customerId, 'ledger'),
    to: afterAll(to),
  });
  return items.map((item) => AccountMovement.parse(item['sum']));
}

/** An entry is found by its customer as well; an entry never changes, so neither does what the index holds of it. */
function indexed(entry: Entry) {
  const { customerId } = entry;
  if (customerId === undefined) return {};
  return {
    OPK: owners.customer(customerId, 'ledger'),
    OSK: `${entry.date}#${entry.at}#${entry.entryId}`,
    sum: movementOf(entry),
  };
}

/** @throws ZodError when the item is no entry */
function entryOf({ PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, sum: _sum, ...entry }: Item): Entry {
  return Entry.parse(entry);
}
