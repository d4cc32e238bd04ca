import * as z from 'zod';
import type { Sku, WarehouseId } from '../kernel/ids.ts';
import { type Product, Stock } from '../product/product.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Item, Table } from '../table/table.ts';
import type { Availability } from './allocate-stock.ts';
import { MAIN } from './warehouse-policy.ts';

/** `version` counts movements by people; orders move stock without it. */
const StockItem = z.object({ ...Stock.shape, version: z.int().min(0) });
export type StockItem = z.infer<typeof StockItem>;

export const stockOf = (item: Item): StockItem => StockItem.parse(item);

/** The stock of a SKU in all warehouses that ever had any, `main` first. None of what is not kept. One query. */
export async function loadShelves(
  table: Table,
  sku: Sku,
  options: { readonly consistent?: boolean } = {},
): Promise<StockItem[]> {
  return (await queryAll(table, { partition: keys.stock(sku).PK, prefix: prefixes.stock, ...options })).map(
    stockOf,
  );
}

/** What is available of `products` wherever they are kept, as it stands now: a read unit each and warehouse. */
export async function loadAvailability(
  table: Table,
  products: readonly Pick<Product, 'sku' | 'stockedIn'>[],
): Promise<Availability> {
  const wanted = products.flatMap(({ sku, stockedIn = [] }) =>
    [MAIN, ...stockedIn].map((warehouse) => keys.stock(sku, warehouse)),
  );
  const available = new Map<string, Map<WarehouseId, number>>();
  for (const item of await table.getMany(wanted, { consistent: true })) {
    const stock = stockOf(item);
    const shelves = available.get(stock.sku) ?? new Map<WarehouseId, number>();
    available.set(stock.sku, shelves.set(stock.warehouse ?? MAIN, stock.available));
  }
  return available;
}
