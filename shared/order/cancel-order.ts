import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { type Order, OrderHead, type OrderIn } from './order.ts';

/**
 * Cancels an order of which nothing has shipped; its stock and its claim on the customer's credit are free again.
 * @throws DomainError `order_not_cancellable` when something has shipped or the order has ended
 */
export function cancelOrder(order: Order, reason: string, at: Instant): OrderIn<'cancelled'> {
  if (order.status !== 'placed' && order.status !== 'held' && order.status !== 'confirmed') {
    throw new DomainError(
      'order_not_cancellable',
      `The order is ${order.status}; only what has not shipped can be cancelled.`,
    );
  }
  return {
    ...OrderHead.parse(order),
    status: 'cancelled',
    cancelledAt: at,
    reason,
    claim: 0,
    version: order.version + 1,
  };
}
