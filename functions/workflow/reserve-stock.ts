import { DomainError } from '#shared/kernel/errors.ts';
import { needsLeft } from '#shared/order/lines-left.ts';
import type { Reason } from '#shared/order/order.ts';
import { loadOrder, loadOrderLines } from '#shared/order/order-store.ts';
import { OrderTask } from '#shared/order/order-task.ts';
import { reserveLongOrder } from '#shared/stock/long-order-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();

type Outcome = { outcome: 'reserved' | 'settled' } | { outcome: 'insufficient'; reasons: Reason[] };

/** Task of `accept-order`: reserves what the order's own transaction could not hold. */
export async function handler(event: unknown): Promise<Outcome> {
  const { orderId } = OrderTask.parse(event);
  const order = await loadOrder(table, orderId, { consistent: true });
  if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  if (order.status !== 'placed') return { outcome: 'settled' };
  if (order.reservation === 'reserved') return { outcome: 'reserved' };
  const needs = needsLeft(await loadOrderLines(table, order));
  const result = await reserveLongOrder(table, orderId, needs);
  return result.outcome === 'insufficient'
    ? { outcome: 'insufficient', reasons: [{ code: 'insufficient_stock', detail: result.detail }] }
    : result;
}
