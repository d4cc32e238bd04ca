import type { Item } from '#shared/table/table.ts';
import { indexNames, projected } from './storage.ts';
import { itemSize, sameValue } from './values.ts';

/** What DynamoDB would bill, in read and write request units, and how many requests. */
export type Units = { reads: number; writes: number; calls: number };

/** Read units for `bytes` read in one request: 4 KB each, half when eventually consistent. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Write units of turning `before` into `after`: 1 KB each by the larger of the two, double in a transaction
 * (it is prepared, then committed); an index is billed for each entry that comes, goes or changes.
 */
export function writeUnits(
  before: Item | undefined,
  after: Item | undefined,
  transactional: boolean,
): number {
  const base = Math.max(1, kilobytes(before), kilobytes(after)) * (transactional ? 2 : 1);
  return indexNames.reduce((sum, name) => {
    const [gone, come] = [before && projected(name, before), after && projected(name, after)];
    return sum + indexUnits(gone, come, (entry) => entryKey(entry));
  }, base);
}

function indexUnits(gone: Item | undefined, come: Item | undefined, keyOf: (entry: Item) => string): number {
  if (gone && come && keyOf(gone) === keyOf(come)) {
    return sameValue(gone, come) ? 0 : Math.max(kilobytes(gone), kilobytes(come));
  }
  return kilobytes(gone) + kilobytes(come);
}

const entryKey = (entry: Item) =>
  [entry['OPK'], entry['OSK'], entry['DPK'], entry['DSK'], entry['RPK'], entry['RSK']].join('\u0000');

const kilobytes = (item: Item | undefined) => (item ? Math.ceil(itemSize(item) / 1024) : 0);
