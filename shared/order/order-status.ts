import {
  type AcceptedOrder,
  type Order,
  OrderHead,
  type OrderLine,
  type OrderStatus,
  type OrderUnits,
} from './order.ts';

/** What was decided about an order; all else its status says follows from its units. */
export type OrderDecision = 'placed' | 'held' | 'accepted' | 'rejected';

/** What was decided about an order so far. */
export function decisionOf({ status }: Pick<Order, 'status'>): OrderDecision {
  return status === 'placed' || status === 'held' || status === 'rejected' ? status : 'accepted';
}

/**
 * The one place that says what state an order is in:
 *
 * - `cancelled`: all of it was, whatever was decided before;
 * - `placed`, `held`, `rejected`: what was decided, as long as it is not accepted;
 * - `confirmed`: accepted, and nothing has shipped;
 * - `partly_shipped`: something has shipped and something is left to ship, whatever arrived or came back so far: that is
 *   what there is to do;
 * - `shipped`: nothing is left to ship, and nothing is known to have arrived;
 * - `partly_delivered`, `delivered`: some, or all, that shipped has arrived;
 * - `partly_returned`, `returned`: some, or all, that shipped came back.
 *
 * There is no state beyond `delivered` for an order that is invoiced as well: what is owed and paid is told by its
 * invoices, and an order desk has nothing left to do.
 */
export function orderStatus(decision: OrderDecision, units: OrderUnits): OrderStatus {
  const { ordered, cancelled, shipped, delivered, returned } = units;
  if (cancelled === ordered) return 'cancelled';
  if (decision !== 'accepted') return decision;
  if (shipped === 0) return 'confirmed';
  if (shipped < ordered - cancelled) return 'partly_shipped';
  if (returned > 0) return returned < shipped ? 'partly_returned' : 'returned';
  if (delivered > 0) return delivered < shipped ? 'partly_delivered' : 'delivered';
  return 'shipped';
}

/** An order's units; of orders stored before they were kept, what their lines and open units say. */
export function unitsOf(
  order: Pick<Order, 'status' | 'units' | 'openUnits'>,
  lines: readonly Pick<OrderLine, 'quantity' | 'cancelled'>[],
): OrderUnits {
  if (order.units) return order.units;
  const ordered = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const taken = lines.reduce((sum, { cancelled = 0 }) => sum + cancelled, 0);
  return {
    ordered,
    cancelled: order.status === 'cancelled' ? ordered : taken,
    shipped: order.status === 'cancelled' ? 0 : ordered - taken - order.openUnits,
    delivered: 0,
    returned: 0,
  };
}

/** Units of a line that are ordered and not cancelled. */
export function unitsLeft({ quantity, cancelled = 0 }: Pick<OrderLine, 'quantity' | 'cancelled'>): number {
  return quantity - cancelled;
}

/**
 * The accepted order with other units, in the state that follows from them, one version on.
 * @param head what else of it is other
 * @throws RangeError when they are those of an order cancelled whole: that takes a reason
 */
export function withUnits(
  order: AcceptedOrder,
  units: OrderUnits,
  head: OrderHead = OrderHead.parse(order),
): AcceptedOrder {
  const status = orderStatus('accepted', units);
  if (status === 'placed' || status === 'held' || status === 'rejected' || status === 'cancelled')
    throw new RangeError(`an accepted order does not become ${status} by its units`);
  const { acceptedAt, decision } = order;
  return { ...head, acceptedAt, decision, units, status, version: order.version + 1 };
}
