import * as z from 'zod';
import { OrderId, ReturnId, ShipmentId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { ShipmentLine } from '../shipment/shipment.ts';

/** What arrived of a shipment, so far as is known. */
export const ReceivedShipment = z.strictObject({
  orderId: OrderId,
  shipmentId: ShipmentId,
  lines: z.array(ShipmentLine).min(1),
  at: Instant,
});
export type ReceivedShipment = z.infer<typeof ReceivedShipment>;

/** What came back of an order with one return. */
export const ReturnedGoods = z.strictObject({
  orderId: OrderId,
  returnId: ReturnId,
  lines: z.array(ShipmentLine).min(1),
  at: Instant,
});
export type ReturnedGoods = z.infer<typeof ReturnedGoods>;
