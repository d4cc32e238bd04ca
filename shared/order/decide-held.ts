import type { Role } from '../http/roles.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { type Order, OrderHead, type OrderIn } from './order.ts';

/**
 * That who decides about a held order is of the team whose desk it lies on, or has the role whose approval it takes;
 * administrators may always.
 * @throws DomainError `forbidden`
 */
export function assertMayDecide(order: Order, roles: readonly Role[]): void {
  if (order.status !== 'held' || roles.includes('admin')) return;
  const wanted = order.hold?.approval ?? order.hold?.team ?? 'credit';
  if (roles.includes(wanted)) return;
  throw new DomainError('forbidden', `The order waits for ${wanted}. Ask someone of theirs to decide.`);
}

/**
 * The held order turned down by a person; its goods and its claim on the customer's credit are free again.
 * @throws DomainError `order_not_releasable` when it is not held
 */
export function turnDown(order: Order, reason: string, at: Instant): OrderIn<'rejected'> {
  if (order.status !== 'held') {
    throw new DomainError(
      'order_not_releasable',
      `Only a held order can be turned down; this one is ${order.status}.`,
    );
  }
  return {
    ...OrderHead.parse(order),
    status: 'rejected',
    rejectedAt: at,
    reasons: [{ code: 'turned_down', detail: reason }],
    claim: 0,
    version: order.version + 1,
  };
}
