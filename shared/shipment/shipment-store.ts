import type { FactData } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { keepToBill } from '../invoice/to-bill-store.ts';
import type { OrderId, ShipmentId } from '../kernel/ids.ts';
import type { AcceptedOrder } from '../order/order.ts';
import type { ReceivedShipment, ReturnedGoods } from '../order/order-movement.ts';
import { movementsIn } from '../order/order-movement-store.ts';
import { type OrderFile, orderFileIn, saveOrder } from '../order/order-store.ts';
import { fitsOneTransaction, stockNeeds } from '../stock/stock-needs.ts';
import { shipStock } from '../stock/stock-store.ts';
import { afterAll, keys, prefixes, references, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { ShippableOrder, ShippedLine } from './ship-order.ts';
import { Shipment } from './shipment.ts';

export async function loadShipment(
  table: Table,
  orderId: OrderId,
  shipmentId: ShipmentId,
): Promise<Shipment | undefined> {
  const item = await table.get(keys.shipment(orderId, shipmentId), { consistent: true });
  return item && shipmentOf(item);
}

/** An order with its lines, its shipments, oldest first, and what arrived of them or came back. */
export type ShippingFile = OrderFile & {
  shipments: Shipment[];
  received: ReceivedShipment[];
  returned: ReturnedGoods[];
};

/** The same of one order: one query. */
export async function loadShippingFile(table: Table, orderId: OrderId): Promise<ShippingFile | undefined> {
  const bounds = { from: keys.order(orderId).SK, to: afterAll(prefixes.shipment) };
  const items = await queryAll(table, { partition: orderId, ...bounds, consistent: true });
  const file = orderFileIn(items);
  const shipments = items.filter(({ SK }) => SK.startsWith(prefixes.shipment)).map(shipmentOf);
  return file && { ...file, shipments, ...movementsIn(items) };
}

/** All shipments of an order, oldest first, and what is known of them since they left. */
export async function loadShipments(
  table: Table,
  orderId: OrderId,
): Promise<Pick<ShippingFile, 'shipments' | 'received'>> {
  const bounds = { from: prefixes.received, to: afterAll(prefixes.shipment) };
  const items = await queryAll(table, { partition: orderId, ...bounds, consistent: true });
  const shipments = items.filter(({ SK }) => SK.startsWith(prefixes.shipment)).map(shipmentOf);
  return { shipments, received: movementsIn(items).received };
}

/** The writes of a dispatched shipment: itself, the order after it, its wait for an invoice over several, the stock that leaves, the fact. */
export function dispatchActions(
  before: ShippableOrder,
  order: AcceptedOrder,
  shipment: Shipment,
  shippedLines: readonly ShippedLine[],
  timeZone: string,
): Action[] {
  const inOneTransaction = fitsOneTransaction(
    shippedLines,
    shipment.warehouse,
    packagesToFind(shipment).length,
  );
  return [
    saveOrder(before, order),
    ...(order.invoicing ? [keepToBill(shipment, order.invoicing, timeZone)] : []),
    ...(inOneTransaction ? stockNeeds(shippedLines, shipment.warehouse).map(shipStock) : []),
    ...shipmentActions(shipment, order, inOneTransaction ? 'moved' : 'pending'),
  ];
}

/**
 * The shipment itself and its fact, for the transaction that dispatches it.
 * @param order as it stands after it
 * @param stock whether the same transaction takes its goods from stock, or `move-stock` does
 */
export function shipmentActions(
  shipment: Shipment,
  order: AcceptedOrder,
  stock: FactData<'shipment.dispatched'>['stock'],
): Action[] {
  const { shipmentId, orderId, customerId, carrier, trackingNumber, complete, shippedAt } = shipment;
  return [
    {
      do: 'put',
      item: {
        ...keys.shipment(orderId, shipmentId),
        ...(trackingNumber !== undefined && { RPK: references.tracking(trackingNumber), RSK: shipmentId }),
        ...shipment,
      },
      when: [{ attribute: 'PK', is: 'absent' }],
    },
    ...packagesToFind(shipment),
    recordFact('shipment.dispatched', orderId, versionSlot(order.version), {
      at: shippedAt,
      actor: shipment.shippedBy,
      customerId,
      data: {
        orderId,
        shipmentId,
        units: shipment.lines.reduce((sum, line) => sum + line.quantity, 0),
        complete,
        status: order.status,
        stock,
        ...(carrier !== undefined && { carrier }),
        ...(trackingNumber !== undefined && { trackingNumber }),
      },
    }),
  ];
}

/** Packages with a number of their own: what else is known of them stands on the shipment. */
function packagesToFind({ orderId, shipmentId, packages = [], ...whole }: Shipment): Action[] {
  return packages.flatMap(({ trackingNumber }, index): Action[] =>
    trackingNumber === undefined || trackingNumber === whole.trackingNumber
      ? []
      : [
          {
            do: 'put',
            item: {
              ...keys.trackedPackage(orderId, shipmentId, index + 1),
              RPK: references.tracking(trackingNumber),
              RSK: shipmentId,
            },
          },
        ],
  );
}

function shipmentOf(item: Item): Shipment {
  const { PK: _pk, SK: _sk, RPK: _rpk, RSK: _rsk, ...shipment } = item;
  return Shipment.parse(shipment);
}
