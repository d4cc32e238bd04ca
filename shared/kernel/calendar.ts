import { Temporal } from 'temporal-polyfill';
import { CalendarDate, type Instant, instant } from './time.ts';

/** `date` and `days` later (earlier when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return CalendarDate.parse(Temporal.PlainDate.from(date).add({ days }).toString());
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}

/** The first moment of `date` in `timeZone` (IANA name). */
export function startOfDay(date: CalendarDate, timeZone: string): Instant {
  return instant(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}
