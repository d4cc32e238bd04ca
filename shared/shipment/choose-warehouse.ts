import { DomainError } from '../kernel/errors.ts';
import type { WarehouseId } from '../kernel/ids.ts';
import type { Order, OrderLine } from '../order/order.ts';
import { allocationsOf } from '../stock/stock-needs.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { Shipment, ShipmentLine } from './shipment.ts';

/** Units of each line (by its number) that a warehouse has reserved and not shipped yet. */
export type LeftAt = ReadonlyMap<WarehouseId, ReadonlyMap<number, number>>;

/** What is reserved for an order and has not left with `earlier`, by warehouse. Charges lie nowhere. */
export function leftAtWarehouses(
  { warehouse: home }: Pick<Order, 'warehouse'>,
  orderLines: readonly OrderLine[],
  earlier: readonly Pick<Shipment, 'warehouse' | 'lines'>[],
): LeftAt {
  const left = new Map<WarehouseId, Map<number, number>>();
  const add = (warehouse: WarehouseId, line: number, units: number) => {
    const lines = left.get(warehouse) ?? new Map<number, number>();
    left.set(warehouse, lines.set(line, (lines.get(line) ?? 0) + units));
  };
  const goods = new Set<number>();
  for (const line of orderLines) {
    if (line.kind === 'goods') goods.add(line.line);
    for (const { warehouse, quantity } of allocationsOf(line, home)) add(warehouse, line.line, quantity);
  }
  for (const { warehouse = MAIN, lines } of earlier) {
    for (const { line, quantity } of lines) if (goods.has(line)) add(warehouse, line, -quantity);
  }
  return left;
}

/**
 * The warehouse that a shipment leaves: the one named, the only one that has anything left, or of several the only one
 * that has all of `lines`.
 * @throws DomainError `warehouse_ambiguous` where that is open
 */
export function chooseWarehouse(
  left: LeftAt,
  home: WarehouseId = MAIN,
  wanted: { warehouse?: WarehouseId | undefined; lines?: readonly ShipmentLine[] | undefined },
): WarehouseId {
  if (wanted.warehouse) return wanted.warehouse;
  const having = [...left].filter(([, lines]) => [...lines.values()].some((units) => units > 0));
  const [only] = having;
  if (!only) return home;
  if (having.length === 1) return only[0];
  const goods = new Set(having.flatMap(([, lines]) => [...lines.keys()]));
  const asked = wanted.lines?.filter(({ line }) => goods.has(line));
  const able = asked
    ? having.filter(([, lines]) => asked.every(({ line, quantity }) => (lines.get(line) ?? 0) >= quantity))
    : [];
  const [first] = able;
  if (first && able.length === 1) return first[0];
  throw new DomainError(
    'warehouse_ambiguous',
    'The goods lie in several warehouses. Name the one that ships, one shipment each.',
    {
      issues: having.map(([warehouse, lines]) => ({
        path: 'warehouse',
        message: `${warehouse} has ${[...lines.values()].reduce((sum, units) => sum + Math.max(0, units), 0)} units`,
      })),
    },
  );
}
