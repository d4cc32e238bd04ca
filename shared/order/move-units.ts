import { partsOf, type Shipment, type ShipmentLine } from '../shipment/shipment.ts';
import { unitsByLine } from './line-units.ts';
import { type AcceptedOrder, isAccepted, type Order, type OrderLine } from './order.ts';
import type { ReceivedShipment, ReturnedGoods } from './order-movement.ts';
import { unitsOf, withUnits } from './order-status.ts';

/** An order with what has left of it, what arrived and what came back. */
export type MovedOrder = {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly shipments: readonly Shipment[];
  readonly received: readonly ReceivedShipment[];
  readonly returned: readonly ReturnedGoods[];
};

/**
 * The order after more of a shipment, or of one package of it, has arrived.
 * @param arrived what has arrived of it in all, earlier arrivals counted
 * @throws RangeError when that is more than it took, or no more than was known before: whoever calls refuses,
 *   caps or passes over it, as it sees fit
 */
export function deliverUnits(file: MovedOrder, arrived: ReceivedShipment): AcceptedOrder {
  const { shipmentId, packageNumber } = arrived;
  const shipment = file.shipments.find((each) => each.shipmentId === shipmentId);
  const part = shipment && partsOf(shipment).find((each) => each.packageNumber === packageNumber);
  if (!part) throw new RangeError(`the order has no shipment ${shipmentId}, or not that package of it`);
  refuseExcess(`received with ${shipmentId}`, [arrived], [part]);
  const before = sumOf(
    file.received.filter((each) => each.shipmentId === shipmentId && each.packageNumber === packageNumber),
  );
  const more = sumOf([arrived]) - before;
  if (more <= 0) throw new RangeError(`of ${shipmentId} ${before} units have arrived already`);
  const { order, units } = accepted(file);
  return withUnits(order, { ...units, delivered: units.delivered + more });
}

/**
 * The order after goods of it came back. They need not be known to have arrived: not every carrier tells.
 * @throws RangeError when more came back of a line than has shipped: whoever calls refuses that before
 */
export function returnUnits(file: MovedOrder, back: ReturnedGoods): AcceptedOrder {
  refuseExcess('returned', [...file.returned, back], file.shipments);
  const { order, units } = accepted(file);
  return withUnits(order, { ...units, returned: units.returned + sumOf([back]) });
}

function accepted({ order, lines }: MovedOrder) {
  if (!isAccepted(order)) throw new RangeError(`the order is ${order.status}: nothing of it has shipped`);
  return { order, units: unitsOf(order, lines) };
}

type Part = { readonly lines: readonly ShipmentLine[] };

function refuseExcess(what: string, parts: readonly Part[], bounds: readonly Part[]): void {
  const most = unitsByLine(bounds);
  for (const [line, units] of unitsByLine(parts)) {
    const bound = most.get(line) ?? 0;
    if (units > bound) throw new RangeError(`${units} of line ${line} ${what}, ${bound} were shipped`);
  }
}

function sumOf(parts: readonly Part[]): number {
  return [...unitsByLine(parts).values()].reduce((sum, units) => sum + units, 0);
}
