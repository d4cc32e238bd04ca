import type { MemoryTable } from '../builders/memory-table.ts';

/** Ids that are made anew each time things happen; those that are chosen, or made of what is told, stay. */
const MADE = /(?<=\b(?:pay|ent|ddb|rfd|crn|adv|ret)_)[0-9a-hjkmnp-tv-z]{26}/g;

/** All that lies in `table`, as texts in which made ids are hidden, sorted: the same for two tables that tell the same. */
export function masked(table: MemoryTable): string[] {
  return table
    .items()
    .map((item) => JSON.stringify(sorted(item)).replace(MADE, '…'))
    .toSorted();
}

/** With the attributes of every object by name: the order in which they came to be says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
