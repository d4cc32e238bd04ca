import type { Instant } from '../kernel/time.ts';
import { afterWorkingHours, type WorkingHours } from '../terms/working-hours.ts';
import type { Hold, Reason } from './order.ts';
import type { OrderDeskPolicy } from './order-desk-policy.ts';

/** Who decides about each reason to hold an order. */
const teams: Readonly<Record<Reason['code'], Hold['team']>> = {
  credit_limit_exceeded: 'credit',
  large_order: 'credit',
  customer_blocked: 'credit',
  fraud_suspected: 'finance',
  price_differs: 'sales',
  duplicate_order: 'sales',
  address_incomplete: 'sales',
  insufficient_stock: 'warehouse',
  processing_failed: 'support',
  within_limit: 'sales',
  paid_at_once: 'sales',
  released: 'sales',
  turned_down: 'sales',
};

/** Whose desk a held order lies on, and until when they are to decide: the first reason's, it is the gravest. */
export function holdFor(
  reasons: readonly Reason[],
  at: Instant,
  { hours, opens, closes }: OrderDeskPolicy,
  { calendar, timeZone }: Pick<WorkingHours, 'calendar' | 'timeZone'>,
): Hold {
  const [first] = reasons;
  const team = first ? teams[first.code] : 'sales';
  return { team, dueAt: afterWorkingHours(at, hours[team], { opens, closes, calendar, timeZone }) };
}
