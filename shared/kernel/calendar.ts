import { Temporal } from 'temporal-polyfill';
import { addDays, daysBetween } from './days.ts';
import { CalendarDate, type Instant, instant } from './time.ts';

export { addDays, daysBetween } from './days.ts';

/** Every day from `from` to `to`, both included; none where `to` is earlier. */
export function datesBetween(from: CalendarDate, to: CalendarDate): CalendarDate[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, day) => addDays(from, day));
}

/** The month that `date` lies in: its first and last day. */
export function monthOf(date: CalendarDate): { from: CalendarDate; to: CalendarDate } {
  const day = Temporal.PlainDate.from(date);
  return {
    from: CalendarDate.parse(day.with({ day: 1 }).toString()),
    to: CalendarDate.parse(day.with({ day: day.daysInMonth }).toString()),
  };
}

/** The first moment of `date` in `timeZone` (IANA name). */
export function startOfDay(date: CalendarDate, timeZone: string): Instant {
  return instant(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}
