import type { Customer } from '../customer/customer.ts';
import type { OrderIn, Reason } from './order.ts';

/** Why a placed order must wait before its credit is even looked at; empty when nothing speaks against it. */
export function verifyOrder(order: OrderIn<'placed'>, customer: Customer): Reason[] {
  if (order.release) return [];
  return customer.status === 'blocked'
    ? [{ code: 'customer_blocked', detail: `${customer.customerId} was blocked after the order was placed` }]
    : [];
}
