import { type IndexName, tableNames } from '#shared/table/names.ts';
import type { Item, Key, Page, Query } from '#shared/table/table.ts';
import { compareText, copyItem, itemSize, keyText, ValidationException } from './values.ts';

const PAGE_BYTES = 1024 * 1024;

type Partitions = Map<string, Map<string, Item>>;
type KeyNames = { partitionKey: string; sortKey: string };

/** The items and their sparse indexes. Items in here are never handed out nor changed in place. */
export class Storage {
  readonly #items: Partitions = new Map();
  readonly #indexes: Record<IndexName, Partitions> = {
    byOwner: new Map(),
    byDue: new Map(),
    byReference: new Map(),
  };

  find({ PK, SK }: Key): Item | undefined {
    return this.#items.get(PK)?.get(SK);
  }

  /** Stores `next` in the place of `before`, in the indexes too. */
  replace(before: Item | undefined, next: Item | undefined): void {
    if (before) drop(this.#items, before.PK, before.SK);
    if (next) put(this.#items, next.PK, next.SK, next);
    for (const name of indexNames) {
      const index = this.#indexes[name];
      const [gone, come] = [before && projected(name, before), next && projected(name, next)];
      if (before && gone) drop(index, partitionIn(name, gone), keyText(before));
      if (next && come) put(index, partitionIn(name, come), keyText(next), come);
    }
  }

  /** Every item by key. */
  all(): Item[] {
    return [...this.#items.values()]
      .flatMap((partition) => [...partition.values()])
      .sort((left, right) => compareText(left.PK, right.PK) || compareText(left.SK, right.SK));
  }

  /** A page of `query` with copies of the items, and the bytes read for it. */
  query(query: Query): Page & { bytes: number } {
    checkBounds(query);
    const names: KeyNames = query.index ? tableNames.indexes[query.index] : tableNames;
    const source = query.index ? this.#indexes[query.index] : this.#items;
    const direction = query.newestFirst ? -1 : 1;
    const order = (left: Readonly<Record<string, unknown>>, right: Readonly<Record<string, unknown>>) =>
      direction *
      (compareText(text(left, names.sortKey), text(right, names.sortKey)) ||
        compareText(text(left, 'PK'), text(right, 'PK')) ||
        compareText(text(left, 'SK'), text(right, 'SK')));
    const { after } = query;
    const found = [...(source.get(query.partition)?.values() ?? [])]
      .filter((item) => inBounds(text(item, names.sortKey), query))
      .sort(order)
      .filter((item) => !after || order(after, item) < 0);

    const items: Item[] = [];
    let bytes = 0;
    for (const item of found) {
      items.push(copyItem(item));
      bytes += itemSize(item);
      // Like DynamoDB, which stops without looking whether anything follows.
      if (items.length === query.limit || bytes >= PAGE_BYTES)
        return { items, bytes, next: cursor(item, names) };
    }
    return { items, bytes };
  }
}

/** What an index holds of `item`: keys and the included attributes; undefined when it is not in the index. */
export function projected(index: IndexName, item: Item): Item | undefined {
  const { partitionKey, sortKey, include } = tableNames.indexes[index];
  if (item[partitionKey] === undefined || item[sortKey] === undefined) return undefined;
  const entry: Record<string, unknown> = {};
  for (const name of [partitionKey, sortKey, ...include]) {
    if (item[name] !== undefined) entry[name] = item[name];
  }
  return { ...entry, PK: item.PK, SK: item.SK };
}

export const indexNames = ['byOwner', 'byDue', 'byReference'] as const satisfies readonly IndexName[];

function partitionIn(index: IndexName, entry: Item): string {
  return text(entry, tableNames.indexes[index].partitionKey);
}

function text(item: Readonly<Record<string, unknown>>, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new ValidationException(`${name} must be a text`);
  return value;
}

function put(partitions: Partitions, partition: string, key: string, item: Item): void {
  const items = partitions.get(partition);
  if (items) items.set(key, item);
  else partitions.set(partition, new Map([[key, item]]));
}

function drop(partitions: Partitions, partition: string, key: string): void {
  partitions.get(partition)?.delete(key);
}

function cursor(item: Item, names: KeyNames): Record<string, string> {
  return {
    PK: item.PK,
    SK: item.SK,
    [names.partitionKey]: text(item, names.partitionKey),
    [names.sortKey]: text(item, names.sortKey),
  };
}

function inBounds(sortKey: string, { prefix, from, to }: Query): boolean {
  if (prefix !== undefined) return sortKey.startsWith(prefix);
  if (from !== undefined && compareText(sortKey, from) < 0) return false;
  return to === undefined || compareText(sortKey, to) <= 0;
}

function checkBounds(query: Query): void {
  const { partition, prefix, from, to, limit, consistent, index } = query;
  if ([partition, prefix, from, to].includes(''))
    throw new ValidationException('a key cannot be compared with an empty text');
  if (prefix === undefined && from !== undefined && to !== undefined && compareText(from, to) > 0) {
    throw new ValidationException('BETWEEN needs an upper bound that is not below the lower one');
  }
  if (limit !== undefined && limit < 0) throw new ValidationException('Limit must be at least 1');
  if (consistent && index)
    throw new ValidationException('Consistent reads are not supported on global secondary indexes');
}
