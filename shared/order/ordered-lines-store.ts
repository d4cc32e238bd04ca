import { keys } from '../table/keys.ts';
import type { Action, Item } from '../table/table.ts';
import { hashOfLines, OrderedLines } from './ordered-lines.ts';
import type { Placement } from './reserve-placement.ts';

/** The lines of an order were ordered before; nothing was written. */
export class OrderedBefore extends Error {
  /** Undefined where what was noted has expired meanwhile. */
  readonly earlier: OrderedLines | undefined;

  constructor(earlier: OrderedLines | undefined) {
    super(`the same lines were ordered as ${earlier?.orderId ?? 'something that has expired'}`);
    this.name = 'OrderedBefore';
    this.earlier = earlier;
  }
}

/**
 * Notes that the customer ordered these lines, so that of two orders at once one sees the other. Two write units.
 * @param before what is noted of them so far
 * @throws (on commit) {@link OrderedBefore} where something else is noted
 */
export function noteOrderedLines(
  { order, lines }: Placement,
  before: OrderedLines | undefined,
  windowMinutes: number,
): Action {
  const { customerId, orderId, placedAt, poNumber } = order;
  return {
    do: 'put',
    item: {
      ...keys.orderedLines(customerId, hashOfLines(lines, order.shipTo)),
      orderId,
      placedAt,
      ...(poNumber !== undefined && { poNumber }),
      ttl: Math.ceil(Date.parse(placedAt) / 1000) + windowMinutes * 60,
    },
    when: [
      before
        ? { attribute: 'orderId', is: 'equal', value: before.orderId }
        : { attribute: 'PK', is: 'absent' },
    ],
    refusal: (found: Item | undefined) => new OrderedBefore(found && OrderedLines.parse(found)),
  };
}
