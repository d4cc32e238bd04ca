import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import { CustomerId, OrderId, ShipmentId } from '../kernel/ids.ts';
import { CalendarDate, dateIn, Instant } from '../kernel/time.ts';
import type { OrderHead } from '../order/order.ts';

/** A shipment that waits for an invoice over several; with `due` where the calendar says when that is issued. */
export const ToBill = z.strictObject({
  orderId: OrderId,
  shipmentId: ShipmentId,
  customerId: CustomerId,
  due: Instant.optional(),
});
export type ToBill = z.infer<typeof ToBill>;

/**
 * When what left at `at` is to be billed: at the start of the day after the week (it ends on Sunday) or the month, in
 * `timeZone`; undefined for an order billed once it is complete.
 */
export function billingDue(
  invoicing: NonNullable<OrderHead['invoicing']>,
  at: Instant,
  timeZone: string,
): Instant | undefined {
  const day = Temporal.PlainDate.from(dateIn(timeZone, at));
  switch (invoicing) {
    case 'order':
      return undefined;
    case 'weekly':
      return startAfter(day.add({ days: 7 - day.dayOfWeek }), timeZone);
    case 'monthly':
      return startAfter(day.with({ day: day.daysInMonth }), timeZone);
    default:
      return invoicing satisfies never;
  }
}

function startAfter(day: Temporal.PlainDate, timeZone: string): Instant {
  return startOfDay(addDays(CalendarDate.parse(day.toString()), 1), timeZone);
}

/** Those of one customer and period together, by shipment, in an order that is the same whoever asks. */
export function byCustomerAndPeriod(due: readonly ToBill[]): ToBill[][] {
  const groups = new Map<string, ToBill[]>();
  for (const each of due) {
    const key = `${each.customerId} ${each.due ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => group.toSorted((one, other) => (one.shipmentId < other.shipmentId ? -1 : 1)));
}
