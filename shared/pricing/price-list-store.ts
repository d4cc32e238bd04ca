import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import type { Sku } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { PriceListEntry, type PriceListId } from './price-list.ts';

const VersionedEntry = PriceListEntry.extend({ version: z.int().min(1) });
export type VersionedEntry = z.infer<typeof VersionedEntry>;
const EntryItem = z.object(VersionedEntry.shape);

export async function loadEntry(
  table: Table,
  priceListId: PriceListId,
  sku: Sku,
): Promise<VersionedEntry | undefined> {
  const item = await table.get(keys.listedPrice(priceListId, sku), { consistent: true });
  return item && EntryItem.parse(item);
}

/** What a price list says of `skus`, by SKU: half a read unit each. */
export async function loadEntries(
  table: Table,
  priceListId: PriceListId,
  skus: readonly Sku[],
): Promise<ReadonlyMap<string, PriceListEntry>> {
  const items = await table.getMany(skus.map((sku) => keys.listedPrice(priceListId, sku)));
  return new Map(items.map((item) => EntryItem.parse(item)).map((entry) => [entry.sku, entry]));
}

/** A page of a price list, by SKU. @throws DomainError `cursor_invalid` */
export async function listEntries(table: Table, priceListId: PriceListId, page: PageQuery) {
  const partition = keys.listedPrice(priceListId, '').PK;
  const { items, nextCursor } = await queryPage(table, { partition, prefix: prefixes.listedPrice }, page);
  return { items: items.map((item) => EntryItem.parse(item)), nextCursor };
}

/** The writes that put an entry in the place of `before`. @throws (on commit) DomainError `version_conflict` */
export function saveEntryActions(
  before: VersionedEntry | undefined,
  entry: PriceListEntry,
  { at, actor }: { at: Instant; actor: string },
): { next: VersionedEntry; actions: Action[] } {
  const version = (before?.version ?? 0) + 1;
  const next = { ...entry, version };
  const key = keys.listedPrice(entry.priceListId, entry.sku);
  const { priceListId, sku } = entry;
  return {
    next,
    actions: [
      {
        do: 'put',
        item: { ...key, ...next },
        when: [
          before
            ? { attribute: 'version', is: 'equal', value: before.version }
            : { attribute: 'PK', is: 'absent' },
        ],
        refusal: versionConflict('price'),
      },
      recordFact('price_list.changed', key.PK, `${sku}-${versionSlot(version)}`, {
        at,
        actor,
        data: { priceListId, sku, version },
      }),
    ],
  };
}
