import { addDays } from '../kernel/calendar.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { DaysOff, HolidayRule } from './calendar-policy.ts';
import { dateOf, weekdayOf, yearOf } from './dates.ts';

/** Longer than any row of days off: what lies beyond is a calendar that knows no business days. */
const MOST_DAYS_OFF = 60;

/** Every day of `year` that a rule of the calendar makes a holiday, sorted; weekends as they fall. */
export function holidaysIn({ holidays }: DaysOff, year: number): CalendarDate[] {
  // A day that is made up for may lie on the other side of New Year.
  const days = [year - 1, year, year + 1].flatMap((each) =>
    holidays.flatMap((rule) => dayOffOf(rule, each) ?? []),
  );
  return [...new Set(days.filter((day) => yearOf(day) === year))].sort();
}

/** Whether `date` is neither on the weekend nor a holiday. */
export function isBusinessDay(calendar: DaysOff, date: CalendarDate): boolean {
  return !calendar.weekend.includes(weekdayOf(date)) && !holidaysIn(calendar, yearOf(date)).includes(date);
}

/**
 * `date` itself when it is a business day, else the next one in `direction`.
 * @throws RangeError when the calendar has no business day within two months: it is no calendar
 */
export function businessDay(
  calendar: DaysOff,
  date: CalendarDate,
  direction: 'following' | 'preceding',
): CalendarDate {
  const step = direction === 'following' ? 1 : -1;
  for (let days = 0; days <= MOST_DAYS_OFF; days += 1) {
    const day = addDays(date, step * days);
    if (isBusinessDay(calendar, day)) return day;
  }
  throw new RangeError(`the calendar has no business day near ${date}`);
}

/** The `days`th business day after `date`, itself not counted. */
export function addBusinessDays(calendar: DaysOff, date: CalendarDate, days: number): CalendarDate {
  let day = date;
  for (let left = days; left > 0; left -= 1) day = businessDay(calendar, addDays(day, 1), 'following');
  return day;
}

function dayOffOf(rule: HolidayRule, year: number): CalendarDate | undefined {
  if (rule.kind === 'once') return yearOf(rule.on) === year ? rule.on : undefined;
  if (year < (rule.from ?? year) || year > (rule.to ?? year)) return undefined;
  const day = dayOf(rule, year);
  const shift = rule.shift?.find(({ on }) => on === weekdayOf(day));
  return shift ? addDays(day, shift.days) : day;
}

function dayOf(rule: Exclude<HolidayRule, { kind: 'once' }>, year: number): CalendarDate {
  switch (rule.kind) {
    case 'fixed':
      return dateOf(year, rule.month, rule.day);
    case 'easter':
      return addDays(easterSunday(year), rule.days);
    case 'weekday': {
      const { month, weekday, nth } = rule;
      if (nth === 'last') {
        const last = dateOf(year, month, 31);
        return addDays(last, -daysFrom(weekday, weekdayOf(last)));
      }
      const first = dateOf(year, month, 1);
      return addDays(first, daysFrom(weekdayOf(first), weekday) + 7 * (nth - 1));
    }
    default:
      return rule satisfies never;
  }
}

/** Days from one weekday to the next other one; 0 for the same. */
const daysFrom = (one: number, other: number) => (other - one + 7) % 7;

/**
 * Easter Sunday in the Gregorian calendar: the Sunday after the first church full moon of spring. The moon's age
 * repeats every 19 years; the century's corrections are those for dropped leap days and for the moon's own drift.
 */
function easterSunday(year: number): CalendarDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const droppedLeapDays = century - Math.floor(century / 4);
  const drift = Math.floor((8 * century + 13) / 25);
  const age = (((19 * golden + droppedLeapDays - drift + 15) % 30) + 30) % 30;
  // The two latest moons are taken a day earlier, so that no two years of a cycle share one.
  const moon = age - (age === 29 || (age === 28 && golden > 10) ? 1 : 0);
  const fullMoon = addDays(dateOf(year, 3, 21), moon);
  return addDays(fullMoon, 7 - (weekdayOf(fullMoon) % 7));
}
