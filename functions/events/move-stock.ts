import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { type Fact, parseFact } from '#shared/fact/fact.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { type OrderId, type ReturnId, Sku } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { expireReservations } from '#shared/order/expire-reservation-store.ts';
import { fillBackorders } from '#shared/order/fill-backorders-store.ts';
import { loadOrderFile } from '#shared/order/order-store.ts';
import { backordersOf } from '#shared/order/waiting-units.ts';
import { loadReturn } from '#shared/return/return-store.ts';
import { shippedLinesOf } from '#shared/shipment/ship-order.ts';
import { loadShipment } from '#shared/shipment/shipment-store.ts';
import { dropBackorder, isWaitedFor } from '#shared/stock/backorder-store.ts';
import { releaseLongOrder, shipLongShipment } from '#shared/stock/long-order-store.ts';
import { noteLowStock } from '#shared/stock/low-stock-store.ts';
import { stockNeeds } from '#shared/stock/stock-needs.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const BusEvent = z.object({ detail: z.unknown() });
const Scheduled = z.object({ scheduledTime: z.string() });

const ACTOR = 'move-stock';
/** SKUs under way at once. */
const CONCURRENT_SKUS = 10;

/**
 * What follows from a fact for the stock: moves that of long orders and shipments, which their own transaction could
 * not hold; gives what came or became free to the orders that wait for it; notes what runs low. Each morning: takes the
 * goods of orders that have been on hold for too long. Safe to repeat.
 */
export async function handler(event: unknown): Promise<void> {
  const scheduled = Scheduled.safeParse(event);
  if (scheduled.success) {
    await expireReservations(table, { at: instant(scheduled.data.scheduledTime), actor: ACTOR, timeZone });
    return;
  }
  const fact = parseFact(
    [
      'order.placed',
      'order.cancelled',
      'order.rejected',
      'order.amended',
      'order.lines_cancelled',
      'order.reservation_expired',
      'shipment.dispatched',
      'product.saved',
      'stock.moved',
      'credit_note.issued',
    ],
    BusEvent.parse(event).detail,
  );
  switch (fact.type) {
    case 'stock.moved':
    case 'product.saved':
      return settle([fact.data.sku], fact);
    case 'order.placed':
    case 'order.reservation_expired':
      return settle(await skusOf(fact.data.orderId), fact);
    case 'credit_note.issued':
      return settle(await skusReturned(fact.data.returnId), fact);
    case 'order.amended':
    case 'order.lines_cancelled':
      return settle(
        fact.data.lines.map(({ sku }) => sku),
        fact,
      );
    case 'order.cancelled':
    case 'order.rejected':
      if (fact.data.stock === 'pending') await releaseOrder(fact.data.orderId);
      return settle(await skusOf(fact.data.orderId), fact);
    case 'shipment.dispatched':
      if (fact.data.stock === 'pending') await ship(fact);
      return;
    default:
      return fact satisfies never;
  }
}

/** Serves who waits for `skus`, then sees which run low. */
async function settle(skus: readonly Sku[], { at }: Fact): Promise<void> {
  const change = { at, actor: ACTOR, timeZone };
  const own = [...new Set(skus)];
  const wanted = new Set<Sku>();
  await eachLimited(own, CONCURRENT_SKUS, async (sku) => {
    if (await isWaitedFor(table, sku)) wanted.add(sku);
  });
  // One after the other: an order may wait for many of them, and each that comes changes it.
  for (const sku of wanted) await fillBackorders(table, sku, change);
  await eachLimited(own, CONCURRENT_SKUS, (sku) => noteLowStock(table, sku, change));
}

async function skusOf(orderId: OrderId): Promise<Sku[]> {
  const { lines } = await orderFile(orderId);
  return lines.flatMap(({ kind, sku }) => (kind === 'goods' ? [Sku.parse(sku)] : []));
}

async function skusReturned(returnId: ReturnId | undefined): Promise<Sku[]> {
  const taken = returnId && (await loadReturn(table, returnId));
  return taken ? taken.lines.flatMap(({ sku, condition }) => (condition === 'restock' ? [sku] : [])) : [];
}

/** Gives back what is reserved for a long order, and what it waits for. */
async function releaseOrder(orderId: OrderId): Promise<void> {
  const { order, lines } = await orderFile(orderId);
  await releaseLongOrder(table, orderId, stockNeeds(lines, order.warehouse), order.reservation);
  for (const waiting of backordersOf(order, lines)) await table.write(dropBackorder(waiting));
}

async function ship({ data: { orderId, shipmentId } }: Fact<'shipment.dispatched'>): Promise<void> {
  const [{ lines }, shipment] = await Promise.all([
    orderFile(orderId),
    loadShipment(table, orderId, shipmentId),
  ]);
  if (!shipment) throw new DomainError('shipment_not_found', `There is no shipment ${shipmentId}.`);
  const left = shippedLinesOf(shipment.lines, lines);
  return shipLongShipment(table, orderId, shipmentId, stockNeeds(left, shipment.warehouse));
}

async function orderFile(orderId: OrderId) {
  const file = await loadOrderFile(table, orderId);
  if (!file) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  return file;
}
