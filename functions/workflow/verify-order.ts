import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { loadBackground } from '#shared/order/background-store.ts';
import type { Reason, Verification } from '#shared/order/order.ts';
import { loadOrder } from '#shared/order/order-store.ts';
import { OrderTask } from '#shared/order/order-task.ts';
import { verificationPolicy } from '#shared/order/verification-policy.ts';
import { verifyOrder } from '#shared/order/verify-order.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

type Answer =
  | { verdict: 'settled' }
  | { verdict: 'ok' | 'reserved'; verification: Verification }
  | { verdict: 'hold'; reasons: Reason[]; verification: Verification };

/**
 * First task of `accept-order`: may the order go on (`reserved`: its goods are its own already), must it wait, or was
 * it decided before?
 */
export async function handler(event: unknown): Promise<Answer> {
  const { orderId, at } = OrderTask.parse(event);
  const [order, inForce] = await Promise.all([
    loadOrder(table, orderId, { consistent: true }),
    policyInForce(table, verificationPolicy, dateIn(timeZone, at)),
  ]);
  if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  if (order.status !== 'placed') return { verdict: 'settled' };
  const customer = await loadCustomer(table, order.customerId);
  if (!customer) throw new DomainError('customer_not_found', `There is no customer ${order.customerId}.`);
  const background = await loadBackground(table, order, customer, inForce.policy);
  const { reasons, verification } = verifyOrder(order, customer, background, inForce);
  if (reasons.length > 0) return { verdict: 'hold', reasons, verification };
  const isReserved = order.reservation === 'reserved' && !order.backordered;
  return { verdict: isReserved ? 'reserved' : 'ok', verification };
}
