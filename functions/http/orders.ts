import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
import { type CounterSaleView, createCounterSale } from '#shared/counter-sale/counter-sale-api.ts';
import { loadCounterSale, recordCounterSale } from '#shared/counter-sale/counter-sale-store.ts';
import { sellOverCounter } from '#shared/counter-sale/sell-over-counter.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { loadTimeline } from '#shared/fact/timeline-store.ts';
import { assertOwn, type Caller, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { invoicesBilling } from '#shared/invoice/invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { type CustomerId, OrderId, twinId } from '#shared/kernel/ids.ts';
import { type CalendarDate, dateIn } from '#shared/kernel/time.ts';
import { cancelOrder } from '#shared/order/cancel-order.ts';
import type { Channel, Order } from '#shared/order/order.ts';
import * as api from '#shared/order/order-api.ts';
import * as orders from '#shared/order/order-store.ts';
import { orderSummary, orderView } from '#shared/order/order-view.ts';
import { placeOrder } from '#shared/order/place-order.ts';
import { commitPlacement } from '#shared/order/placement-store.ts';
import { asReleased, releaseOrder } from '#shared/order/release-order.ts';
import { lineAsReserved } from '#shared/order/reserve-lines.ts';
import type { Placement } from '#shared/order/reserve-placement.ts';
import { waitingOf } from '#shared/order/waiting-units.ts';
import { isWatched } from '#shared/product/product.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { loadProducts } from '#shared/product/product-store.ts';
import { loadShippingFile } from '#shared/shipment/shipment-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { versionSlot } from '#shared/table/keys.ts';
import { quotedTreatments, salesTaxProviderFor } from '#shared/tax/sales-tax.ts';
import type { TaxClass } from '#shared/tax/tax.ts';

const table = dynamoTable();
const company = companyFromEnv();
const salesTaxProvider = salesTaxProviderFor(company);

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');
const customerNotFound = () =>
  new DomainError('customer_not_found', 'There is no such customer.', {
    issues: [{ path: 'customerId', message: 'names no customer' }],
  });

const place = operation(
  api.placeOrder,
  async ({ body, caller, at, remember }) => {
    const customerId = listedCustomer(caller, body.customerId, customerNotFound);
    const today = dateIn(company.timeZone, at);
    const pricing = await pricingOf(customerId, body, body.documentDate ?? today);
    const watched = isWatched(pricing.products);
    const wanted = placeOrder(body, {
      ...pricing,
      actor: caller.name,
      actorId: caller.id,
      mayAgreePrices: isStaff(caller),
      channel: channelOf(body.channel, caller),
      at,
    });
    const context = { ...pricing, wish: body.warehouse, today };
    return placed(
      await commitPlacement(table, wanted, context, ({ order, lines }) => [
        remember(order.orderId),
        ...orders.placeOrderActions(order, lines, company.timeZone, { watched }),
      ]),
    );
  },
  {
    // The answer of then, whatever became of the order since.
    replay: async (orderId) => {
      const { order, lines } = await ownOrderFile(OrderId.parse(orderId));
      return placed({ order: orders.asPlaced(order), lines });
    },
  },
);

const sell = operation(
  createCounterSale,
  async ({ body, caller, at, remember }) => {
    const today = dateIn(company.timeZone, at);
    const [pricing, seller, dunning, next] = await Promise.all([
      pricingOf(body.customerId, body, today),
      sellerOf(table, company),
      policyInForce(table, 'dunning', today),
      nextNumber(table, 'counter', today),
    ]);
    const sale = sellOverCounter(body, {
      ...pricing,
      seller,
      dunning: dunning.policy,
      actor: caller.name,
      at,
    });
    return sold(await recordCounterSale(table, sale, next, company.timeZone, remember));
  },
  {
    replay: async (orderId) => {
      const sale = await loadCounterSale(table, OrderId.parse(orderId));
      if (!sale) throw orderNotFound();
      return sold(sale);
    },
  },
);

const list = operation(api.listOrders, async ({ query, caller }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  if (query.poNumber !== undefined) {
    const order = await orders.orderWithPurchaseOrder(table, customerId, query.poNumber);
    return { body: { items: order ? [orderSummary(order)] : [] } };
  }
  const { orders: found, nextCursor } = await orders.listOrders(table, customerId, query);
  return { body: { items: found.map(orderSummary), nextCursor } };
});

const get = operation(api.getOrder, async ({ params, caller }) => {
  const { order, lines, deposits } = await ownOrderFile(params.orderId, caller);
  return { body: orderView(order, lines, deposits) };
});

const timeline = operation(api.getOrderTimeline, async ({ params, caller }) => {
  const file = await loadShippingFile(table, params.orderId);
  if (!file) throw orderNotFound();
  const { order, shipments, deposits } = file;
  assertOwn(caller, order.customerId, orderNotFound);
  const own = shipments.map(({ shipmentId }) => twinId('inv', shipmentId));
  const invoices = order.invoicing ? await invoicesBilling(table, own) : own;
  const facts = await loadTimeline(table, [
    params.orderId,
    ...(deposits?.deposits ?? []).map(({ invoiceId }) => invoiceId),
    ...invoices,
  ]);
  return {
    body: { items: facts.map(({ at, type, actor, subject, data }) => ({ at, type, actor, subject, data })) },
  };
});

const release = operation(
  api.releaseOrder,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const order = await ownOrder(params.orderId, caller);
      const permit = { by: caller.name, reason: body.reason, at };
      const next = releaseOrder(order, permit);
      await commit(table, [remember(resultOf(next)), ...orders.releaseActions(order, next, permit)]);
      return { body: orderSummary(next) };
    }),
  {
    replay: async (result) => ({
      body: orderSummary(asReleased(await ownOrder(orderIn(result)), versionIn(result))),
    }),
  },
);

