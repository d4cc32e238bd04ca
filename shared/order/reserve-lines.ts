import type { WarehouseId } from '../kernel/ids.ts';
import type { Reserved } from '../stock/allocate-stock.ts';
import {
  type Allocation,
  allocationsOf,
  mergeAllocations,
  sumUnits,
  takeUnits,
} from '../stock/stock-needs.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { OrderLine } from './order.ts';
import { unitsLeft } from './order-status.ts';

/** The line with its units reserved as `reserved` says. */
export function reservedAs(line: OrderLine, { allocations, backordered }: Reserved): OrderLine {
  const { allocations: _before, backordered: _waited, ...rest } = line;
  return { ...rest, ...(allocations && { allocations }), ...(backordered && { backordered }) };
}

/** The line with its units at `allocations`, said in as few words as can be. @param home the order's warehouse */
function reservedAt(
  line: OrderLine,
  allocations: readonly Allocation[],
  backordered: number,
  home: WarehouseId | undefined,
): OrderLine {
  const where = mergeAllocations(allocations);
  const elsewhere = where.some(({ warehouse }) => warehouse !== (home ?? MAIN));
  return reservedAs(line, { ...(elsewhere && { allocations: where }), backordered });
}

/** The line as the order was placed: what waited then waits, and where the rest lies is nobody's concern. */
export function lineAsReserved({ waited, ...line }: OrderLine): OrderLine {
  return reservedAs(line, waited === undefined ? {} : { backordered: waited });
}

/** The lines once `came` of `sku` is reserved for those of them that wait, first line first. */
export function fillLines(
  lines: readonly OrderLine[],
  sku: string,
  came: readonly Allocation[],
  home: WarehouseId | undefined,
): OrderLine[] {
  const shelves = new Map(came.map(({ warehouse, quantity }) => [warehouse, quantity]));
  return lines.map((line) => {
    const { backordered = 0 } = line;
    const taken = line.sku === sku ? takeUnits(shelves, backordered) : [];
    if (taken.length === 0) return line;
    return reservedAt(line, [...allocationsOf(line, home), ...taken], backordered - sumUnits(taken), home);
  });
}

/**
 * The line `after` a change of its units, reserved: units that wait are cancelled first, then those of the warehouse taken
 * last, never what has left; more units come from the order's warehouse.
 * @param gone units that have left, by warehouse
 */
export function resizeReservation(
  before: OrderLine,
  after: OrderLine,
  gone: ReadonlyMap<WarehouseId, number>,
  home: WarehouseId = MAIN,
): OrderLine {
  const more = unitsLeft(after) - unitsLeft(before);
  if (more === 0 || after.kind === 'charge') return after;
  const had = allocationsOf(before, home);
  const { backordered = 0 } = before;
  if (more > 0) return reservedAt(after, [...had, { warehouse: home, quantity: more }], backordered, home);
  const unwaited = Math.min(backordered, -more);
  let cut = -more - unwaited;
  const kept = had.toReversed().flatMap(({ warehouse, quantity }) => {
    const off = Math.min(cut, quantity - (gone.get(warehouse) ?? 0));
    cut -= off;
    return quantity > off ? [{ warehouse, quantity: quantity - off }] : [];
  });
  return reservedAt(after, kept.toReversed(), backordered - unwaited, home);
}
