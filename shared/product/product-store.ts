import * as z from 'zod';
import { type Fact, factOfItem } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Sku } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { Product, Stock, type StockMovement } from './product.ts';

// Items bear their keys besides; these read the rest.
const ProductItem = z.object(Product.shape);
/** `version` counts corrections by people; orders move stock without it. */
const StockItem = z.object({ ...Stock.shape, version: z.int().min(0) });
type StockItem = z.infer<typeof StockItem>;

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

/** The stock of those `skus` that have any kept, by SKU. */
export async function loadStock(
  table: Table,
  skus: readonly Sku[],
  options: ReadOptions = {},
): Promise<Map<string, StockItem>> {
  const items = await table.getMany(
    skus.map((sku) => keys.stock(sku)),
    options,
  );
  return new Map(items.map((item) => StockItem.parse(item)).map((stock) => [stock.sku, stock]));
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
  const stock: StockItem = { sku, onHand: 0, reserved: 0, available: 0, version: 0 };
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
      data: { sku, prices },
    }),
  ];
}

/** Corrections are facts of the product too, beside the versions of its description. */
const movementSlot = (version: number) => `${MOVEMENT}${versionSlot(version)}`;
const MOVEMENT = 'stock-';

/**
 * The writes of a stock movement seen at `before`: refused where fewer units are available than it takes away, since
 * the others are promised.
 * @throws (on commit) DomainError `insufficient_stock`, `version_conflict`
 */
export function moveStockActions(
  before: StockItem,
  movement: StockMovement,
  { at, actor }: Change,
): Action[] {
  const { sku } = before;
  const { quantity } = movement;
  const version = before.version + 1;
  return [
    ...(movement.reference === undefined ? [] : [claimReference(sku, movement.reference)]),
    {
      do: 'update',
      key: keys.stock(sku),
      add: { onHand: quantity, available: quantity },
      set: { version },
      when: [
        { attribute: 'version', is: 'equal', value: before.version },
        ...(quantity < 0 ? [{ attribute: 'available', is: 'atLeast', value: -quantity } as const] : []),
      ],
      refusal: (found) => {
        const available = found && StockItem.parse(found).available;
        return available !== undefined && available < -quantity
          ? new DomainError('insufficient_stock', `Only ${available} of ${sku} are not promised to orders.`, {
              issues: [{ path: 'quantity', message: `must be at least ${-available}` }],
            })
          : versionConflict('stock')();
      },
    },
    recordFact('stock.moved', keys.stock(sku).PK, movementSlot(version), {
      at,
      actor,
      data: { sku, ...movement },
    }),
  ];
}

/** The number of a delivery note or a count is booked once per product, for ever. */
function claimReference(sku: Sku, reference: string): Action {
  return {
    do: 'put',
    item: keys.stockReference(sku, reference),
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: () =>
      new DomainError('stock_reference_reused', `Movement ${reference} of ${sku} is booked already.`, {
        issues: [{ path: 'reference', message: 'is booked already' }],
      }),
  };
}

/** The id of the fact of a movement. @param version that it gave the stock */
export const movementFactId = (sku: Sku, version: number) => `${keys.stock(sku).PK}.${movementSlot(version)}`;

/** A movement as it was recorded, by the id of its fact. @throws RangeError when there is none */
export async function loadStockMovement(table: Table, sku: Sku, factId: string) {
  const subject = keys.stock(sku).PK;
  const slot = factId.slice(subject.length + 1);
  const item = await table.get(keys.fact(subject, slot), { consistent: true });
  if (!item) throw new RangeError(`${factId} was remembered and is not there`);
  return { movement: Number(slot.slice(MOVEMENT.length)), fact: movementOf(factOfItem(item)) };
}

function movementOf(fact: Fact): Fact<'stock.moved'> {
  if (fact.type !== 'stock.moved') throw new RangeError(`${fact.id} is no stock movement`);
  return fact;
}
