import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
import { type CounterSaleView, createCounterSale } from '#shared/counter-sale/counter-sale-api.ts';
import { loadCounterSale, recordCounterSale } from '#shared/counter-sale/counter-sale-store.ts';
import { sellOverCounter } from '#shared/counter-sale/sell-over-counter.ts';
import { objectionsTo } from '#shared/credit/assess-credit.ts';
import { creditPolicy } from '#shared/credit/credit-policy.ts';
import type { Address } from '#shared/customer/customer.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { loadTimeline } from '#shared/fact/timeline-store.ts';
import { assertOwn, type Caller, isStaff, listedCustomer } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { invoicedShipments, invoicesBilling } from '#shared/invoice/invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { OrderId, twinId } from '#shared/kernel/ids.ts';
import { dateIn, type Instant } from '#shared/kernel/time.ts';
import {
  amendOrder,
  cancelUnits,
  concludeChange,
  isCancelledWhole,
  type OrderChange,
} from '#shared/order/amend-order.ts';
import { asPlaced } from '#shared/order/as-placed.ts';
import { cancelOrder } from '#shared/order/cancel-order.ts';
import { amendActions, type ConcludedChange, cancelUnitsActions } from '#shared/order/change-order-store.ts';
import { assertMayDecide, turnDown } from '#shared/order/decide-held.ts';
import { deskFor } from '#shared/order/hold-desk-store.ts';
import { lineUnitsOf } from '#shared/order/line-units.ts';
import type { Channel, Order } from '#shared/order/order.ts';
import * as api from '#shared/order/order-api.ts';
import * as orders from '#shared/order/order-store.ts';
import { orderSummary, orderView } from '#shared/order/order-view.ts';
import { treatmentBy } from '#shared/order/place-order.ts';
import { assertTakesOrders } from '#shared/order/placement-store.ts';
import { customerNotFound, loadPricing, type Seller } from '#shared/order/pricing-store.ts';
import { asReleased, releaseOrder } from '#shared/order/release-order.ts';
import { lineAsReserved } from '#shared/order/reserve-lines.ts';
import type { Placement } from '#shared/order/reserve-placement.ts';
import { takeOrder } from '#shared/order/take-order-store.ts';
import { waitingOf } from '#shared/order/waiting-units.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { refuseClaimed } from '#shared/queue/claim.ts';
import { dropClaim, loadClaim } from '#shared/queue/claim-store.ts';
import { loadShippingFile, type ShippingFile } from '#shared/shipment/shipment-store.ts';
import { warehousePolicy } from '#shared/stock/warehouse-policy.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { versionSlot } from '#shared/table/keys.ts';
import { salesTaxProviderFor } from '#shared/tax/sales-tax.ts';
import { sameTreatment } from '#shared/tax/tax.ts';

const table = dynamoTable();
const company = companyFromEnv();
const seller: Seller = { company, salesTax: salesTaxProviderFor(company) };

/** Other orders of the customer may take the credit between reading and claiming it; each try reads anew. */
const TRIES = 5;

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');

const place = operation(
  api.placeOrder,
  async ({ body, caller, at, remember }) => {
    const by = {
      customerId: listedCustomer(caller, body.customerId, customerNotFound),
      actor: caller.name,
      actorId: caller.id,
      mayAgreePrices: isStaff(caller),
      channel: channelOf(body.channel, caller),
      at,
    };
    return placed(await takeOrder(table, seller, body, by, ({ order }) => [remember(order.orderId)]));
  },
  {
    // The answer of then, whatever became of the order since.
    replay: async (orderId) => {
      return placed(asPlaced(await placedOrder(OrderId.parse(orderId))));
    },
  },
);