const cancel = operation(
  api.cancelOrder,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const { order, ...file } = await ownOrderFile(params.orderId, caller);
      const next = cancelOrder(order, file.deposits, body.reason, at);
      await commit(table, [
        remember(resultOf(next)),
        ...orders.cancelActions(order, next, file, caller.name),
      ]);
      return { body: orderSummary(next) };
    }),
  // A cancelled order stays as it is.
  { replay: async (fact) => ({ body: orderSummary(await ownOrder(orderIn(fact))) }) },
);

const held = operation(api.listHeldOrders, async () => ({
  body: { items: await orders.listHeldOrders(table) },
}));

export const handler = httpFunction(table, [place, sell, list, get, timeline, release, cancel, held]);

/** What prices and tax of a sale are decided from. @throws DomainError `customer_not_found` */
async function pricingOf(
  customerId: CustomerId,
  wanted: Pick<api.PlaceOrderRequest, 'lines' | 'adjustments' | 'shipTo'>,
  date: CalendarDate,
) {
  const [customer, products, tax] = await Promise.all([
    loadCustomer(table, customerId),
    loadProducts(table, [...new Set(wanted.lines.map((line) => line.sku))]),
    policyInForce(table, 'tax', date),
  ]);
  if (!customer) throw customerNotFound();
  const salesTax =
    salesTaxProvider &&
    (await quotedTreatments(salesTaxProvider, {
      seller: company,
      shipTo: wanted.shipTo ?? customer.address,
      exemption: customer.taxExemption,
      date,
      lines: [...products.values(), ...chargesOf(wanted)],
    }));
  return { company, customer, products, tax: tax.policy, salesTax };
}

/** The classes of the charges that have one of their own. */
function chargesOf({
  adjustments = [],
}: Pick<api.PlaceOrderRequest, 'adjustments'>): { taxClass: TaxClass }[] {
  return adjustments.flatMap(({ taxClass }) => (taxClass === undefined ? [] : [{ taxClass }]));
}

async function ownOrderFile(orderId: OrderId, caller?: Caller): Promise<orders.OrderFile> {
  const file = await orders.loadOrderFile(table, orderId);
  if (!file) throw orderNotFound();
  if (caller) assertOwn(caller, file.order.customerId, orderNotFound);
  return file;
}

async function ownOrder(orderId: OrderId, caller?: Caller): Promise<Order> {
  const order = await orders.loadOrder(table, orderId, { consistent: true });
  if (!order) throw orderNotFound();
  if (caller) assertOwn(caller, order.customerId, orderNotFound);
  return order;
}

const sold = (body: CounterSaleView) => ({
  status: 201,
  headers: { location: body.links.order },
  body,
});

/** The answer of then: what waited waits, whatever has come since. */
function placed({ order, lines }: Placement) {
  const then = lines.map(lineAsReserved);
  const { backordered: _now, ...head } = order;
  return {
    status: 201,
    headers: { location: `/v1/orders/${order.orderId}` },
    body: orderView({ ...head, ...waitingOf(then) }, then),
  };
}

/** Customers order through the API; sales say how the order reached them. */
function channelOf(asked: Exclude<Channel, 'api'> | undefined, caller: Caller): Channel {
  return isStaff(caller) ? (asked ?? 'sales') : 'api';
}

/** What an idempotency key of a change stands for: the fact it made, by its id. */
const resultOf = ({ orderId, version }: Order) => `${orderId}.${versionSlot(version)}`;
const orderIn = (factId: string) => OrderId.parse(factId.split('.')[0]);
const versionIn = (factId: string) => Number(factId.split('.')[1]);
