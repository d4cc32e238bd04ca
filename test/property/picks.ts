import * as z from 'zod';
import { OpenCredit, OpenItem } from '#shared/invoice/invoice.ts';
import { OrderHead } from '#shared/order/order.ts';
import { Payment } from '#shared/payment/payment.ts';
import { Refund } from '#shared/refund/refund.ts';
import { Shipment } from '#shared/shipment/shipment.ts';
import { prefixes } from '#shared/table/keys.ts';
import type { MemoryTable } from '../builders/memory-table.ts';

const StoredOrder = z.object({ ...OrderHead.shape, status: z.string() });
const StoredShipment = z.object(Shipment.shape);
const StoredPayment = z.object(Payment.shape);
const StoredRefund = z.union(Refund.options.map((option) => z.object(option.shape)));
const StoredCredit = z.object(OpenCredit.shape);
const StoredOpenItem = z.union(OpenItem.options.map((option) => z.object(option.shape)));

export function pickOrder(
  table: MemoryTable,
  pick: number,
  suitable: readonly string[],
): OrderHead | undefined {
  const orders = table
    .items(({ PK, SK }) => PK.startsWith('ord_') && SK === 'HEAD')
    .map((item) => StoredOrder.parse(item));
  return choose(orders, pick, suitable);
}

export function pickShipment(table: MemoryTable, pick: number): Shipment | undefined {
  const shipments = table
    .items(({ PK, SK }) => PK.startsWith('ord_') && SK.startsWith(prefixes.shipment))
    .map((item) => StoredShipment.parse(item));
  return shipments[pick % shipments.length];
}

export function pickCredit(
  table: MemoryTable,
  pick: number,
  suits: (credit: OpenCredit) => boolean,
): OpenCredit | undefined {
  const credits = table
    .items(({ PK, SK }) => PK.startsWith('crn_') && SK === 'OPEN')
    .map((item) => StoredCredit.parse(item))
    .filter(suits);
  return credits[pick % credits.length];
}

/** Mostly one that waits; one time in five any, to see it refused. */
export function pickRefund(table: MemoryTable, pick: number): Refund | undefined {
  const refunds = table
    .items(({ PK, SK }) => PK.startsWith('rfd_') && SK === 'HEAD')
    .map((item) => StoredRefund.parse(item));
  return choose(refunds, pick, ['requested']);
}

export function pickOpenItem(
  table: MemoryTable,
  pick: number,
  suitable: readonly string[],
  suits: (item: OpenItem) => boolean = () => true,
): OpenItem | undefined {
  const items = table
    .items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'OPEN')
    .map((item) => StoredOpenItem.parse(item))
    .filter(suits);
  return choose(items, pick, suitable);
}

export function pickPayment(
  table: MemoryTable,
  pick: number,
  suits: (payment: Payment) => boolean = () => true,
): Payment | undefined {
  const payments = table
    .items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD')
    .map((item) => StoredPayment.parse(item))
    .filter(suits);
  return payments[pick % payments.length];
}

/** Mostly a thing in a suitable state; one time in five any, to see it refused. */
function choose<T extends { status: string }>(
  things: T[],
  pick: number,
  suitable: readonly string[],
): T | undefined {
  const fitting = pick % 5 === 0 ? things : things.filter(({ status }) => suitable.includes(status));
  return fitting[pick % fitting.length];
}
