import { describe, expect, it } from 'vitest';
import { collectionDay, earliestCollection } from '#shared/direct-debit/collection-day.ts';
import { DebitPolicy } from '#shared/direct-debit/debit-policy.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { CalendarPolicy } from '#shared/terms/calendar-policy.ts';
import { shippedCalendarPolicy } from '#shared/terms/shipped-calendar-policy.ts';

const day = (text: string) => CalendarDate.parse(text);
const moved = (format: 'sepa' | 'nacha', text: string) =>
  collectionDay(shippedCalendarPolicy, format, day(text));

describe('the day of a SEPA debit', () => {
  it.each([
    ['a Wednesday', '2026-04-15', '2026-04-15'],
    ['a Saturday', '2026-04-18', '2026-04-20'],
    ['Good Friday, and Easter Monday after it', '2026-04-03', '2026-04-07'],
    ['1 May', '2026-05-01', '2026-05-04'],
    ['Christmas, the day after and the weekend', '2026-12-25', '2026-12-28'],
    ['New Year', '2027-01-01', '2027-01-04'],
    // TARGET is open on national holidays.
    ['3 October of 2025, a Friday', '2025-10-03', '2025-10-03'],
    ['Ascension Day', '2026-05-14', '2026-05-14'],
    ['Whit Monday', '2026-05-25', '2026-05-25'],
  ])('of %s is a TARGET day', (_, asked, made) => {
    expect(moved('sepa', asked)).toBe(made);
  });
});

describe('the day of an ACH debit', () => {
  it.each([
    ['Good Friday', '2026-04-03', '2026-04-03'],
    ['Memorial Day', '2026-05-25', '2026-05-26'],
    ['Juneteenth', '2026-06-19', '2026-06-22'],
    // On a Saturday: the Reserve Banks are open on the Friday before, though federal offices are closed.
    ['the Friday before Independence Day on a Saturday', '2026-07-03', '2026-07-03'],
    ['Independence Day on a Sunday', '2027-07-05', '2027-07-06'],
    ['Columbus Day', '2026-10-12', '2026-10-13'],
    ['Thanksgiving', '2026-11-26', '2026-11-27'],
    ['Juneteenth before it was kept', '2020-06-19', '2020-06-19'],
  ])('of %s is a business day of the Federal Reserve', (_, asked, made) => {
    expect(moved('nacha', asked)).toBe(made);
  });
});

describe('the first day of a debit', () => {
  const earliest = (format: 'sepa' | 'nacha', at: string, policy: object = { noticeDays: 0 }) =>
    earliestCollection(shippedCalendarPolicy, DebitPolicy.parse(policy), {
      format,
      today: day(at.slice(0, 10)),
      at: instant(at),
    });

  it('is as many bank days after the file as the bank wants, not days', () => {
    // Thursday before Easter 2026, 11:59 in Berlin: Friday and Monday are no TARGET days.
    expect(earliest('sepa', '2026-04-02T09:59:00Z')).toBe('2026-04-08');
  });

  it('is a bank day later from the cut-off on', () => {
    expect(earliest('sepa', '2026-04-02T10:00:00Z')).toBe('2026-04-09');
    // 17:00 in New York is 21:00 in UTC in summer.
    expect(earliest('nacha', '2026-07-08T20:59:00Z')).toBe('2026-07-10');
    expect(earliest('nacha', '2026-07-08T21:00:00Z')).toBe('2026-07-13');
  });

  it('takes a file of a holiday as one of the next bank day', () => {
    expect(earliest('sepa', '2026-05-01T08:00:00Z')).toBe('2026-05-06');
  });

  it('leaves customers their notice in calendar days, and is a bank day then', () => {
    // Fourteen days after 21 March is Saturday, 4 April; Easter Monday follows.
    expect(earliest('sepa', '2026-03-21T08:00:00Z', {})).toBe('2026-04-07');
  });

  it('is by the bank days that the company put in force', () => {
    const closed = { kind: 'once', name: 'Test closure', on: '2026-04-15' };
    const calendar = CalendarPolicy.parse({
      countries: [],
      banks: [{ system: 'TARGET', weekend: [6, 7], holidays: [closed] }],
    });
    expect(collectionDay(calendar, 'sepa', day('2026-04-15'))).toBe('2026-04-16');
    expect(collectionDay(calendar, 'nacha', day('2026-04-15'))).toBe('2026-04-15');
  });

  it('needs a time zone that there is', () => {
    const wrong = { cutOff: { sepa: { time: '12:00', timeZone: 'Europe/Atlantis' } } };
    expect(DebitPolicy.safeParse(wrong).success).toBe(false);
    expect(DebitPolicy.safeParse({ cutOff: { sepa: { time: '24:00', timeZone: 'UTC' } } }).success).toBe(
      false,
    );
  });
});
