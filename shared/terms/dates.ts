import { Temporal } from 'temporal-polyfill';
import { CalendarDate } from '../kernel/time.ts';

/** The day of a month; a short month's last day stands for those it lacks. */
export function dateOf(year: number, month: number, day: number): CalendarDate {
  return CalendarDate.parse(Temporal.PlainDate.from({ year, month, day }).toString());
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: CalendarDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

export function yearOf(date: CalendarDate): number {
  return Number(date.slice(0, 4));
}

/** The last day of the month `date` is in. */
export function endOfMonth(date: CalendarDate): CalendarDate {
  const day = Temporal.PlainDate.from(date);
  return CalendarDate.parse(day.with({ day: day.daysInMonth }).toString());
}

/** The first day `day` of a month that is not before `date`; a short month's last day stands for it. */
export function nextDayOfMonth(date: CalendarDate, day: number): CalendarDate {
  const start = Temporal.PlainDate.from(date);
  const here = start.with({ day });
  const next = Temporal.PlainDate.compare(here, start) >= 0 ? here : start.add({ months: 1 }).with({ day });
  return CalendarDate.parse(next.toString());
}
