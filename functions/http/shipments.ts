import { type CarrierPolicy, carrierPolicy } from '#shared/carrier/carrier-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { assertOwn } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { ShipmentId } from '#shared/kernel/ids.ts';
import { dateIn, type Instant } from '#shared/kernel/time.ts';
import { loadOrder } from '#shared/order/order-store.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { loadProducts } from '#shared/product/product-store.ts';
import { declareCustoms, skusToDeclare } from '#shared/shipment/customs.ts';
import { shipOrder } from '#shared/shipment/ship-order.ts';
import type { Shipment } from '#shared/shipment/shipment.ts';
import * as api from '#shared/shipment/shipment-api.ts';
import {
  dispatchActions,
  loadShipment,
  loadShipments,
  loadShippingFile,
} from '#shared/shipment/shipment-store.ts';
import { shipmentView } from '#shared/shipment/shipment-view.ts';
import { applyNews, shipmentNotFound } from '#shared/shipment/tracking-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();
const { timeZone } = company;

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');

const create = operation(
  api.createShipment,
  ({ params: { orderId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [file, carriers] = await Promise.all([loadShippingFile(table, orderId), carriersOf([body], at)]);
      if (!file) throw orderNotFound();
      const dispatched = shipOrder(file.order, file.lines, file.shipments, body, caller.name, at);
      const products = await loadProducts(table, skusToDeclare(dispatched.shipment, file.lines));
      const incoterm = body.incoterm ?? file.order.incoterm;
      const shipment = declareCustoms(dispatched.shipment, file.lines, products, incoterm);
      await commit(table, [
        remember(shipment.shipmentId),
        ...dispatchActions(dispatched.before, dispatched.order, shipment, dispatched.shippedLines, timeZone),
      ]);
      return created(shipment, carriers);
    }),
  {
    replay: async (shipmentId, { params: { orderId }, at }) => {
      const shipment = await loadShipment(table, orderId, ShipmentId.parse(shipmentId));
      if (!shipment) throw shipmentNotFound();
      return created(shipment, await carriersOf([shipment], at));
    },
  },
);

const list = operation(api.listShipments, async ({ params: { orderId }, caller, at }) => {
  const [order, { shipments, received }] = await Promise.all([
    loadOrder(table, orderId),
    loadShipments(table, orderId),
  ]);
  if (!order) throw orderNotFound();
  assertOwn(caller, order.customerId, orderNotFound);
  const carriers = await carriersOf(shipments, at);
  return { body: { items: shipments.map((shipment) => shipmentView(shipment, received, carriers)) } };
});

const deliver = operation(
  api.recordDelivery,
  async ({ params, body, caller, at, headers, remember }) => {
    const { outcome: type, packageNumber, occurredAt = at, ...told } = body;
    const eventId = `${caller.id} ${headers['idempotency-key']}`;
    const news = { eventId, type, occurredAt, ...told };
    const answer = await applyNews(
      table,
      company,
      { ...params, packageNumber },
      news,
      { at, actor: caller.name },
      (outcome) => [remember(params.shipmentId, outcome)],
    );
    return { body: answer };
  },
  { replay: (_id, _call, answer) => Promise.resolve({ body: answer }) },
);

export const handler = httpFunction(table, [create, list, deliver]);

/** Nothing has been heard of it yet. */
function created(shipment: Shipment, carriers: CarrierPolicy) {
  return {
    status: 201,
    headers: { location: `/v1/orders/${shipment.orderId}/shipments` },
    body: shipmentView(shipment, [], carriers),
  };
}

/** What the policy says of carriers, where any of `shipments` names one. */
async function carriersOf(
  shipments: readonly Pick<Shipment, 'carrier'>[],
  at: Instant,
): Promise<CarrierPolicy> {
  if (shipments.every(({ carrier }) => carrier === undefined)) return { carriers: [] };
  return (await policyInForce(table, carrierPolicy, dateIn(timeZone, at))).policy;
}
