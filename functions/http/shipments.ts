import { companyFromEnv } from '#shared/company/company.ts';
import { assertOwn } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { ShipmentId, twinId } from '#shared/kernel/ids.ts';
import { loadOrder } from '#shared/order/order-store.ts';
import { shipOrder } from '#shared/shipment/ship-order.ts';
import type { Shipment } from '#shared/shipment/shipment.ts';
import * as api from '#shared/shipment/shipment-api.ts';
import {
  dispatchActions,
  loadShipment,
  loadShipments,
  loadShippingFile,
} from '#shared/shipment/shipment-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');

const create = operation(
  api.createShipment,
  ({ params: { orderId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const file = await loadShippingFile(table, orderId);
      if (!file) throw orderNotFound();
      const dispatched = shipOrder(file.order, file.lines, file.shipments, body, caller.name, at);
      const { shipment } = dispatched;
      await commit(table, [
        remember(shipment.shipmentId),
        ...dispatchActions(dispatched.before, dispatched.order, shipment, dispatched.shippedLines, timeZone),
      ]);
      return created(shipment);
    }),
  {
    replay: async (shipmentId, { params: { orderId } }) => {
      const shipment = await loadShipment(table, orderId, ShipmentId.parse(shipmentId));
      if (!shipment) throw new DomainError('shipment_not_found', 'There is no such shipment.');
      return created(shipment);
    },
  },
);

const list = operation(api.listShipments, async ({ params: { orderId }, caller }) => {
  const [order, shipments] = await Promise.all([loadOrder(table, orderId), loadShipments(table, orderId)]);
  if (!order) throw orderNotFound();
  assertOwn(caller, order.customerId, orderNotFound);
  return { body: { items: shipments.map(shipmentView) } };
});

export const handler = httpFunction(table, [create, list]);

const created = (shipment: Shipment) => ({
  status: 201,
  headers: { location: `/v1/orders/${shipment.orderId}/shipments` },
  body: shipmentView(shipment),
});

function shipmentView({ claim: _claim, shippedBy: _by, ...shipment }: Shipment): api.ShipmentView {
  const invoiceId = twinId('inv', shipment.shipmentId);
  return {
    ...shipment,
    invoiceId,
    links: { order: `/v1/orders/${shipment.orderId}`, invoice: `/v1/invoices/${invoiceId}` },
  };
}
