import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId, OrderId, ShipmentId, WarehouseId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { MAX_LINES } from '../order/order.ts';
import { ShipmentLine } from './shipment.ts';

export const CreateShipmentRequest = z.strictObject({
  carrier: z.string().min(1).max(60).optional(),
  trackingNumber: z
    .string()
    .regex(/^[A-Za-z0-9-]{4,40}$/, 'must be 4 to 40 letters, digits or hyphens')
    .optional(),
  /** Where it leaves; may be left out where the goods of the order lie in one warehouse. */
  warehouse: WarehouseId.optional(),
  /** What leaves; left out, everything that is left there and does not wait for stock. */
  lines: z.array(ShipmentLine).min(1).max(MAX_LINES).optional(),
});

export const ShipmentView = z.strictObject({
  shipmentId: ShipmentId,
  orderId: OrderId,
  customerId: CustomerId,
  shippedAt: Instant,
  /** Where it left, where that is not `main`. */
  warehouse: WarehouseId.optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  lines: z.array(ShipmentLine),
  /** Whether nothing of the order is left to ship. */
  complete: z.boolean(),
  /** Where its invoice will be, a moment later. */
  invoiceId: InvoiceId,
  links: z.strictObject({ order: z.string(), invoice: z.string() }),
});
export type ShipmentView = z.infer<typeof ShipmentView>;

const params = z.strictObject({ orderId: OrderId });

export const createShipment = contract({
  operationId: 'createShipment',
  params,
  body: CreateShipmentRequest,
  status: 201,
  response: ShipmentView,
  idempotent: true,
  problems: [
    'order_not_found',
    'order_not_shippable',
    'shipment_exceeds_order',
    'warehouse_ambiguous',
    'version_conflict',
  ],
  example: {
    body: { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB', lines: [{ line: 1, quantity: 6 }] },
  },
});

export const listShipments = contract({
  operationId: 'listShipments',
  params,
  status: 200,
  response: z.strictObject({ items: z.array(ShipmentView) }),
  problems: ['order_not_found'],
});
