import { addDays } from '../kernel/days.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { fitsOneTransaction } from '../stock/stock-needs.ts';
import type { WarehousePolicy } from '../stock/warehouse-policy.ts';
import type { OrderIn, OrderLine } from './order.ts';

/** Whether an order has been on hold for so long that its goods are to be free again. */
export function isOverdue(
  { heldAt }: { heldAt: Instant },
  { reservationDays }: Pick<WarehousePolicy, 'reservationDays'>,
  { at, timeZone }: { at: Instant; timeZone: string },
): boolean {
  return (
    reservationDays !== 'never' && addDays(dateIn(timeZone, heldAt), reservationDays) <= dateIn(timeZone, at)
  );
}

/**
 * The held order without its goods: it goes on waiting for whoever decides about it, and they are reserved anew once it
 * is released. Undefined where it has none, or more than one transaction gives back.
 */
export function expireReservation(
  order: OrderIn<'held'>,
  lines: readonly OrderLine[],
): OrderIn<'held'> | undefined {
  if (order.reservation !== 'reserved' || !fitsOneTransaction(lines, order.warehouse)) return undefined;
  return { ...order, reservation: 'expired', version: order.version + 1 };
}
