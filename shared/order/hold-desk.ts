import type { Instant } from '../kernel/time.ts';
import type { RuleTouch } from '../rule/rule-effects.ts';
import { afterWorkingHours, type WorkingHours } from '../terms/working-hours.ts';
import { Hold } from './desk.ts';
import type { Reason } from './order.ts';
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
  held_by_rule: 'sales',
  rule_failed: 'sales',
};

/**
 * Whose desk a held order lies on, and until when they are to decide: the first reason's, it is the gravest. Rules say whose
 * desk theirs is, and whose approval it takes.
 */
export function holdFor(
  reasons: readonly Reason[],
  at: Instant,
  rules: readonly RuleTouch[],
  { hours, opens, closes }: OrderDeskPolicy,
  { calendar, timeZone }: Pick<WorkingHours, 'calendar' | 'timeZone'>,
): Hold {
  const [first] = reasons;
  const approval = rules.find(({ did }) => did?.approval !== undefined)?.did?.approval;
  const ruled = rules.find(({ did }) => did?.hold !== undefined)?.did?.hold ?? teamOf(approval);
  const team = first?.code === 'held_by_rule' ? ruled : first ? teams[first.code] : 'sales';
  return {
    team,
    dueAt: afterWorkingHours(at, hours[team], { opens, closes, calendar, timeZone }),
    ...(approval && { approval }),
  };
}

/** The desk of a role: administrators have none, and sales looks after theirs. */
function teamOf(role: Hold['approval']): Hold['team'] {
  const team = Hold.shape.team.safeParse(role);
  return team.success ? team.data : 'sales';
}
