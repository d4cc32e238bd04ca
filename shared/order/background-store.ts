import { blockedAt } from '../customer/blocked-address-store.ts';
import type { Customer } from '../customer/customer.ts';
import { owners } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import type { Background } from './fraud-score.ts';
import type { Order } from './order.ts';
import type { VerificationPolicy } from './verification-policy.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What else is known of who ordered: two queries side by side, about two read units. */
export async function loadBackground(
  table: Table,
  order: Order,
  { address, customerId }: Customer,
  { fraud }: VerificationPolicy,
): Promise<Background> {
  const [{ items }, blockedNeighbours] = await Promise.all([
    table.query({
      index: 'byOwner',
      partition: owners.customer(customerId, 'order'),
      to: `${order.placedAt}~`,
      newestFirst: true,
      // Itself, and one more than may be.
      limit: fraud.velocity.orders + 2,
    }),
    blockedAt(table, [address, ...(order.shipTo ? [order.shipTo] : [])]),
  ]);
  const others = items.filter(({ PK }) => PK !== order.orderId);
  const since = new Date(Date.parse(order.placedAt) - DAY).toISOString();
  return {
    ordersToday: others.filter(({ OSK }) => String(OSK) >= since).length,
    isFirst: others.length === 0,
    blockedNeighbours: blockedNeighbours.filter((id) => id !== customerId),
  };
}
