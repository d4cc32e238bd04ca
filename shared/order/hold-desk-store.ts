import type { Company } from '../company/company.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import type { Table } from '../table/table.ts';
import { calendarOf } from '../terms/calendar-policy.ts';
import { calendarPolicy } from '../terms/shipped-calendar-policy.ts';
import type { Hold } from './desk.ts';
import { holdFor } from './hold-desk.ts';
import type { OrderHead, Reason } from './order.ts';
import { orderDeskPolicy } from './order-desk-policy.ts';

/** Whose desk an order lies on that is held now, and until when: one read unit, of held orders only. */
export async function deskFor(
  table: Table,
  { country, timeZone }: Pick<Company, 'country' | 'timeZone'>,
  reasons: readonly Reason[],
  at: Instant,
  { rules = [] }: Pick<OrderHead, 'rules'> = {},
): Promise<Hold> {
  const today = dateIn(timeZone, at);
  const [desk, calendars] = await Promise.all([
    policyInForce(table, orderDeskPolicy, today),
    policyInForce(table, calendarPolicy, today),
  ]);
  return holdFor(reasons, at, rules, desk.policy, {
    calendar: calendarOf(calendars.policy, country),
    timeZone,
  });
}
