import type { WarehouseId } from '../kernel/ids.ts';
import { type Allocation, type StockedLine, sumUnits, takeUnits } from './stock-needs.ts';
import { MAIN, type Warehouse } from './warehouse-policy.ts';

/** Units available, by SKU and warehouse. */
export type Availability = ReadonlyMap<string, ReadonlyMap<WarehouseId, number>>;

/** Goods that no warehouse has enough of and that may not wait. */
export type Shortage = { readonly sku: string; readonly wanted: number; readonly available: number };

/** Where a line is reserved, where that is not all at home, and what of it waits. */
export type Reserved = { allocations?: Allocation[]; backordered?: number };

/** Of how many warehouses all sets are looked through: 12 have 4,095. */
const MAX_CHOICES = 12;

/**
 * The warehouses that may ship to `country`, best first: the one wished for, those in the country, then by preference.
 */
export function rankWarehouses(
  warehouses: readonly Warehouse[],
  { country, wish }: { country: string; wish?: WarehouseId | undefined },
): WarehouseId[] {
  const rank = ({ id, address }: Warehouse) => [
    id === wish ? 0 : 1,
    // A warehouse without an address is at home.
    address === undefined || address.country === country ? 0 : 1,
  ];
  return warehouses
    .filter(({ active, countries }) => active && (countries === undefined || countries.includes(country)))
    .toSorted((one, other) => {
      const [wished = 0, near = 0] = rank(one);
      const [otherWished = 0, otherNear = 0] = rank(other);
      return (
        wished - otherWished ||
        near - otherNear ||
        one.preference - other.preference ||
        one.id.localeCompare(other.id)
      );
    })
    .map(({ id }) => id);
}

/**
 * Shares the goods of an order out to warehouses so that it leaves in as few parcels as can be: one warehouse that has
 * it all, else the fewest that have it together; of equal choices the one whose warehouses rank first.
 * @param ranked the warehouses that may ship it, best first
 * @param mayWait whether units of a SKU that nobody has may wait for stock
 * @returns where each line is reserved, `home` being where most units are; what is short besides
 */
export function allocateStock(
  lines: readonly StockedLine[],
  available: Availability,
  ranked: readonly WarehouseId[],
  mayWait: (sku: string) => boolean,
): { home: WarehouseId; lines: Reserved[]; short: Shortage[] } {
  const wanted = new Map<string, number>();
  for (const line of lines) {
    if (line.kind === 'goods') wanted.set(line.sku, (wanted.get(line.sku) ?? 0) + unitsOf(line));
  }
  const has = (sku: string, warehouse: WarehouseId) => Math.max(0, available.get(sku)?.get(warehouse) ?? 0);
  const total = (sku: string, among: readonly WarehouseId[]) =>
    among.reduce((sum, warehouse) => sum + has(sku, warehouse), 0);

  const attainable = new Map(
    [...wanted].map(([sku, units]) => [sku, Math.min(units, total(sku, ranked))] as const),
  );
  const short = [...wanted].flatMap(([sku, units]): Shortage[] => {
    const least = attainable.get(sku) ?? 0;
    return least < units && !mayWait(sku) ? [{ sku, wanted: units, available: least }] : [];
  });
  const chosen = fewestThatHave(attainable, ranked, total);

  const left = new Map(
    [...wanted.keys()].map((sku) => [sku, new Map(chosen.map((id) => [id, has(sku, id)] as const))]),
  );
  const shared = lines.map((line): Taken => {
    const units = line.kind === 'goods' ? unitsOf(line) : 0;
    const allocations = takeUnits(left.get(line.sku) ?? new Map(), units);
    return { allocations, waiting: units - sumUnits(allocations) };
  });
  const home = homeOf(
    shared.flatMap(({ allocations }) => allocations),
    chosen[0] ?? ranked[0] ?? MAIN,
  );
  return { home, short, lines: shared.map((taken) => reservedAt(taken, home)) };
}

type Taken = { allocations: Allocation[]; waiting: number };

function reservedAt({ allocations, waiting }: Taken, home: WarehouseId): Reserved {
  return {
    ...(allocations.some(({ warehouse }) => warehouse !== home) && { allocations }),
    ...(waiting > 0 && { backordered: waiting }),
  };
}

/** Where most units are; `first` where that is open. */
function homeOf(allocations: readonly Allocation[], first: WarehouseId): WarehouseId {
  const units = new Map<WarehouseId, number>([[first, 0]]);
  for (const { warehouse, quantity } of allocations)
    units.set(warehouse, (units.get(warehouse) ?? 0) + quantity);
  let home = first;
  for (const [warehouse, quantity] of units) if (quantity > (units.get(home) ?? 0)) home = warehouse;
  return home;
}

const unitsOf = ({ quantity, cancelled = 0 }: StockedLine) => quantity - cancelled;

/** The smallest set of warehouses that has all of `needs`; the set that ranks first among equals. */
function fewestThatHave(
  needs: ReadonlyMap<string, number>,
  ranked: readonly WarehouseId[],
  total: (sku: string, among: readonly WarehouseId[]) => number,
): readonly WarehouseId[] {
  const useful = ranked.filter((id) => [...needs].some(([sku, units]) => units > 0 && total(sku, [id]) > 0));
  const hasAll = (among: readonly WarehouseId[]) =>
    [...needs].every(([sku, units]) => total(sku, among) >= units);
  for (let size = 1; size <= Math.min(useful.length, MAX_CHOICES); size++) {
    for (const among of combinations(useful.slice(0, MAX_CHOICES), size)) if (hasAll(among)) return among;
  }
  return useful;
}

/** All choices of `size` of `items` in their order, those of the first items first. */
function* combinations<T>(items: readonly T[], size: number): Generator<T[]> {
  if (size === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of combinations(items.slice(index + 1), size - 1)) {
      if (rest.length === size - 1) yield [item, ...rest];
    }
  }
}
