import type { WarehouseId } from '../kernel/ids.ts';
import { MAIN } from './warehouse-policy.ts';

/** Units of a line that a warehouse reserved for it, shipped since or not. */
export type Allocation = { readonly warehouse: WarehouseId; readonly quantity: number };

/** What a line says of its goods, see `OrderLine`. */
export type StockedLine = {
  readonly kind: 'goods' | 'charge';
  readonly sku: string;
  readonly quantity: number;
  readonly cancelled?: number | undefined;
  readonly backordered?: number | undefined;
  readonly allocations?: readonly Allocation[] | undefined;
};

/** Units of a SKU that an order needs from the stock of a warehouse; of `main` when left out. */
export type StockNeed = { sku: string; quantity: number; warehouse?: WarehouseId };

/**
 * Different SKUs (and warehouses) that one transaction can reserve. DynamoDB takes 100 actions; besides the stock a
 * placed order writes at most 9 (head, five chunks of lines, fact, idempotency record, purchase-order number).
 */
export const NEEDS_PER_TRANSACTION = 90;

/** Where the units of a line are reserved that are neither cancelled nor waiting. @param home the order's warehouse */
export function allocationsOf(line: StockedLine, home: WarehouseId = MAIN): readonly Allocation[] {
  if (line.kind === 'charge') return [];
  if (line.allocations) return line.allocations;
  const quantity = line.quantity - (line.cancelled ?? 0) - (line.backordered ?? 0);
  return quantity > 0 ? [{ warehouse: home, quantity }] : [];
}

/** One allocation a warehouse. */
export function mergeAllocations(allocations: readonly Allocation[]): Allocation[] {
  const units = new Map<WarehouseId, number>();
  for (const { warehouse, quantity } of allocations)
    units.set(warehouse, (units.get(warehouse) ?? 0) + quantity);
  return [...units].map(([warehouse, quantity]) => ({ warehouse, quantity }));
}

/** Takes up to `units` from `shelves` (units available), first shelf first. */
export function takeUnits(shelves: Map<WarehouseId, number>, units: number): Allocation[] {
  let left = units;
  const taken: Allocation[] = [];
  for (const [warehouse, available] of shelves) {
    const quantity = Math.min(left, Math.max(0, available));
    if (quantity === 0) continue;
    left -= quantity;
    shelves.set(warehouse, available - quantity);
    taken.push({ warehouse, quantity });
  }
  return taken;
}

/** All units of `allocations`. */
export const sumUnits = (allocations: readonly Allocation[]) =>
  allocations.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * What the goods among `lines` need from stock: one need per SKU and warehouse, in the order of the lines.
 * @param home the order's warehouse
 */
export function stockNeeds(lines: readonly StockedLine[], home: WarehouseId = MAIN): StockNeed[] {
  const needs = new Map<string, StockNeed>();
  for (const line of lines) {
    for (const { warehouse, quantity } of allocationsOf(line, home)) {
      const { sku } = line;
      const key = `${warehouse} ${sku}`;
      const units = quantity + (needs.get(key)?.quantity ?? 0);
      needs.set(key, { sku, quantity: units, ...(warehouse !== MAIN && { warehouse }) });
    }
  }
  return [...needs.values()];
}

/** Units that wait for stock, by SKU. */
export function waitingUnits(lines: readonly StockedLine[]): Map<string, number> {
  const waiting = new Map<string, number>();
  for (const { sku, backordered = 0 } of lines) {
    if (backordered > 0) waiting.set(sku, (waiting.get(sku) ?? 0) + backordered);
  }
  return waiting;
}

/**
 * Whether the order's own transaction can reserve all its goods, and note what waits.
 * @param beside writes it has besides those of any order
 */
export function fitsOneTransaction(
  lines: readonly StockedLine[],
  home: WarehouseId = MAIN,
  beside = 0,
): boolean {
  return stockNeeds(lines, home).length + waitingUnits(lines).size + beside <= NEEDS_PER_TRANSACTION;
}
