import { unitsByLine } from '../order/line-units.ts';
import { needsLeft } from '../order/lines-left.ts';
import { isAccepted, type Order } from '../order/order.ts';
import { unitsLeft } from '../order/order-status.ts';
import type { Shipment } from '../shipment/shipment.ts';
import { NEEDS_PER_TRANSACTION, type StockNeed, stockNeeds } from '../stock/stock-needs.ts';
import { stockMovePrefix } from '../table/keys.ts';
import { linesOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** Whether goods were promised for an order and not given back. */
const isPromising = ({ status }: Order) => status !== 'rejected' && status !== 'cancelled';

/**
 * K. What is reserved of a SKU is what live orders reserved and did not ship yet, what is on hand is what came less
 * what left, and neither that nor what is available is ever negative. No line ships more than was ordered.
 */
export function* promisesAreKept(picture: Picture): Generator<Violation> {
  const reserved = new Sums();
  const onHand = new Sums();
  for (const orderId of picture.orders.keys()) {
    for (const { sku, quantity } of reservedBy(picture, orderId)) reserved.add(sku, quantity);
  }
  for (const shipment of picture.shipments.values()) {
    for (const { sku, quantity } of leftWith(picture, shipment)) {
      reserved.add(sku, -quantity);
      onHand.add(sku, -quantity);
    }
  }
  for (const fact of [...picture.facts.values()].flat()) {
    if (fact.type === 'stock.moved') onHand.add(fact.data.sku, fact.data.quantity);
  }
  for (const { lines } of picture.returns.values()) {
    for (const { sku, quantity, condition } of lines) if (condition === 'restock') onHand.add(sku, quantity);
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
  return {
    needed: stockNeeds(linesOf(picture, orderId)).length,
    reserved: reservedBy(picture, orderId).length,
  };
}

/** Whether the goods of a shipment have been taken from stock. */
export function isShipped(picture: Picture, shipment: Shipment): boolean {
  return leftWith(picture, shipment).length === needsOf(picture, shipment).length;
}

/** What was reserved for an order, whether or not it has shipped since. Long orders have a marker for each chunk. */
function reservedBy(picture: Picture, orderId: string): StockNeed[] {
  const order = picture.orders.get(orderId);
  const needs = needsLeft(linesOf(picture, orderId));
  if (needs.length > NEEDS_PER_TRANSACTION) return moved(picture, orderId, 'reserve', needs);
  return order && isPromising(order) ? needs : [];
}

function leftWith(picture: Picture, shipment: Shipment): StockNeed[] {
  const needs = needsOf(picture, shipment);
  const { orderId, shipmentId } = shipment;
  return needs.length > NEEDS_PER_TRANSACTION ? moved(picture, orderId, `ship#${shipmentId}`, needs) : needs;
}

function needsOf(picture: Picture, { orderId, lines }: Shipment): StockNeed[] {
  const ordered = new Map(linesOf(picture, orderId).map((line) => [line.line, line]));
  return stockNeeds(
    lines.flatMap(({ line, quantity }) => {
      const of = ordered.get(line);
      return of ? [{ kind: of.kind, sku: of.sku, quantity }] : [];
    }),
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
