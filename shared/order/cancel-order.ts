import { leftOf, type OrderDeposits } from '../deposit/deposit.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { type Order, OrderHead, type OrderIn } from './order.ts';

/**
 * Cancels an order of which nothing has shipped; its stock and its claim on the customer's credit are free again.
 * @param deposits that were asked for on it
 * @throws DomainError `order_not_cancellable` when something has shipped or the order has ended, `order_has_deposit`
 */
export function cancelOrder(
  order: Order,
  deposits: OrderDeposits | undefined,
  reason: string,
  at: Instant,
): OrderIn<'cancelled'> {
  if (order.status !== 'placed' && order.status !== 'held' && order.status !== 'confirmed') {
    throw new DomainError(
      'order_not_cancellable',
      `The order is ${order.status}; only what has not shipped can be cancelled.`,
    );
  }
  const open = deposits?.deposits.find((deposit) => leftOf([deposit]) > 0);
  if (open) {
    throw new DomainError(
      'order_has_deposit',
      `${open.number} asks for a deposit on the order. Credit it whole, then cancel.`,
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
