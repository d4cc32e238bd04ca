import type { CreditDecision } from '../credit/assess-credit.ts';
import type { Instant } from '../kernel/time.ts';
import { type Hold } from './desk.ts';
import { OrderHead, type OrderIn, type Reason } from './order.ts';

/** The order confirmed: from now on it claims its worth of the customer's credit. */
export function confirmOrder(
  order: OrderIn<'placed'>,
  credit: CreditDecision,
  at: Instant,
  verification = order.verification,
): OrderIn<'confirmed'> {
  const { policyVersion, reasons } = credit;
  return {
    ...nextHead(order),
    ...(verification && { verification }),
    status: 'confirmed',
    claim: order.totals.gross,
    acceptedAt: at,
    decision: { policyVersion, reasons },
  };
}

/** The order waiting for a person, with the reasons. Its stock stays reserved. */
export function holdOrder(
  order: OrderIn<'placed'>,
  reasons: Reason[],
  hold: Hold,
  at: Instant,
  verification = order.verification,
): OrderIn<'held'> {
  const verified = verification && { verification };
  return { ...nextHead(order), ...verified, status: 'held', heldAt: at, reasons, hold };
}

/** The order turned down. Whatever was reserved for it has been released before. */
export function rejectOrder(order: OrderIn<'placed'>, reasons: Reason[], at: Instant): OrderIn<'rejected'> {
  return { ...nextHead(order), status: 'rejected', rejectedAt: at, reasons };
}

function nextHead(order: OrderIn<'placed'>): OrderHead {
  return { ...OrderHead.parse(order), version: order.version + 1 };
}
