import { Temporal } from 'temporal-polyfill';
import { addDays } from '../kernel/calendar.ts';
import { CalendarDate, type Instant } from '../kernel/time.ts';
import { addBusinessDays, businessDay } from '../terms/business-days.ts';
import type { BankCalendar, CalendarPolicy } from '../terms/calendar-policy.ts';
import { shippedCalendarPolicy } from '../terms/shipped-calendar-policy.ts';
import type { DebitPolicy } from './debit-policy.ts';
import type { DirectDebit } from './direct-debit.ts';

type Format = DirectDebit['format'];

const systemOf = { sepa: 'TARGET', nacha: 'FEDERAL_RESERVE' } as const satisfies Record<
  Format,
  BankCalendar['system']
>;
const schemesOf = { sepa: ['CORE', 'B2B'], nacha: ['CCD', 'PPD'] } as const;

/**
 * The day that a debit asked for on `date` is made: that day, or the next on which the payment system settles, as the banks
 * of both schemes do by themselves (EPC016-06 on due dates that are no inter-bank business day; Nacha on settlement dates).
 */
export function collectionDay(calendar: CalendarPolicy, format: Format, date: CalendarDate): CalendarDate {
  return businessDay(calendarOf(calendar, format), date, 'following');
}

/**
 * The first day that accounts may be debited on by a run made at `at`: customers have their notice, in calendar days from
 * `today`, and the bank has the file as many bank days before as the slowest scheme of the format wants.
 */
export function earliestCollection(
  calendar: CalendarPolicy,
  policy: DebitPolicy,
  { format, today, at }: { format: Format; today: CalendarDate; at: Instant },
): CalendarDate {
  const days = calendarOf(calendar, format);
  const { time, timeZone } = policy.cutOff[format];
  const clock = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  const day = CalendarDate.parse(clock.toPlainDate().toString());
  const isLate = Temporal.PlainTime.compare(clock.toPlainTime(), Temporal.PlainTime.from(time)) >= 0;
  const handedIn = businessDay(days, isLate ? addDays(day, 1) : day, 'following');
  const lead = Math.max(...schemesOf[format].map((scheme) => policy.leadDays[scheme]));
  const byLead = addBusinessDays(days, handedIn, lead);
  const byNotice = addDays(today, policy.noticeDays);
  return businessDay(days, byLead > byNotice ? byLead : byNotice, 'following');
}

function calendarOf({ banks = [] }: CalendarPolicy, format: Format): BankCalendar {
  const all = [...banks, ...(shippedCalendarPolicy.banks ?? [])];
  const found = all.find(({ system }) => system === systemOf[format]);
  if (!found) throw new RangeError(`no calendar of ${systemOf[format]} is shipped`);
  return found;
}
