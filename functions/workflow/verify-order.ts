import { loadCustomer } from '#shared/customer/customer-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { Reason } from '#shared/order/order.ts';
import { loadOrder } from '#shared/order/order-store.ts';
import { OrderTask } from '#shared/order/order-task.ts';
import { verifyOrder } from '#shared/order/verify-order.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();

type Verdict = { verdict: 'ok' | 'reserved' | 'settled' } | { verdict: 'hold'; reasons: Reason[] };

/**
 * First task of `accept-order`: may the order go on (`reserved`: its goods are its own already), must it wait, or was
 * it decided before?
 */
export async function handler(event: unknown): Promise<Verdict> {
  const { orderId } = OrderTask.parse(event);
  const order = await loadOrder(table, orderId, { consistent: true });
  if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  if (order.status !== 'placed') return { verdict: 'settled' };
  const customer = await loadCustomer(table, order.customerId);
  if (!customer) throw new DomainError('customer_not_found', `There is no customer ${order.customerId}.`);
  const reasons = verifyOrder(order, customer);
  if (reasons.length > 0) return { verdict: 'hold', reasons };
  return { verdict: order.reservation === 'reserved' && !order.backordered ? 'reserved' : 'ok' };
}
