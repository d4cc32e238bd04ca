import type { Customer } from '../customer/customer.ts';
import { addressFault } from './check-address.ts';
import { type Background, scoreFraud } from './fraud-score.ts';
import type { OrderIn, Reason, Verification } from './order.ts';
import type { VerificationPolicy } from './verification-policy.ts';

/** What an order was checked for, and why it must wait; nothing speaks against it where `reasons` is empty. */
export type Verdict = { readonly reasons: Reason[]; readonly verification: Verification };

/**
 * Whether a placed order may go on to its credit: same order, customer and policy, same answer. What a person released is
 * not asked again.
 */
export function verifyOrder(
  order: OrderIn<'placed'>,
  customer: Customer,
  background: Background,
  { version, policy }: { readonly version: string; readonly policy: VerificationPolicy },
): Verdict {
  const { score, signals } = scoreFraud(order, customer, background, policy.fraud);
  const verification = { policyVersion: version, score, ...(signals.length > 0 && { signals }) };
  if (order.release) return { reasons: [], verification };
  const fault = policy.checkAddresses ? addressFault(order.shipTo ?? customer.address, policy) : undefined;
  const reasons: (Reason | false)[] = [
    customer.status === 'blocked' && {
      code: 'customer_blocked',
      detail: `${customer.customerId} was blocked after the order was placed`,
    },
    score >= policy.fraud.holdFrom && {
      code: 'fraud_suspected',
      detail: `score ${score} of ${policy.fraud.holdFrom}: ${signals.map(({ detail, points }) => `${detail} (${points})`).join('; ')}`,
    },
    fault !== undefined && { code: 'address_incomplete', detail: fault },
  ];
  return {
    reasons: [...reasons.filter((reason) => reason !== false), ...(order.doubts ?? [])],
    verification,
  };
}
