import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { type Order, OrderHead, type OrderIn } from './order.ts';

/**
 * Lets a held order go on, over the rules, in the name of who says so. `accept-order` takes it up again.
 * @param releaserId the token's `sub` of who says so: not of whoever entered the order, or changed it last
 * @throws DomainError `order_not_releasable` when it is not held, `approval_by_requester`
 */
export function releaseOrder(
  order: Order,
  release: { by: string; reason: string; at: Instant },
  releaserId: string,
): OrderIn<'placed'> {
  if (order.status !== 'held') {
    throw new DomainError(
      'order_not_releasable',
      `Only a held order can be released; this one is ${order.status}.`,
    );
  }
  if (releaserId === order.placedById || releaserId === order.amendedById) {
    throw new DomainError(
      'approval_by_requester',
      'You entered this order yourself. Someone else has to release it.',
    );
  }
  return { ...OrderHead.parse(order), status: 'placed', release, version: order.version + 1 };
}

/** The order as its release left it, with the version it got then, whatever became of it since. */
export function asReleased(order: Order, version: number): OrderIn<'placed'> {
  return { ...OrderHead.parse(order), status: 'placed', version };
}
