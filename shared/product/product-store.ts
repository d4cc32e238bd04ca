import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import type { Sku } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { Product } from './product.ts';

// Items bear their keys besides; these read the rest.
const ProductItem = z.object(Product.shape);

type ReadOptions = { readonly consistent?: boolean };
type Change = { readonly at: Instant; readonly actor: string };

export async function loadProduct(
  table: Table,
  sku: Sku,
  options: ReadOptions = {},
): Promise<Product | undefined> {
  const item = await table.get(keys.product(sku), options);
  return item && ProductItem.parse(item);
}

/** The products of `skus` that exist, by SKU. */
export async function loadProducts(table: Table, skus: readonly Sku[]): Promise<Map<string, Product>> {
  const items = await table.getMany(skus.map((sku) => keys.product(sku)));
  return new Map(items.map((item) => ProductItem.parse(item)).map((product) => [product.sku, product]));
}

/**
 * What a unit of each of the goods among `lines` costs us in `currency`, by SKU, where that is known. Minor units.
 * Half a read unit a SKU.
 */
export async function loadUnitCosts(
  table: Table,
  lines: readonly { readonly kind: Product['kind']; readonly sku: Sku }[],
  currency: Currency,
): Promise<ReadonlyMap<string, number>> {
  const skus = new Set(lines.filter(({ kind }) => kind === 'goods').map(({ sku }) => sku));
  const costs = new Map<string, number>();
  for (const [sku, product] of await loadProducts(table, [...skus])) {
    const cost = product.costs?.[currency];
    if (cost !== undefined) costs.set(sku, cost);
  }
  return costs;
}

/**
 * The writes that make `before` (missing: nothing) into `next`. New goods get an empty stock.
 * @throws (on commit) DomainError `version_conflict`
 */
export function saveProductActions(
  before: Product | undefined,
  next: Product,
  { at, actor }: Change,
): Action[] {
  const { sku, kind, prices, version } = next;
  const stock = { sku, onHand: 0, reserved: 0, available: 0, version: 0 };
  return [
    {
      do: 'put',
      item: { ...keys.product(sku), ...next },
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('product'),
    },
    ...(before || kind === 'charge'
      ? []
      : [
          {
            do: 'put',
            item: { ...keys.stock(sku), ...stock },
            when: [{ attribute: 'PK', is: 'absent' }],
          } as const,
        ]),
    recordFact('product.saved', keys.product(sku).PK, versionSlot(version), {
      at,
      actor,
      data: {
        sku,
        prices,
        ...(!isDeepStrictEqual(before?.reorderPoints, next.reorderPoints) && { reorder: 'watched' }),
      },
    }),
  ];
}
