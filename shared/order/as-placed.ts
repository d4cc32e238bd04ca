import { lineAsPlaced } from './lines-left.ts';
import { type Order, OrderHead, type OrderIn, type OrderLine } from './order.ts';

/** What a change of an order keeps of how that was placed. */
export function keptAsPlaced({
  asPlaced,
  adjustments,
  totals,
  shipTo,
  requestedOn,
  warehouse,
}: OrderHead): NonNullable<OrderHead['asPlaced']> {
  return (
    asPlaced ?? {
      ...(adjustments && { adjustments }),
      totals,
      ...(shipTo && { shipTo }),
      ...(requestedOn !== undefined && { requestedOn }),
      ...(warehouse && { warehouse }),
    }
  );
}

/** The order as it was when it was placed, whatever became of it since. */
export function asPlaced({ order, lines }: { readonly order: Order; readonly lines: readonly OrderLine[] }): {
  order: OrderIn<'placed'>;
  lines: OrderLine[];
} {
  const {
    release: _release,
    asPlaced: changed,
    agreedAdjustments: _agreed,
    units,
    ...head
  } = OrderHead.parse(order);
  const placedLines = lines.map(lineAsPlaced);
  const ordered = placedLines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    order: {
      ...(changed ? { ...withoutChangeable(head), ...changed } : head),
      ...(units && { units: { ordered, cancelled: 0, shipped: 0, delivered: 0, returned: 0 } }),
      status: 'placed',
      version: 1,
    },
    lines: placedLines,
  };
}

function withoutChangeable<T extends Partial<OrderHead>>(head: T) {
  const {
    adjustments: _adjustments,
    shipTo: _shipTo,
    requestedOn: _requestedOn,
    warehouse: _warehouse,
    ...rest
  } = head;
  return rest;
}
