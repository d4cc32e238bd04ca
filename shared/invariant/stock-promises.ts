import { unitsByLine } from '../order/line-units.ts';
import { isAccepted, type Order } from '../order/order.ts';
import { unitsLeft } from '../order/order-status.ts';
import type { Shipment } from '../shipment/shipment.ts';
import {
  allocationsOf,
  fitsOneTransaction,
  NEEDS_PER_TRANSACTION,
  type StockNeed,
  stockNeeds,
  sumUnits,
  waitingUnits,
} from '../stock/stock-needs.ts';
import { stockMovePrefix } from '../table/keys.ts';
import { linesOf, type Picture, Sums, shelfName } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** Whether goods were promised for an order and not given back. */
const isPromising = ({ status }: Order) => status !== 'rejected' && status !== 'cancelled';

/**
 * K. What is reserved of a SKU in a warehouse is what live orders reserved there and did not ship yet, what is on hand is
 * what came less what left, and neither that nor what is available is ever negative. No line ships more than was
 * ordered, nor a warehouse more than it had reserved for it; what waits for stock is noted once, in its queue.
 */
export function* promisesAreKept(picture: Picture): Generator<Violation> {
  const reserved = new Sums();
  const onHand = new Sums();
  for (const orderId of picture.orders.keys()) {
    for (const need of reservedBy(picture, orderId)) reserved.add(nameOf(need), need.quantity);
  }
  for (const shipment of picture.shipments.values()) {
    for (const need of leftWith(picture, shipment)) {
      reserved.add(nameOf(need), -need.quantity);
      onHand.add(nameOf(need), -need.quantity);
    }
  }
  for (const fact of [...picture.facts.values()].flat()) {
    if (fact.type === 'stock.moved') onHand.add(nameOf(fact.data), fact.data.quantity);
  }
  for (const { lines, warehouse } of picture.returns.values()) {
    for (const { sku, quantity, condition } of lines)
      if (condition === 'restock') onHand.add(nameOf({ sku, warehouse }), quantity);
  }

  for (const [sku, stock] of picture.stocks) {
    yield* unlessEqual('K', `reserved of ${sku}`, stock.reserved, reserved.of(sku));
    yield* unlessEqual('K', `on hand of ${sku}`, stock.onHand, onHand.of(sku));
    yield* unlessEqual('K', `available of ${sku}`, stock.available, stock.onHand - stock.reserved);
    const least = Math.min(stock.onHand, stock.reserved, stock.available);
    if (least < 0) yield { invariant: 'K', detail: `the stock of ${sku} fell below zero: ${least}` };
  }
  for (const [sku, quantity] of reserved.entries()) {
    if (quantity !== 0 && !picture.stocks.has(sku)) {
      yield { invariant: 'K', detail: `${quantity} of ${sku} are reserved, which has no stock` };
    }
  }
  yield* ordersShipWhatWasOrdered(picture);
  yield* unitsAreSomewhere(picture);
  yield* whatWaitsIsNoted(picture);
}

const nameOf = ({ sku, warehouse }: { sku: string; warehouse?: string | undefined }) =>
  shelfName(sku, warehouse);

/** Reserved + waiting + cancelled = ordered, line by line; no warehouse ships more than it had reserved. */
function* unitsAreSomewhere(picture: Picture): Generator<Violation> {
  const shipped = new Sums();
  for (const { orderId, warehouse = 'main', lines } of picture.shipments.values())
    for (const { line, quantity } of lines) shipped.add(`${orderId} ${line} ${warehouse}`, quantity);
  for (const { orderId, warehouse: home, status } of picture.orders.values()) {
    if (status === 'cancelled') continue;
    for (const line of linesOf(picture, orderId)) {
      if (line.kind === 'charge') continue;
      const { quantity, cancelled = 0, backordered = 0 } = line;
      const allocations = allocationsOf(line, home);
      const accounted = sumUnits(allocations) + backordered + cancelled;
      yield* unlessEqual('K', `units of line ${line.line} of ${orderId}`, accounted, quantity);
      for (const { warehouse, quantity: had } of allocations) {
        const left = shipped.of(`${orderId} ${line.line} ${warehouse}`);
        if (left > had)
          yield {
            invariant: 'K',
            detail: `${left} of line ${line.line} of ${orderId} left ${warehouse}, ${had} were reserved there`,
          };
      }
    }
  }
}

