import * as z from 'zod';
import { addDays } from '../kernel/calendar.ts';
import { DomainError } from '../kernel/errors.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AccountRole } from './chart.ts';

/** A month of the books, e.g. `2026-03`. Sorts as text. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as YYYY-MM')
  .brand('Month');
export type Month = z.infer<typeof Month>;

/**
 * A month whose books are closed: no entry is dated in it any more. `turnover` (minor units, both sides positive) and
 * `entries` are of everything since the books began, up to the month's end.
 */
export const ClosedPeriod = z.strictObject({
  month: Month,
  closedAt: Instant,
  closedBy: z.string(),
  entries: z.int().min(0),
  turnover: z.array(
    z.strictObject({
      currency: Currency,
      account: AccountRole,
      debits: Minor.min(0),
      credits: Minor.min(0),
    }),
  ),
});
export type ClosedPeriod = z.infer<typeof ClosedPeriod>;

export function monthOf(date: CalendarDate): Month {
  return Month.parse(date.slice(0, 7));
}

export function firstDayOf(month: Month): CalendarDate {
  return CalendarDate.parse(`${month}-01`);
}

export function lastDayOf(month: Month): CalendarDate {
  return addDays(firstDayOf(monthAfter(month)), -1);
}

export function monthAfter(month: Month): Month {
  return monthOf(addDays(firstDayOf(month), 31));
}

/** The first day on which `month` may be closed: the day between is for what was under way at midnight. */
export function closableFrom(month: Month): CalendarDate {
  return addDays(lastDayOf(month), 2);
}

/**
 * Whether `month` may be closed on `today`. Entries are dated the day they are made, so a month gets none any more once
 * it has ended.
 * @param lastClosed the last closed month, if there is one
 * @param firstOpen the first month after it that has entries, if there is one
 * @throws DomainError `period_not_ended`, `period_closed`, `period_before_open`
 */
export function assertClosable(
  month: Month,
  today: CalendarDate,
  lastClosed: Month | undefined,
  firstOpen: Month | undefined,
): void {
  if (lastClosed !== undefined && month <= lastClosed) {
    throw new DomainError('period_closed', `The books are closed up to the end of ${lastClosed}.`);
  }
  const from = closableFrom(month);
  if (today < from) {
    throw new DomainError('period_not_ended', `${month} can be closed from ${from} on; today is ${today}.`);
  }
  if (firstOpen !== undefined && firstOpen < month) {
    throw new DomainError(
      'period_before_open',
      `${firstOpen} has entries and is still open. Close it before ${month}.`,
    );
  }
}
