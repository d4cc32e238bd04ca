import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId, ShipmentId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { orderStatuses } from '../order/order.ts';
import { ProofOfDelivery } from '../order/order-movement.ts';
import { StockMove } from '../stock/stock-facts.ts';

/** `reason`: why it could not be delivered. */
const OnTheWay = z.strictObject({
  orderId: OrderId,
  shipmentId: ShipmentId,
  packageNumber: z.int().min(1).optional(),
  occurredAt: Instant,
  place: z.string().optional(),
  reason: z.string().optional(),
});

/** What happens to shipments; subject is their order. */
export const shipmentFacts = [
  factOf(
    'shipment.dispatched',
    z.strictObject({
      orderId: OrderId,
      shipmentId: ShipmentId,
      units: z.int(),
      complete: z.boolean(),
      /** The state it left the order in; older facts don't say. */
      status: z.enum(orderStatuses).optional(),
      stock: StockMove,
      carrier: z.string().optional(),
      trackingNumber: z.string().optional(),
    }),
  ),
  factOf('shipment.in_transit', OnTheWay),
  /** The carrier came in vain. */
  factOf('shipment.delivery_failed', OnTheWay),
  factOf(
    'shipment.delivered',
    z.strictObject({
      orderId: OrderId,
      shipmentId: ShipmentId,
      /** Where it is one package of several. */
      packageNumber: z.int().min(1).optional(),
      /** Units that arrived with it. */
      units: z.int().min(1),
      /** The state it left the order in. */
      status: z.enum(orderStatuses),
      deliveredAt: Instant,
      /** Lines of which not as many arrived as left; what arrived later is not in it. */
      discrepancies: z
        .array(z.strictObject({ line: z.int(), shipped: z.int(), delivered: z.int() }))
        .min(1)
        .optional(),
      proof: ProofOfDelivery.optional(),
    }),
  ),
] as const;
