import * as z from 'zod';
import { CustomerId, OrderId, Sku } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';

/** That an order waits for `units` of a SKU since it was placed. */
export const Backorder = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  sku: Sku,
  units: z.int().min(1),
  since: Instant,
  priority: z.enum(['low', 'normal', 'high']).optional(),
});
export type Backorder = z.infer<typeof Backorder>;

const rank = { high: 0, normal: 1, low: 2 } as const;

/** Who gets what comes first: the higher priority, then who has waited longest. */
export function inTurn(one: Backorder, other: Backorder): number {
  return (
    rank[one.priority ?? 'normal'] - rank[other.priority ?? 'normal'] ||
    one.since.localeCompare(other.since) ||
    one.orderId.localeCompare(other.orderId)
  );
}
