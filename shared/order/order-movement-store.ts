import { versionConflict } from '../table/commit.ts';
import { keys, prefixes } from '../table/keys.ts';
import type { Action, Item } from '../table/table.ts';
import type { AcceptedOrder } from './order.ts';
import { ReceivedShipment, ReturnedGoods } from './order-movement.ts';
import { saveOrder } from './order-store.ts';

/** The write that keeps what is known of a shipment. */
export function keepReceived(received: ReceivedShipment): Action {
  const { orderId, shipmentId, packageNumber, version } = received;
  const when =
    version === 1
      ? ({ attribute: 'PK', is: 'absent' } as const)
      : ({ attribute: 'version', is: 'equal', value: version - 1 } as const);
  return {
    do: 'put',
    item: { ...keys.receivedShipment(orderId, shipmentId, packageNumber), ...received },
    when: [when],
    refusal: versionConflict('shipment'),
  };
}

/**
 * The writes that keep what came back with a return, once, with the order after it. The fact, at the order's new version and
 * with its new `status`, is whoever's who knows of the return.
 * @param before of an accepted order, see `returnUnits`
 */
export function returnedActions(
  before: AcceptedOrder,
  order: AcceptedOrder,
  returned: ReturnedGoods,
): Action[] {
  const { orderId, returnId } = returned;
  return [
    saveOrder(before, order),
    {
      do: 'put',
      item: { ...keys.returnedGoods(orderId, returnId), ...returned },
      when: [{ attribute: 'PK', is: 'absent' }],
    },
  ];
}

/** What arrived and came back, among the items of an order's partition. */
export function movementsIn(items: readonly Item[]): {
  received: ReceivedShipment[];
  returned: ReturnedGoods[];
} {
  const under = (prefix: string) =>
    items.filter(({ SK }) => SK.startsWith(prefix)).map(({ PK: _pk, SK: _sk, ...item }) => item);
  return {
    received: under(prefixes.received).map((item) => ReceivedShipment.parse(item)),
    returned: under(prefixes.returned).map((item) => ReturnedGoods.parse(item)),
  };
}
