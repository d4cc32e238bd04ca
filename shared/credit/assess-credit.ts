import type { Account } from '../customer/customer.ts';
import { formatMoney } from '../kernel/money.ts';
import type { OrderIn, Reason } from '../order/order.ts';
import type { InForce } from '../policy/policy-definition.ts';
import type { CreditPolicy } from './credit-policy.ts';

/** What credit says of an order, by which policy and why. */
export type CreditDecision = { decision: 'confirm' | 'hold'; policyVersion: string; reasons: Reason[] };

/**
 * Whether the customer may owe this order too. A person's release outweighs every rule; else the order is held
 * when exposure and order together exceed the credit limit, or when it is larger than the policy lets through.
 */
export function assessCredit(
  account: Account,
  order: OrderIn<'placed'>,
  { version, policy }: InForce<CreditPolicy>,
): CreditDecision {
  const { gross } = order.totals;
  const money = (amount: number) => formatMoney(amount, account.currency);
  if (order.release) {
    const { by, reason } = order.release;
    return {
      decision: 'confirm',
      policyVersion: version,
      reasons: [{ code: 'released', detail: `by ${by}: ${reason}` }],
    };
  }

  const reasons = objectionsTo(account, gross, gross, policy);
  if (reasons.length > 0) return { decision: 'hold', policyVersion: version, reasons };

  const detail = `limit ${money(account.creditLimit)}, exposure ${money(account.exposure + gross)} with this order`;
  return { decision: 'confirm', policyVersion: version, reasons: [{ code: 'within_limit', detail }] };
}

/**
 * Why the customer may not owe `more` for an order worth `gross`; empty when it may. Of a new order `more` is all of it, of
 * one that became larger the difference: the rest is claimed already.
 */
export function objectionsTo(account: Account, gross: number, more: number, policy: CreditPolicy): Reason[] {
  const money = (amount: number) => formatMoney(amount, account.currency);
  const reasons: Reason[] = [];
  if (account.exposure + more > account.creditLimit) {
    reasons.push({
      code: 'credit_limit_exceeded',
      detail: `limit ${money(account.creditLimit)}, exposure ${money(account.exposure)}, ${more === gross ? 'order' : 'more for the order'} ${money(more)}`,
    });
  }
  const reviewAbove = policy.reviewAbove[account.currency];
  if (reviewAbove !== undefined && gross > reviewAbove) {
    reasons.push({
      code: 'large_order',
      detail: `order ${money(gross)}, review above ${money(reviewAbove)}`,
    });
  }
  return reasons;
}
