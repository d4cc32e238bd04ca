import type { CalendarDate } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import type { Table } from '../table/table.ts';
import type { CalendarPolicy } from './calendar-policy.ts';
import { type Agreed, needsCalendar } from './due-dates.ts';
import { calendarPolicy } from './shipped-calendar-policy.ts';

/** The calendars in force on `date`, read only where the customer's terms speak of business days. */
export async function calendarsFor(
  table: Table,
  customer: Agreed,
  date: CalendarDate,
): Promise<CalendarPolicy | undefined> {
  return needsCalendar(customer) ? (await policyInForce(table, calendarPolicy, date)).policy : undefined;
}
