import * as z from 'zod';
import { Instant } from '../kernel/time.ts';
import { MAX_LINES } from '../order/order.ts';
import { ProofOfDelivery } from '../order/order-movement.ts';
import { ShipmentLine } from './shipment.ts';

/** What is told of a shipment after it left, by its carrier or by a person. */
export const ShipmentNews = z.strictObject({
  /** The teller's own id of it: the same is taken once. */
  eventId: z.string().min(1).max(100),
  type: z.enum(['in_transit', 'delivered', 'failed']),
  occurredAt: Instant,
  place: z.string().min(1).max(120).optional(),
  /** Why it could not be delivered. */
  reason: z.string().min(1).max(200).optional(),
  /** Units of each line of the order that have arrived of the shipment in all; everything when left out. */
  lines: z.array(ShipmentLine).min(1).max(MAX_LINES).optional(),
  proof: ProofOfDelivery.optional(),
});
export type ShipmentNews = z.infer<typeof ShipmentNews>;
