import { recordFact } from '../fact/record-fact.ts';
import type { Sku } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { loadProduct } from '../product/product-store.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, queuePartition, versionSlot } from '../table/keys.ts';
import { queryQueue } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import { LowStock, lowStockChange } from './low-stock.ts';
import { loadShelves, type StockItem } from './shelf-store.ts';
import { MAIN } from './warehouse-policy.ts';

/** Who moves stock changes what is available between reading and writing; each try reads anew. */
const TRIES = 10;

/**
 * Notes which warehouses have less of a SKU than its reorder point says, with one fact each until they have more again,
 * and which have more again. One read unit where the product has no reorder point. Safe to repeat.
 */
export async function noteLowStock(
  table: Table,
  sku: Sku,
  { at, actor }: { at: Instant; actor: string },
): Promise<void> {
  await onFreshRead(async () => {
    const product = await loadProduct(table, sku, { consistent: true });
    // A product saved once never had a reorder point that it has no more.
    if (!product || (!product.reorderPoints && product.version === 1)) return;
    for (const shelf of await loadShelves(table, sku, { consistent: true })) {
      const change = lowStockChange(product, shelf);
      if (!change) continue;
      const { warehouse = MAIN, available } = shelf;
      const actions = change.falls
        ? falls({ sku, warehouse, available, reorderPoint: change.reorderPoint, since: at }, shelf, actor)
        : [recovers(shelf, change.reorderPoint)];
      await commit(table, actions);
    }
  }, TRIES);
}

/** What is low in any warehouse, longest first. */
export async function listLow(table: Table): Promise<LowStock[]> {
  const items = await queryQueue(table, 'low-stock');
  return items
    .map((item) => LowStock.parse(item['due']))
    .sort((one, other) => one.since.localeCompare(other.since));
}

function falls(low: LowStock, { lows = 0 }: StockItem, actor: string): Action[] {
  const { sku, warehouse, reorderPoint, since } = low;
  return [
    {
      do: 'update',
      key: keys.stock(sku, warehouse),
      set: {
        low: since,
        lows: lows + 1,
        DPK: queuePartition('low-stock', keys.stock(sku).PK),
        DSK: `${since}#${sku}#${warehouse}`,
        due: low,
      },
      when: [
        { attribute: 'low', is: 'absent' },
        { attribute: 'available', is: 'atMost', value: reorderPoint - 1 },
      ],
      refusal: versionConflict('stock'),
    },
    recordFact('stock.low', keys.stock(sku).PK, `low-${warehouse}-${versionSlot(lows + 1)}`, {
      at: since,
      actor,
      data: { sku, warehouse, available: low.available, reorderPoint },
    }),
  ];
}

function recovers({ sku, warehouse }: StockItem, reorderPoint: number | undefined): Action {
  return {
    do: 'update',
    key: keys.stock(sku, warehouse),
    remove: ['low', 'DPK', 'DSK', 'due'],
    when: [
      { attribute: 'low', is: 'present' },
      ...(reorderPoint === undefined
        ? []
        : [{ attribute: 'available', is: 'atLeast', value: reorderPoint } as const]),
    ],
    refusal: versionConflict('stock'),
  };
}
