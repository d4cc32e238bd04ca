import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId, OrderId, ShipmentId, WarehouseId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { MAX_LINES, orderStatuses } from '../order/order.ts';
import { ReceivedShipment } from '../order/order-movement.ts';
import { CustomsDeclaration } from './customs-data.ts';
import { Incoterm } from './incoterm.ts';
import { MAX_PACKAGES, Package, ShipmentLine, TrackingNumber } from './shipment.ts';
import { ShipmentNews } from './shipment-news.ts';

export const CreateShipmentRequest = z.strictObject({
  carrier: z.string().min(1).max(60).optional(),
  trackingNumber: TrackingNumber.optional(),
  /** Where it leaves; may be left out where the goods of the order lie in one warehouse. */
  warehouse: WarehouseId.optional(),
  /** What leaves; left out, everything that is left there and does not wait for stock. */
  lines: z.array(ShipmentLine).min(1).max(MAX_LINES).optional(),
  /** How they are packed: together exactly what leaves, which `lines` then need not say. */
  packages: z.array(Package).min(1).max(MAX_PACKAGES).optional(),
  /** For goods that cross a customs border: the order's when left out, or else DAP. */
  incoterm: Incoterm.optional(),
});

const DeliveryView = ReceivedShipment.pick({
  state: true,
  since: true,
  place: true,
  reason: true,
  proof: true,
  lines: true,
});
const PackageView = Package.extend({
  packageNumber: z.int(),
  trackingUrl: z.string().optional(),
  delivery: DeliveryView.optional(),
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
  /** Where it can be followed, where the policy `carriers` says so. */
  trackingUrl: z.string().optional(),
  lines: z.array(ShipmentLine),
  packages: z.array(PackageView).optional(),
  /** What was declared of it, where it crossed a customs border. */
  customs: CustomsDeclaration.optional(),
  /** What is known of it since it left; of each package where those are described. */
  delivery: DeliveryView.optional(),
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
    'packages_differ',
    'customs_data_missing',
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

export const RecordDeliveryRequest = z.strictObject({
  outcome: ShipmentNews.shape.type.default('delivered'),
  /** The package it is about; all of the shipment when left out. */
  packageNumber: z.int().min(1).optional(),
  /** Now when left out. */
  occurredAt: Instant.optional(),
  ...ShipmentNews.pick({ place: true, reason: true, lines: true, proof: true }).shape,
});

const NewsAnswer = z.strictObject({
  /** `repeated`: nothing of it was new. `outdated`: later news are known. */
  result: z.enum(['applied', 'repeated', 'outdated']),
  /** The state of the order after it. */
  status: z.enum(orderStatuses),
});
export type NewsAnswer = z.infer<typeof NewsAnswer>;

export const recordDelivery = contract({
  operationId: 'recordDelivery',
  description:
    'Tells by hand what a carrier tells by its webhook: that goods arrived (`lines`: units in all, everything when left out), are on their way, or could not be delivered.',
  params: z.strictObject({ orderId: OrderId, shipmentId: ShipmentId }),
  body: RecordDeliveryRequest,
  status: 200,
  response: NewsAnswer,
  idempotent: true,
  problems: ['order_not_found', 'shipment_not_found', 'version_conflict'],
  example: { body: { lines: [{ line: 1, quantity: 6 }], proof: { signedBy: 'R. Bell' } } },
});
