import type { Account } from '../customer/customer.ts';
import { changeAccount } from '../customer/customer-store.ts';
import type { OrderDeposits } from '../deposit/deposit.ts';
import { checkDeposits, depositsIn } from '../deposit/deposit-store.ts';
import type { FactData, FactType } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import { DomainError } from '../kernel/errors.ts';
import { type CustomerId, OrderId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { dropBackorder, saveBackorder } from '../stock/backorder-store.ts';
import { fitsOneTransaction, stockNeeds } from '../stock/stock-needs.ts';
import { releaseStock, reserveStock } from '../stock/stock-store.ts';
import { versionConflict } from '../table/commit.ts';
import { afterAll, keys, owners, prefixes, queuePartition, versionSlot } from '../table/keys.ts';
import { chunkActions, linesIn } from '../table/line-chunks.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { HeldOrder, Order, type OrderIn, OrderLine, orderTransitions } from './order.ts';
import { backordersOf } from './waiting-units.ts';

/** The order's head, without its lines. */
export async function loadOrder(
  table: Table,
  orderId: OrderId,
  options: { consistent?: boolean } = {},
): Promise<Order | undefined> {
  const item = await table.get(keys.order(orderId), options);
  return item && orderOf(item);
}

/** An order and what lies beside it in the table. */
export type OrderFile = { order: Order; lines: OrderLine[]; deposits?: OrderDeposits };

/** The order with its lines: one query. */
export async function loadOrderFile(table: Table, orderId: OrderId): Promise<OrderFile | undefined> {
  const bounds = { from: keys.order(orderId).SK, to: afterAll(prefixes.lines) };
  return orderFileIn(await queryAll(table, { partition: orderId, ...bounds, consistent: true }));
}

/** The order and its lines among the items of its partition. */
export function orderFileIn(items: readonly Item[]): OrderFile | undefined {
  const head = items.find(({ SK }) => SK === keys.order('').SK);
  const deposits = depositsIn(items);
  return head && { order: orderOf(head), lines: linesIn(items, OrderLine), ...(deposits && { deposits }) };
}

/** A page of a customer's orders, newest first. @throws DomainError `cursor_invalid` */
export async function listOrders(table: Table, customerId: CustomerId, page: PageQuery) {
  const partition = owners.customer(customerId, 'order');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const orders = (await table.getMany(items)).map(orderOf);
  orders.sort(
    (one, other) => other.placedAt.localeCompare(one.placedAt) || other.orderId.localeCompare(one.orderId),
  );
  return { orders, nextCursor };
}

/** What the queue of held orders knows of each, longest waiting first. */
export async function listHeldOrders(table: Table): Promise<HeldOrder[]> {
  const waiting = await queryQueue(table, 'held-order');
  return waiting
    .map((item) => HeldOrder.parse(item['due']))
    .sort((one, other) => one.heldAt.localeCompare(other.heldAt));
}

/**
 * The writes of a placed order: head, lines, fact, purchase-order number, and the reservation of its goods where
 * they fit the same transaction (else `accept-order` reserves them).
 * @param outcome what the same transaction makes of order and goods, and whether any of these has a reorder point
 */
export function placeOrderActions(
  order: OrderIn<'placed'>,
  lines: readonly OrderLine[],
  timeZone: string,
  outcome: { order?: Order; move?: typeof reserveStock; watched?: boolean } = {},
): Action[] {
  const { orderId, customerId, placedAt, totals, currency, channel, lineCount, poNumber } = order;
  return [
    ...(poNumber === undefined ? [] : [claimPurchaseOrder(order, poNumber)]),
    { do: 'put', item: itemOf(outcome.order ?? order), when: [{ attribute: 'PK', is: 'absent' }] },
    ...chunkActions((chunk) => keys.orderLines(orderId, chunk), lines),
    ...(order.reservation === 'reserved'
      ? stockNeeds(lines, order.warehouse).map(outcome.move ?? reserveStock)
      : []),
    ...backordersOf(order, lines).map(saveBackorder),
    recordFact('order.placed', orderId, versionSlot(order.version), {
      at: placedAt,
      actor: order.placedBy,
      customerId,
      data: {
        orderId,
        channel,
        lineCount,
        ...(poNumber !== undefined && { poNumber }),
        net: totals.net,
        gross: totals.gross,
        currency,
        ...(order.rules && { rules: order.rules.map(({ ruleId, version }) => ({ ruleId, version })) }),
        ...(outcome.watched && { reorder: 'watched' as const }),
      },
      indexed: {
        OPK: owners.day('order.placed', dateIn(timeZone, placedAt)),
        OSK: `${placedAt}#${orderId}`,
        sum: { currency, net: totals.net, gross: totals.gross },
      },
    }),
  ];
}

/** The order that bears `poNumber` of `customerId`, if there is one. */
export async function orderWithPurchaseOrder(
  table: Table,
  customerId: CustomerId,
  poNumber: string,
): Promise<Order | undefined> {
  const claim = await table.get(keys.purchaseOrder(customerId, poNumber), { consistent: true });
  return claim && loadOrder(table, OrderId.parse(claim['orderId']), { consistent: true });
}

/**
 * Confirms an order and claims the customer's credit for it at once. Refused with `credit_limit_changed` where the
 * account has moved on so that the order no longer fits: assess again.
 */
export function confirmActions(
  before: OrderIn<'placed'>,
  order: OrderIn<'confirmed'>,
  account: Account,
  actor: string,
): Action[] {
  return [
    claimCredit(account, order.claim, order.release === undefined),
    saveOrder(before, order),
    recordConfirmed(order, actor),
  ];
}

/** The fact that an order was confirmed, for the transaction that confirms it. */
export function recordConfirmed(order: OrderIn<'confirmed'>, actor: string): Action {
  const { orderId, acceptedAt, claim, currency, decision } = order;
  return changed('order.confirmed', order, acceptedAt, actor, {
    orderId,
    ...decision,
    currency,
    gross: claim,
  });
}

export function holdActions(before: OrderIn<'placed'>, order: OrderIn<'held'>, actor: string): Action[] {
  const { orderId, heldAt, reasons, currency, totals } = order;
  return [
    saveOrder(before, order),
    changed('order.held', order, heldAt, actor, { orderId, reasons, currency, gross: totals.gross }),
  ];
}

/**
 * Turns the order down for want of stock; what is reserved of it already `move-stock` releases, woken by the fact.
 * Refused with `version_conflict` where all of it was reserved meanwhile.
 */
export function rejectActions(
  before: OrderIn<'placed'>,
  order: OrderIn<'rejected'>,
  actor: string,
): Action[] {
  const { orderId, rejectedAt, reasons, currency, totals } = order;
  const data = { orderId, reasons, stock: 'pending', currency, gross: totals.gross } as const;
  return [saveOrder(before, order), changed('order.rejected', order, rejectedAt, actor, data)];
}

export function releaseActions(
  before: Order,
  order: OrderIn<'placed'>,
  release: NonNullable<Order['release']>,
): Action[] {
  const { orderId } = order;
  const { by, reason, at } = release;
  return [saveOrder(before, order), changed('order.released', order, at, by, { orderId, reason })];
}

/**
 * Gives stock and credit back, refused with `version_conflict` where a deposit was asked for meanwhile; what is too long for one
 * transaction `move-stock` releases, woken by the fact.
 */
export function cancelActions(
  before: Order,
  order: OrderIn<'cancelled'>,
  file: Pick<OrderFile, 'lines' | 'deposits'>,
  actor: string,
): Action[] {
  const { orderId, cancelledAt, reason, currency, totals } = order;
  const { stock, actions } = giveBack(before, order, file);
  const data = { orderId, reason, stock, currency, gross: totals.gross };
  return [...actions, changed('order.cancelled', order, cancelledAt, actor, data)];
}

/** The same of a held order that a person turned down. */
export function turnDownActions(
  before: Order,
  order: OrderIn<'rejected'>,
  file: Pick<OrderFile, 'lines' | 'deposits'>,
  actor: string,
): Action[] {
  const { orderId, rejectedAt, reasons, currency, totals } = order;
  const { stock, actions } = giveBack(before, order, file);
  const data = { orderId, reasons, stock, currency, gross: totals.gross };
  return [...actions, changed('order.rejected', order, rejectedAt, actor, data)];
}

/** The writes that end an order of which nothing has left, and whether they move its stock themselves. */
function giveBack(
  before: Order,
  order: OrderIn<'cancelled' | 'rejected'>,
  { lines, deposits }: Pick<OrderFile, 'lines' | 'deposits'>,
): { stock: 'moved' | 'pending'; actions: Action[] } {
  const inOneTransaction = before.reservation === 'reserved' && fitsOneTransaction(lines, before.warehouse);
  const claim = before.claim > 0 ? [changeAccount(order.customerId, { exposure: -before.claim })] : [];
  const stock = inOneTransaction
    ? [
        ...stockNeeds(lines, before.warehouse).map(releaseStock),
        ...backordersOf(before, lines).map(dropBackorder),
      ]
    : [];
  return {
    stock: inOneTransaction ? 'moved' : 'pending',
    actions: [saveOrder(before, order), checkDeposits(order.orderId, deposits), ...stock, ...claim],
  };
}

/**
 * The write that replaces `before` by `next`, refused when someone changed the order meanwhile, or reserved the last of its
 * goods: that makes no version.
 * @throws RangeError when the state machine does not allow the step: a mistake in the program
 */
export function saveOrder(before: Order, next: Order): Action {
  if (!orderTransitions[before.status].includes(next.status)) {
    throw new RangeError(`an order that is ${before.status} can't become ${next.status}`);
  }
  return {
    do: 'put',
    item: itemOf(next),
    when: [
      { attribute: 'version', is: 'equal', value: before.version },
      { attribute: 'reservation', is: 'equal', value: before.reservation },
    ],
    refusal: versionConflict('order'),
  };
}

/** The fact of the change that made `order` what it is, for the transaction of the change. */
export function changed<T extends FactType>(
  type: T,
  order: Order,
  at: Instant,
  actor: string,
  data: FactData<T>,
): Action {
  const { orderId, customerId, version } = order;
  return recordFact(type, orderId, versionSlot(version), { at, actor, customerId, data });
}

/**
 * Claims `gross` more of the customer's credit; refused where the account moved on since it was read.
 * @param withinLimit refused also where it does not fit the limit any more
 */
export function claimCredit(account: Account, gross: number, withinLimit: boolean): Action {
  const { customerId, creditLimit } = account;
  return {
    do: 'update',
    key: keys.account(customerId),
    add: { exposure: gross },
    when: withinLimit
      ? [
          { attribute: 'creditLimit', is: 'equal', value: creditLimit },
          { attribute: 'exposure', is: 'atMost', value: creditLimit - gross },
        ]
      : [{ attribute: 'PK', is: 'present' }],
    refusal: () =>
      new DomainError('credit_limit_changed', "The customer's credit was taken meanwhile. Assess again."),
  };
}

/** Held orders wait in a work queue; every order is found by its customer. */
function itemOf(order: Order): Item {
  const item = {
    ...keys.order(order.orderId),
    OPK: owners.customer(order.customerId, 'order'),
    OSK: `${order.placedAt}#${order.orderId}`,
    ...order,
  };
  if (order.status !== 'held') return item;
  const { orderId, customerId, heldAt, currency, reasons, hold } = order;
  return {
    ...item,
    DPK: queuePartition('held-order', customerId),
    DSK: `${heldAt}#${orderId}`,
    due: { orderId, customerId, heldAt, currency, gross: order.totals.gross, reasons, ...(hold && { hold }) },
  };
}

/** @throws ZodError when the item is no order */
function orderOf(item: Item): Order {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, DPK: _dpk, DSK: _dsk, due: _due, ...order } = item;
  return Order.parse(order);
}

function claimPurchaseOrder(order: OrderIn<'placed'>, poNumber: string): Action {
  return {
    do: 'put',
    item: { ...keys.purchaseOrder(order.customerId, poNumber), orderId: order.orderId },
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: (found) =>
      new DomainError(
        'purchase_order_reused',
        `Purchase order ${poNumber} is already order ${String(found?.['orderId'])}.`,
        {
          issues: [{ path: 'poNumber', message: `already used for ${String(found?.['orderId'])}` }],
        },
      ),
  };
}
