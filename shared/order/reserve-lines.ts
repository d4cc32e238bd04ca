import type { WarehouseId } from '../kernel/ids.ts';
import type { Reserved } from '../stock/allocate-stock.ts';
import {
  type Allocation,
  allocationsOf,
  mergeAllocations,
  sumUnits,
  takeUnits,
} from '../stock/stock-needs.ts';
import type { OrderLine } from './order.ts';

/** The line with its units reserved as `reserved` says. */
export function reservedAs(line: OrderLine, { allocations, backordered }: Reserved): OrderLine {
  const { allocations: _before, backordered: _waited, ...rest } = line;
  return { ...rest, ...(allocations && { allocations }), ...(backordered && { backordered }) };
}

/** The line with its units at `allocations`, said in as few words as can be. @param home the order's warehouse */
export function reservedAt(
  line: OrderLine,
  allocations: readonly Allocation[],
  backordered: number,
  home: WarehouseId | undefined,
): OrderLine {
  const where = mergeAllocations(allocations);
  const elsewhere = where.some(({ warehouse }) => warehouse !== (home ?? 'main'));
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
