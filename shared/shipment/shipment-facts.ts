import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId, ShipmentId } from '../kernel/ids.ts';
import { orderStatuses } from '../order/order.ts';
import { StockMove } from '../stock/stock-facts.ts';

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
] as const;
