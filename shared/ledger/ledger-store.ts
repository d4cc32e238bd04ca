import type { CalendarDate } from '../kernel/time.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { Entry } from './ledger.ts';

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

/** All entries of a day in the company's time zone, oldest first. */
export async function loadEntriesOfDay(table: Table, date: CalendarDate): Promise<Entry[]> {
  return (await queryAll(table, { partition: `${prefixes.ledgerDay}${date}` })).map(entryOf);
}

function entryOf({ PK: _pk, SK: _sk, ...entry }: Item): Entry {
  return Entry.parse(entry);
}
