import * as z from 'zod';
import { CustomerId, OrderId, ShipmentId, WarehouseId } from '../kernel/ids.ts';
import { Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/** `line` is the order's line number, `quantity` the units that left. */
export const ShipmentLine = z.strictObject({ line: z.int().min(1), quantity: z.int().min(1) });
export type ShipmentLine = z.infer<typeof ShipmentLine>;

/** Goods that left for the customer. Never changed once written. */
export const Shipment = z.strictObject({
  shipmentId: ShipmentId,
  orderId: OrderId,
  customerId: CustomerId,
  shippedAt: Instant,
  shippedBy: z.string(),
  /** Where it left; `main` when left out. */
  warehouse: WarehouseId.optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  lines: z.array(ShipmentLine).min(1),
  /** The part of the order's credit claim that its invoice replaces, gross minor units. */
  claim: Minor.min(0),
  /** Whether nothing of the order is left to ship. */
  complete: z.boolean(),
});
export type Shipment = z.infer<typeof Shipment>;
