import { leftOf } from '../deposit/deposit.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import type { ChangeableFile } from './change-quantities.ts';
import { OrderHead, type OrderIn } from './order.ts';
import { unitsOf } from './order-status.ts';

/**
 * Cancels an order whole, of which nothing has shipped; its stock and its claim on the customer's credit are free again.
 * @throws DomainError `order_not_cancellable` when something has shipped or the order has ended, `order_has_deposit`
 */
export function cancelOrder(
  { order, lines, deposits }: Pick<ChangeableFile, 'order' | 'lines' | 'deposits'>,
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
  const units = unitsOf(order, lines);
  return {
    ...OrderHead.parse(order),
    status: 'cancelled',
    cancelledAt: at,
    reason,
    units: { ...units, cancelled: units.ordered },
    claim: 0,
    version: order.version + 1,
  };
}