/** Each order that waits for a SKU has one note of it in the queue, for as many units as its lines and its head say. */
function* whatWaitsIsNoted(picture: Picture): Generator<Violation> {
  const waiting = new Sums();
  for (const order of picture.orders.values()) {
    const { orderId, backordered = 0, reservation } = order;
    const lines = linesOf(picture, orderId);
    const units = lines.reduce((sum, line) => sum + (line.backordered ?? 0), 0);
    if (isPromising(order)) yield* unlessEqual('K', `units of ${orderId} that wait`, backordered, units);
    if (!isPromising(order) || reservation === 'expired') continue;
    for (const [sku, left] of waitingUnits(lines)) waiting.add(`${sku} ${orderId}`, left);
  }
  for (const [key, units] of waiting.entries())
    yield* unlessEqual(
      'K',
      `units noted to wait: ${key}`,
      picture.backorders.get(key)?.backorder.units,
      units,
    );
  for (const [key, { queued, backorder }] of picture.backorders) {
    if (!queued) yield { invariant: 'K', detail: `${key} waits and is in no queue` };
    const order = picture.orders.get(backorder.orderId);
    if (order && isPromising(order) && waiting.of(key) === 0)
      yield { invariant: 'K', detail: `${key} is noted to wait and does not` };
  }
}

/** Orders that wait for nothing any more and are noted to. */
export function* stillNoted(picture: Picture): Generator<string> {
  for (const { backorder } of picture.backorders.values()) {
    const order = picture.orders.get(backorder.orderId);
    if (!order || !isPromising(order)) yield backorder.orderId;
  }
}

/** Units that could be given to who waits for them, once all is quiet: nothing may be available while an order waits. */
export function* leftLying(picture: Picture): Generator<{ orderId: string; detail: string }> {
  for (const { backorder } of picture.backorders.values()) {
    const { sku, orderId } = backorder;
    const order = picture.orders.get(orderId);
    const available = picture.stocks.get(sku)?.available ?? 0;
    if (available > 0 && order?.reservation === 'reserved')
      yield { orderId, detail: `${orderId} waits for ${sku}, of which ${available} are available` };
  }
}

function* ordersShipWhatWasOrdered(picture: Picture): Generator<Violation> {
  const shipped = new Sums();
  const units = new Sums();
  for (const { orderId, shipmentId, lines } of picture.shipments.values()) {
    if (!picture.orders.has(orderId))
      yield { invariant: 'K', detail: `${shipmentId} is of ${orderId}, which is not there` };
    for (const { line, quantity } of lines) {
      shipped.add(`${orderId} ${line}`, quantity);
      units.add(orderId, quantity);
    }
  }
  for (const order of picture.orders.values()) {
    const { orderId, status, openUnits, reservation } = order;
    const lines = linesOf(picture, orderId);
    yield* unlessEqual('K', `lines of ${orderId}`, lines.length, order.lineCount);
    for (const line of lines) {
      const gone = shipped.of(`${orderId} ${line.line}`);
      if (gone > unitsLeft(line))
        yield {
          invariant: 'K',
          detail: `${gone} of line ${line.line} of ${orderId} left, ${unitsLeft(line)} were ordered and not cancelled`,
        };
    }
    const left = lines.reduce((sum, line) => sum + unitsLeft(line), 0);
    yield* unlessEqual('K', `open units of ${orderId}`, openUnits, left - units.of(orderId));
    yield* unitsAreKept(picture, order, units.of(orderId), (line) => shipped.of(`${orderId} ${line}`));
    if (isAccepted(order) && reservation !== 'reserved') {
      yield { invariant: 'K', detail: `${orderId} is ${status} but its goods were never reserved` };
    }
    const { needed, reserved } = reservationOf(picture, orderId);
    if (isPromising(order) && reservation === 'reserved' && reserved < needed) {
      yield {
        invariant: 'K',
        detail: `${orderId} counts as reserved, but only ${reserved} of its ${needed} SKUs are`,
      };
    }
  }
}