const sell = operation(
  createCounterSale,
  async ({ body, caller, at, remember }) => {
    const today = dateIn(company.timeZone, at);
    const [pricing, sellerId, dunning, next, warehouses] = await Promise.all([
      loadPricing(table, seller, body.customerId, body, today),
      sellerOf(table, company),
      policyInForce(table, dunningPolicy, today),
      nextNumber(table, 'counter', today),
      body.warehouse && policyInForce(table, warehousePolicy, today),
    ]);
    if (body.warehouse && warehouses) assertTakesOrders(warehouses.policy.warehouses, body.warehouse);
    const sale = sellOverCounter(body, {
      ...pricing,
      seller: sellerId,
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
  const file = await shippingFile(params.orderId, caller);
  const { verification, rules } = file.order;
  const { version, body } = await view(file);
  const inside = { ...(verification && { verification }), ...(rules && { rules }) };
  return { version, body: { ...body, ...(isStaff(caller) && inside) } };
});

const timeline = operation(api.getOrderTimeline, async ({ params, caller }) => {
  const { order, shipments, deposits } = await shippingFile(params.orderId, caller);
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

const amend = operation(api.amendOrder, ({ params, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const file = await shippingFile(params.orderId, caller);
    assertMatches(ifMatch, file.order.version);
    const change = amendOrder(file, body, caller.id);
    if (!change) return view(file);
    if (body.shipTo) await assertTaxedAlike(file, body.shipTo);
    const concluded = await conclude(file, change, body.onInsufficientCredit, { actor: caller.name, at });
    await commit(table, amendActions(concluded));
    return view({ ...file, order: concluded.next, lines: [...change.lines] });
  }, TRIES),
);

const release = operation(
  api.releaseOrder,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [order, claim] = await Promise.all([
        ownOrder(params.orderId, caller),
        loadClaim(table, 'held-order', params.orderId),
      ]);
      const permit = { by: caller.name, reason: body.reason, at };
      const next = releaseOrder(order, permit, caller.id);
      assertMayDecide(order, caller.roles);
      refuseClaimed(claim, caller.id, at);
      const answer = orderSummary(next);
      await commit(table, [
        remember(resultOf(next), answer),
        ...orders.releaseActions(order, next, permit),
        ...dropClaim('held-order', params.orderId, claim),
      ]);
      return { body: answer };
    }),
  {
    // Keys older than the answers kept with them stand for orders that could not change since.
    replay: async (result, _, answer) => ({
      body: answer ?? orderSummary(asReleased(await ownOrder(orderIn(result)), versionIn(result))),
    }),
  },
);

const reject = operation(
  api.rejectOrder,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const [file, claim] = await Promise.all([
        shippingFile(params.orderId, caller),
        loadClaim(table, 'held-order', params.orderId),
      ]);
      const { order: before } = file;
      const next = turnDown(before, body.reason, at);
      assertMayDecide(before, caller.roles);
      refuseClaimed(claim, caller.id, at);
      const answer = orderSummary(next);
      await commit(table, [
        remember(resultOf(next), answer),
        ...orders.turnDownActions(before, next, file, caller.name),
        ...dropClaim('held-order', params.orderId, claim),
      ]);
      return { body: answer };
    }),
  // A rejected order stays as it is.
  { replay: async (fact) => ({ body: orderSummary(await ownOrder(orderIn(fact))) }) },
);

const cancel = operation(
  api.cancelOrder,
  ({ params, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const file = await shippingFile(params.orderId, caller);
      const { next, actions } = isCancelledWhole(file, body.lines)
        ? cancelledWhole(file, body.reason, { actor: caller.name, at })
        : await cancelledInPart(file, body, { actor: caller.name, actorId: caller.id, at });
      const answer = orderSummary(next);
      await commit(table, [remember(resultOf(next), answer), ...actions]);
      return { body: answer };
    }, TRIES),
  // Likewise: a cancelled order stays as it is.
  { replay: async (fact, _, answer) => ({ body: answer ?? orderSummary(await ownOrder(orderIn(fact))) }) },
);

export const handler = httpFunction(table, [
  place,
  sell,
  list,
  get,
  timeline,
  amend,
  release,
  reject,
  cancel,
]);

type Doing = { actor: string; at: Instant };

function cancelledWhole(file: ShippingFile, reason: string, { actor, at }: Doing) {
  const next = cancelOrder(file, reason, at);
  return { next, actions: orders.cancelActions(file.order, next, file, actor) };
}

