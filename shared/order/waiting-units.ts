import { Sku } from '../kernel/ids.ts';
import type { Backorder } from '../stock/backorder.ts';
import { waitingUnits } from '../stock/stock-needs.ts';
import type { OrderHead, OrderLine } from './order.ts';

/** What of an order waits for stock, one SKU after the other. */
export function backordersOf(
  { orderId, customerId, placedAt, priority }: OrderHead,
  lines: readonly OrderLine[],
): Backorder[] {
  return [...waitingUnits(lines)].map(([sku, units]) => ({
    orderId,
    customerId,
    sku: Sku.parse(sku),
    units,
    since: placedAt,
    ...(priority && { priority }),
  }));
}

/** What the head says of what waits: nothing where nothing does. */
export function waitingOf(lines: readonly OrderLine[]): Pick<OrderHead, 'backordered'> {
  const units = lines.reduce((sum, { backordered = 0 }) => sum + backordered, 0);
  return units > 0 ? { backordered: units } : {};
}
