import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import { factOf } from '../fact/envelope.ts';
import { OrderId, Sku } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { StockMove } from '../stock/stock-facts.ts';
import { Channel, orderStatuses, Reason } from './order.ts';

/** Worth of the order, tax included. */
const worth = { currency: Currency, gross: Minor };
const reasons = z.array(Reason);

/** Units of a line that are ordered and not cancelled, before the change and after it. */
const LineChange = z.strictObject({
  line: z.int().min(1),
  sku: Sku,
  from: z.int().min(0),
  to: z.int().min(0),
});
export type LineChange = z.infer<typeof LineChange>;

/** What a change makes of an order; gross as it was and as it is, minor units. */
const change = {
  orderId: OrderId,
  /** The state it left the order in: `placed` is to be decided about again. */
  status: z.enum(orderStatuses),
  lines: z.array(LineChange),
  currency: Currency,
  gross: z.strictObject({ from: Minor, to: Minor }),
};

/** What happens to orders; subject is the order. */
export const orderFacts = [
  factOf(
    'order.placed',
    z.strictObject({
      orderId: OrderId,
      channel: Channel,
      lineCount: z.int(),
      poNumber: z.string().optional(),
      net: Minor,
      ...worth,
      /** The rules that were true of it. */
      rules: z.array(z.strictObject({ ruleId: z.string(), version: z.int() })).optional(),
      /** Where any of its goods has a reorder point. */
      reorder: z.literal('watched').optional(),
    }),
  ),
  factOf(
    'order.confirmed',
    z.strictObject({ orderId: OrderId, policyVersion: z.string(), reasons, ...worth }),
  ),
  factOf('order.held', z.strictObject({ orderId: OrderId, reasons, ...worth })),
  /** It was on hold for too long; its goods are free again and are reserved anew once it is released. */
  factOf('order.reservation_expired', z.strictObject({ orderId: OrderId, heldAt: Instant })),
  factOf('order.reservation_renewed', z.strictObject({ orderId: OrderId })),
  /** Someone works on it; others leave it to them until then. `takeOver`: why they took it from whoever had it. */
  factOf(
    'order.claimed',
    z.strictObject({ orderId: OrderId, until: Instant, takeOver: z.string().optional() }),
  ),
  factOf('order.released', z.strictObject({ orderId: OrderId, reason: z.string() })),
  factOf('order.rejected', z.strictObject({ orderId: OrderId, reasons, stock: StockMove, ...worth })),
  factOf(
    'order.cancelled',
    z.strictObject({ orderId: OrderId, reason: z.string(), stock: StockMove, ...worth }),
  ),
  factOf(
    'order.amended',
    z.strictObject({
      ...change,
      shipTo: z.strictObject({ from: Address.optional(), to: Address }).optional(),
      requestedOn: z.strictObject({ from: CalendarDate.optional(), to: CalendarDate.optional() }).optional(),
      /** Why it waits now, where the change made it wait. */
      reasons: z.array(Reason).min(1).optional(),
    }),
  ),
  factOf('order.lines_cancelled', z.strictObject({ ...change, reason: z.string() })),
] as const;
