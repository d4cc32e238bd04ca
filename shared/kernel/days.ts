import { CalendarDate } from './time.ts';

// Dates read as midnights in UTC, so that counting days takes no calendar library: functions that answer a request and
// need no more than this start the faster.

const DAY_MS = 86_400_000;

/** `date` and `days` later (earlier when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return CalendarDate.parse(new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10));
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