/** The sums on an order's head are what its lines, its shipments, arrivals and returns come to, line by line in bounds. */
function* unitsAreKept(
  picture: Picture,
  order: Order,
  shipped: number,
  shippedOf: (line: number) => number,
): Generator<Violation> {
  const { orderId, status, units } = order;
  const received = unitsByLine(picture.received.get(orderId) ?? []);
  const returned = unitsByLine(picture.returnedGoods.get(orderId) ?? []);
  for (const [what, moved] of [
    ['arrived', received],
    ['came back', returned],
  ] as const) {
    for (const [line, count] of moved) {
      const most = shippedOf(line);
      if (count > most)
        yield { invariant: 'K', detail: `${count} of line ${line} of ${orderId} ${what}, ${most} left` };
    }
  }
  if (!units) return;
  const lines = linesOf(picture, orderId);
  const ordered = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const cancelled = lines.reduce((sum, line) => sum + (line.cancelled ?? 0), 0);
  const expected = {
    ordered,
    cancelled: status === 'cancelled' ? ordered : cancelled,
    shipped,
    delivered: sumOf(received),
    returned: sumOf(returned),
  };
  for (const what of ['ordered', 'cancelled', 'shipped', 'delivered', 'returned'] as const) {
    yield* unlessEqual('K', `units ${what} of ${orderId}`, units[what], expected[what]);
  }
}

const sumOf = (units: ReadonlyMap<number, number>) =>
  [...units.values()].reduce((sum, count) => sum + count, 0);

/** How many SKUs an order needs from stock, and how many of them were reserved for it, shipped since or not. */
export function reservationOf(picture: Picture, orderId: string): { needed: number; reserved: number } {
  const home = picture.orders.get(orderId)?.warehouse;
  return {
    needed: stockNeeds(linesOf(picture, orderId), home).length,
    reserved: reservedBy(picture, orderId).length,
  };
}

/** Whether the goods of a shipment have been taken from stock. */
export function isShipped(picture: Picture, shipment: Shipment): boolean {
  return leftWith(picture, shipment).length === needsOf(picture, shipment).length;
}

/**
 * What was reserved for an order, whether or not it has shipped since: all of it, or as long as that is pending the
 * chunks that have a marker; of one that has ended what was not released yet.
 */
function reservedBy(picture: Picture, orderId: string): StockNeed[] {
  const order = picture.orders.get(orderId);
  if (!order) return [];
  const lines = linesOf(picture, orderId);
  const needs = stockNeeds(lines, order.warehouse);
  if (order.reservation === 'pending') return moved(picture, orderId, 'reserve', needs);
  if (order.reservation === 'expired') return [];
  if (isPromising(order)) return needs;
  if (fitsOneTransaction(lines, order.warehouse)) return [];
  const released = new Set(moved(picture, orderId, 'release', needs));
  return needs.filter((need) => !released.has(need));
}

function leftWith(picture: Picture, shipment: Shipment): StockNeed[] {
  const needs = needsOf(picture, shipment);
  const { orderId, shipmentId } = shipment;
  return needs.length > NEEDS_PER_TRANSACTION ? moved(picture, orderId, `ship#${shipmentId}`, needs) : needs;
}

function needsOf(picture: Picture, { orderId, lines, warehouse }: Shipment): StockNeed[] {
  const ordered = new Map(linesOf(picture, orderId).map((line) => [line.line, line]));
  return stockNeeds(
    lines.flatMap(({ line, quantity }) => {
      const of = ordered.get(line);
      return of ? [{ kind: of.kind, sku: of.sku, quantity }] : [];
    }),
    warehouse,
  );
}

/** Those of `needs` whose chunk has the marker of `move`. */
function moved(picture: Picture, orderId: string, move: string, needs: readonly StockNeed[]): StockNeed[] {
  const markers = picture.stockMarkers.get(orderId) ?? new Set();
  const prefix = stockMovePrefix(move);
  return needs.filter((_, index) => {
    const chunk = String(Math.floor(index / NEEDS_PER_TRANSACTION)).padStart(3, '0');
    return markers.has(`${prefix}${chunk}`);
  });
}
