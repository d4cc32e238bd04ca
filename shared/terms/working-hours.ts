import { addDays, startOfDay } from '../kernel/calendar.ts';
import { dateIn, type Instant, instant } from '../kernel/time.ts';
import { businessDay } from './business-days.ts';
import type { DaysOff } from './calendar-policy.ts';

/** When work is done: on business days, from one time of day to another, in a time zone. */
export type WorkingHours = {
  readonly opens: string;
  readonly closes: string;
  readonly calendar: DaysOff;
  readonly timeZone: string;
};

const MINUTE = 60_000;

/** The moment `hours` working hours after `from`. */
export function afterWorkingHours(from: Instant, hours: number, when: WorkingHours): Instant {
  const { calendar, timeZone } = when;
  let left = hours * 60 * MINUTE;
  let day = businessDay(calendar, dateIn(timeZone, from), 'following');
  for (;;) {
    const midnight = Date.parse(startOfDay(day, timeZone));
    const closes = midnight + minutesOf(when.closes) * MINUTE;
    const begins = Math.max(midnight + minutesOf(when.opens) * MINUTE, Date.parse(from));
    const open = Math.max(0, closes - begins);
    if (open >= left) return instant(begins + left);
    left -= open;
    day = businessDay(calendar, addDays(day, 1), 'following');
  }
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The working minutes from one moment to a later one, rounded down; 0 where it is none. */
export function workingMinutes(from: Instant, to: Instant, when: WorkingHours): number {
  const { calendar, timeZone } = when;
  let passed = 0;
  let day = businessDay(calendar, dateIn(timeZone, from), 'following');
  const last = dateIn(timeZone, to);
  while (day <= last) {
    const midnight = Date.parse(startOfDay(day, timeZone));
    const begins = Math.max(midnight + minutesOf(when.opens) * MINUTE, Date.parse(from));
    const ends = Math.min(midnight + minutesOf(when.closes) * MINUTE, Date.parse(to));
    passed += Math.max(0, ends - begins);
    day = businessDay(calendar, addDays(day, 1), 'following');
  }
  return Math.floor(passed / MINUTE);
}
