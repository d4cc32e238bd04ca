import { type Fact, factOfItem } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Sku, WarehouseId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { StockMovement } from '../product/product.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type StockItem, stockOf } from './shelf-store.ts';
import { MAIN } from './warehouse-policy.ts';

type Change = { readonly at: Instant; readonly actor: string };

/** Movements are facts of the product too, beside the versions of its description. */
const MOVEMENT = 'stock-';
const movementSlot = (warehouse: WarehouseId, version: number) =>
  `${MOVEMENT}${warehouse === MAIN ? '' : `${warehouse}-`}${versionSlot(version)}`;

/** Which movement of its warehouse one is that meets `shelves`: counted from 1. */
export const nextMovement = (shelves: readonly StockItem[], warehouse: WarehouseId) =>
  (shelfOf(shelves, warehouse)?.version ?? 0) + 1;

/**
 * The writes of a stock movement that meets `shelves`: refused where fewer units are available than it takes away,
 * since the others are promised. A transfer moves both warehouses at once.
 * @throws (on commit) DomainError `insufficient_stock`, `version_conflict`, `stock_reference_reused`
 */
export function moveStockActions(
  sku: Sku,
  shelves: readonly StockItem[],
  movement: StockMovement,
  change: Change,
): Action[] {
  const { reference, quantity, from, warehouse = MAIN, ...told } = movement;
  return [
    ...(reference === undefined ? [] : [claimReference(sku, reference)]),
    ...(from === undefined
      ? []
      : moved(sku, shelves, { warehouse: from, quantity: -quantity }, change, {
          ...told,
          ...(from !== MAIN && { warehouse: from }),
          to: warehouse,
        })),
    ...moved(sku, shelves, { warehouse, quantity }, change, {
      ...told,
      ...(reference !== undefined && { reference }),
      ...(movement.warehouse && { warehouse }),
      ...(from && { from }),
    }),
  ];
}

type Told = Omit<Fact<'stock.moved'>['data'], 'sku' | 'quantity'>;

/** What one warehouse gets or loses, and the fact that tells of it. */
function moved(
  sku: Sku,
  shelves: readonly StockItem[],
  { warehouse, quantity }: { warehouse: WarehouseId; quantity: number },
  { at, actor }: Change,
  told: Told,
): Action[] {
  const before = shelfOf(shelves, warehouse);
  const version = (before?.version ?? 0) + 1;
  const enough = { attribute: 'available', is: 'atLeast', value: -quantity } as const;
  return [
    {
      do: 'update',
      key: keys.stock(sku, warehouse),
      add: { onHand: quantity, available: quantity, ...(!before && { reserved: 0 }) },
      set: { version, ...(!before && { sku, warehouse }) },
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
        ...(quantity < 0 ? [enough] : []),
      ],
      refusal: (found) => {
        const available = found ? stockOf(found).available : 0;
        return available < -quantity ? notSoMany(sku, warehouse, available) : versionConflict('stock')();
      },
    },
    recordFact('stock.moved', keys.stock(sku).PK, movementSlot(warehouse, version), {
      at,
      actor,
      data: { sku, quantity, ...told },
    }),
  ];
}

function notSoMany(sku: Sku, warehouse: WarehouseId, available: number): DomainError {
  const where = warehouse === MAIN ? '' : ` in ${warehouse}`;
  return new DomainError(
    'insufficient_stock',
    `Only ${available} of ${sku}${where} are not promised to orders.`,
    {
      issues: [
        { path: 'quantity', message: available === 0 ? 'there are none' : `must be at least ${-available}` },
      ],
    },
  );
}

const shelfOf = (shelves: readonly StockItem[], wanted: WarehouseId) =>
  shelves.find(({ warehouse = MAIN }) => warehouse === wanted);

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
export const movementFactId = (sku: Sku, warehouse: WarehouseId, version: number) =>
  `${keys.stock(sku).PK}.${movementSlot(warehouse, version)}`;

/** A movement as it was recorded, by the id of its fact. @throws RangeError when there is none */
export async function loadStockMovement(table: Table, sku: Sku, factId: string) {
  const subject = keys.stock(sku).PK;
  const slot = factId.slice(subject.length + 1);
  const item = await table.get(keys.fact(subject, slot), { consistent: true });
  if (!item) throw new RangeError(`${factId} was remembered and is not there`);
  return { movement: Number(slot.slice(slot.lastIndexOf('-') + 1)), fact: movementOf(factOfItem(item)) };
}

function movementOf(fact: Fact): Fact<'stock.moved'> {
  if (fact.type !== 'stock.moved') throw new RangeError(`${fact.id} is no stock movement`);
  return fact;
}