async function cancelledInPart(
  file: ShippingFile,
  { lines, reason }: api.CancelOrderRequest,
  { actorId, ...doing }: Doing & { actorId: string },
) {
  const concluded = await conclude(file, cancelUnits(file, lines, actorId), 'refuse', doing);
  return { next: concluded.next, actions: cancelUnitsActions(concluded, reason) };
}

/** What becomes of a change: asks the customer's credit where it claims more of it. */
async function conclude(
  { lines: linesBefore, deposits }: ShippingFile,
  change: OrderChange,
  onInsufficientCredit: api.AmendOrderRequest['onInsufficientCredit'],
  { actor, at }: Doing,
): Promise<ConcludedChange> {
  const { before, head, moreCredit } = change;
  if (moreCredit <= 0) {
    const next = concludeChange(change, [], onInsufficientCredit, at);
    return { change, next, linesBefore, deposits, account: undefined, actor, at };
  }
  const [account, { policy }] = await Promise.all([
    loadAccount(table, before.customerId, { consistent: true }),
    policyInForce(table, creditPolicy, dateIn(company.timeZone, at)),
  ]);
  if (!account) throw customerNotFound();
  const objections = objectionsTo(account, head.totals.gross, moreCredit, policy);
  const waits = objections.length > 0 && onInsufficientCredit === 'hold';
  const hold = waits ? await deskFor(table, company, objections, at) : undefined;
  const next = concludeChange(change, objections, onInsufficientCredit, at, hold);
  return { change, next, linesBefore, deposits, account, actor, at };
}

/**
 * Goods are taxed by where they go to, and an order's lines were taxed when it was placed.
 * @throws DomainError `ship_to_changes_tax`
 */
async function assertTaxedAlike({ order, lines }: ShippingFile, shipTo: Address): Promise<void> {
  const date = order.documentDate ?? dateIn(company.timeZone, order.placedAt);
  const { customer, ...now } = await loadPricing(
    table,
    seller,
    order.customerId,
    { lines, shipTo: order.shipTo },
    date,
  );
  if (!seller.salesTax && shipTo.country === (order.shipTo ?? customer.address).country) return;
  const then = await loadPricing(table, seller, order.customerId, { lines, shipTo }, date);
  const before = now.salesTax ?? treatmentBy({ ...now, customer }, date, order.shipTo);
  const after = then.salesTax ?? treatmentBy(then, date, shipTo);
  const differs = [...now.products.values()].some(
    (product) => !sameTreatment(before(product), after(product)),
  );
  if (!differs) return;
  throw new DomainError(
    'ship_to_changes_tax',
    'The goods would be taxed otherwise at that address. Cancel the order and place it for the other address.',
    { issues: [{ path: 'shipTo', message: 'is taxed otherwise than the address the order has' }] },
  );
}

/** The order with what became of each line's units: where something shipped, one more read of what is invoiced. */
async function view({ order, lines, deposits, ...beside }: ShippingFile) {
  const invoiced = await invoicedShipments(
    table,
    beside.shipments.map(({ shipmentId }) => shipmentId),
  );
  const units = lineUnitsOf(order, lines, { ...beside, invoiced });
  return { version: order.version, body: orderView(order, lines, deposits, units) };
}

async function shippingFile(orderId: OrderId, caller: Caller): Promise<ShippingFile> {
  const file = await loadShippingFile(table, orderId);
  if (!file) throw orderNotFound();
  assertOwn(caller, file.order.customerId, orderNotFound);
  return file;
}

async function placedOrder(orderId: OrderId): Promise<orders.OrderFile> {
  const file = await orders.loadOrderFile(table, orderId);
  if (!file) throw orderNotFound();
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
function channelOf(asked: Exclude<Channel, 'api' | 'edi' | 'quote'> | undefined, caller: Caller): Channel {
  return isStaff(caller) ? (asked ?? 'sales') : 'api';
}

/** What an idempotency key of a change stands for: the fact it made, by its id. */
const resultOf = ({ orderId, version }: Order) => `${orderId}.${versionSlot(version)}`;
const orderIn = (factId: string) => OrderId.parse(factId.split('.')[0]);
const versionIn = (factId: string) => Number(factId.split('.')[1]);
