import { createHash } from 'node:crypto';
import * as z from 'zod';
import { hashOfAddress } from '../customer/blocked-address.ts';
import type { Address } from '../customer/customer.ts';
import { OrderId } from '../kernel/ids.ts';
import { type Instant, instant } from '../kernel/time.ts';
import type { OrderLine, Reason } from './order.ts';

/** The last order of a customer with certain lines. */
export const OrderedLines = z.object({
  orderId: OrderId,
  placedAt: z.string().transform((moment) => instant(moment)),
  poNumber: z.string().optional(),
});
export type OrderedLines = z.infer<typeof OrderedLines>;

/** What lines and the address they go to hash to: the same for the same units of the same SKUs, whatever lines they stand in. */
export function hashOfLines(
  lines: readonly Pick<OrderLine, 'sku' | 'quantity'>[],
  shipTo: Address | undefined,
): string {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  const sorted = [...units].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([...sorted, ...(shipTo ? [hashOfAddress(shipTo)] : [])]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/**
 * Why an order looks as if it had been sent twice; undefined where it does not: longer ago than `windowMinutes`, or of
 * another purchase order.
 */
export function duplicateOf(
  order: { placedAt: Instant; poNumber?: string | undefined },
  earlier: OrderedLines,
  windowMinutes: number,
): Reason | undefined {
  const minutes = Math.abs(Date.parse(order.placedAt) - Date.parse(earlier.placedAt)) / 60_000;
  const otherPurchase = order.poNumber !== earlier.poNumber;
  if (minutes >= windowMinutes || otherPurchase) return undefined;
  return {
    code: 'duplicate_order',
    detail: `the same lines as ${earlier.orderId} of ${earlier.placedAt}, ${Math.round(minutes)} minutes apart`,
  };
}
