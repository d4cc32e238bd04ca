import * as z from 'zod';
import { OrderId, ReturnId, ShipmentId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { ShipmentLine } from '../shipment/shipment.ts';

/** Who took the goods, and what shows it: a name, a picture or document at the carrier's. */
export const ProofOfDelivery = z.strictObject({
  signedBy: z.string().min(1).max(120).optional(),
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
});
export type ProofOfDelivery = z.infer<typeof ProofOfDelivery>;

/** The last events that a shipment knows as told; one told again after so many others is out of date anyway. */
export const MAX_EVENTS = 50;

/** What is known of a shipment, or of one package of it, since it left. */
export const ReceivedShipment = z.strictObject({
  orderId: OrderId,
  shipmentId: ShipmentId,
  /** Left out where its packages were not described. */
  packageNumber: z.int().min(1).optional(),
  /** Units that arrived, in all. */
  lines: z.array(ShipmentLine),
  /** `failed`: the carrier came in vain; it may come again. */
  state: z.enum(['in_transit', 'delivered', 'failed']).default('delivered'),
  /** When the carrier says that came about. */
  since: Instant.optional(),
  /** Where it was then. */
  place: z.string().max(120).optional(),
  /** Why it could not be delivered. */
  reason: z.string().max(200).optional(),
  proof: ProofOfDelivery.optional(),
  /** Ids of the events that told of it, newest last. */
  events: z.array(z.string()).max(MAX_EVENTS).default([]),
  /** When it was noted here. */
  at: Instant,
  version: z.int().min(1).default(1),
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
