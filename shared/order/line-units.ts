import type { Shipment, ShipmentLine } from '../shipment/shipment.ts';
import type { Order, OrderLine } from './order.ts';
import type { LineUnits } from './order-api.ts';

/** What lies beside an order and tells what became of its units. */
export type OrderMovements = {
  readonly shipments: readonly Pick<Shipment, 'shipmentId' | 'lines'>[];
  /** What arrived of each shipment. */
  readonly received: readonly { readonly lines: readonly ShipmentLine[] }[];
  /** What came back. */
  readonly returned: readonly { readonly lines: readonly ShipmentLine[] }[];
  /** The shipments that an invoice bills. */
  readonly invoiced: ReadonlySet<string>;
};

/** What became of the units of each line of an order, by its number. */
export function lineUnitsOf(
  { status }: Pick<Order, 'status'>,
  lines: readonly OrderLine[],
  { shipments, received, returned, invoiced }: OrderMovements,
): Map<number, LineUnits> {
  const shipped = unitsByLine(shipments);
  const arrived = unitsByLine(received);
  const back = unitsByLine(returned);
  const billed = unitsByLine(shipments.filter(({ shipmentId }) => invoiced.has(shipmentId)));
  return new Map(
    lines.map(({ line, quantity, cancelled = 0 }) => [
      line,
      {
        ordered: quantity,
        cancelled: status === 'cancelled' ? quantity : cancelled,
        shipped: shipped.get(line) ?? 0,
        delivered: arrived.get(line) ?? 0,
        returned: back.get(line) ?? 0,
        invoiced: billed.get(line) ?? 0,
      },
    ]),
  );
}

/** Units by line of all of `parts` together. */
export function unitsByLine(
  parts: readonly { readonly lines: readonly ShipmentLine[] }[],
): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity } of parts.flatMap(({ lines }) => lines)) {
    units.set(line, (units.get(line) ?? 0) + quantity);
  }
  return units;
}
