import * as z from 'zod';
import { parseFact } from '#shared/fact/fact.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { needsLeft } from '#shared/order/lines-left.ts';
import { loadOrderLines } from '#shared/order/order-store.ts';
import { shippedLinesOf } from '#shared/shipment/ship-order.ts';
import { loadShipment } from '#shared/shipment/shipment-store.ts';
import { releaseLongOrder, shipLongShipment } from '#shared/stock/long-order-store.ts';
import { stockNeeds } from '#shared/stock/stock-needs.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();

const BusEvent = z.object({ detail: z.unknown() });

/** Moves the stock of long orders and shipments, which their own transaction could not hold. Safe to repeat. */
export async function handler(event: unknown): Promise<void> {
  const fact = parseFact(
    ['order.cancelled', 'order.rejected', 'shipment.dispatched'],
    BusEvent.parse(event).detail,
  );
  if (fact.data.stock === 'moved') return;
  const { orderId } = fact.data;
  const orderLines = await loadOrderLines(table, { orderId });
  switch (fact.type) {
    case 'order.cancelled':
    case 'order.rejected':
      return releaseLongOrder(table, orderId, needsLeft(orderLines));
    case 'shipment.dispatched': {
      const { shipmentId } = fact.data;
      const shipment = await loadShipment(table, orderId, shipmentId);
      if (!shipment) throw new DomainError('shipment_not_found', `There is no shipment ${shipmentId}.`);
      return shipLongShipment(
        table,
        orderId,
        shipmentId,
        stockNeeds(shippedLinesOf(shipment.lines, orderLines)),
      );
    }
    default:
      return fact satisfies never;
  }
}
