import DateHolidays from 'date-holidays';
import { describe, expect, it } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { businessDay, holidaysIn, isBusinessDay } from '#shared/terms/business-days.ts';
import { CalendarPolicy, calendarOf } from '#shared/terms/calendar-policy.ts';
import { shippedCalendarPolicy } from '#shared/terms/shipped-calendar-policy.ts';

const day = (text: string) => CalendarDate.parse(text);
const isWeekday = (date: string) => ![0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
const years = [2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032];

/** Where we know better: 5 U.S.C. 6103(b) makes up for Veterans Day as for every other day; the package does not. */
const madeUpFor: Record<string, string[]> = { US: ['2028-11-10', '2029-11-12'] };

/** The package has the bank holidays per nation; invoices are due as in England and Wales. */
const regions: Record<string, string> = { GB: 'ENG' };

/** Public holidays of the whole country that fall on a weekday, by the package. */
function theirDays(country: string, year: number): string[] {
  const found = new DateHolidays(country, regions[country] ?? '')
    .getHolidays(year)
    .filter(({ type }) => type === 'public');
  return [...new Set(found.map(({ date }) => date.slice(0, 10)).filter(isWeekday))].sort();
}

describe('the shipped calendars', () => {
  const { countries } = shippedCalendarPolicy;

  it('are of ten countries', () => {
    expect(countries.map(({ country }) => country).join(' ')).toBe('GB IE DE FR NL AT BE ES IT US');
  });

  it.each(countries.map(({ country }) => country))(
    'agree with date-holidays on %s, 2024 to 2032',
    (country) => {
      const calendar = calendarOf(shippedCalendarPolicy, country);
      const ours = years.flatMap((year) => holidaysIn(calendar, year)).filter(isWeekday);
      const theirs = years.flatMap((year) => theirDays(country, year));
      expect({
        ours: ours.filter((date) => !theirs.includes(date)),
        theirs: theirs.filter((date) => !ours.some((each) => each === date)),
      }).toEqual({ ours: madeUpFor[country] ?? [], theirs: [] });
    },
  );

  it('find Easter as date-holidays does, 1950 to 2099', () => {
    const calendar = {
      country: 'XX',
      weekend: [],
      holidays: [{ kind: 'easter' as const, name: 'Easter', days: 1 }],
    };
    const package_ = new DateHolidays('DE');
    for (let year = 1950; year < 2100; year += 1) {
      const theirs = package_.getHolidays(year).find(({ rule }) => rule === 'easter 1');
      expect(holidaysIn(calendar, year)).toEqual([theirs?.date.slice(0, 10)]);
    }
  });
});

describe('business days', () => {
  const gb = calendarOf(shippedCalendarPolicy, 'GB');
  const us = calendarOf(shippedCalendarPolicy, 'US');

  it('make up for Christmas 2027, a Saturday, on Monday and Tuesday in Britain', () => {
    expect(holidaysIn(gb, 2027).slice(-2)).toEqual(['2027-12-27', '2027-12-28']);
    expect(businessDay(gb, day('2027-12-25'), 'following')).toBe('2027-12-29');
    expect(businessDay(gb, day('2027-12-25'), 'preceding')).toBe('2027-12-24');
  });

  it('put New Year 2028, a Saturday, into the old year in America', () => {
    expect(holidaysIn(us, 2027).at(-1)).toBe('2027-12-31');
    expect(isBusinessDay(us, day('2027-12-31'))).toBe(false);
    expect(holidaysIn(us, 2028)[0]).toBe('2028-01-17');
  });

  it('leave Saint Brigid on a Friday, and move her to Monday from any other day', () => {
    const ie = calendarOf(shippedCalendarPolicy, 'IE');
    expect(holidaysIn(ie, 2030)).toContain('2030-02-01');
    expect(holidaysIn(ie, 2026)).toContain('2026-02-02');
    expect(holidaysIn(ie, 2022)).not.toContain('2022-02-07');
  });

  it('know Saturday and Sunday only where there is no calendar', () => {
    const unknown = calendarOf(shippedCalendarPolicy, 'JP');
    expect(businessDay(unknown, day('2026-01-03'), 'following')).toBe('2026-01-05');
    expect(isBusinessDay(unknown, day('2026-01-01'))).toBe(true);
  });

  it('take another weekend and a single day off from the policy', () => {
    const policy = CalendarPolicy.parse({
      countries: [
        { country: 'AE', weekend: [5, 6], holidays: [{ kind: 'once', name: 'Mourning', on: '2026-05-17' }] },
      ],
    });
    expect(businessDay(calendarOf(policy, 'AE'), day('2026-05-15'), 'following')).toBe('2026-05-18');
  });

  it('refuse a calendar without any', () => {
    expect(() =>
      businessDay({ weekend: [1, 2, 3, 4, 5, 6, 7], holidays: [] }, day('2026-05-15'), 'following'),
    ).toThrow('no business day near 2026-05-15');
  });

  it('refuse two calendars of a country', () => {
    const twice = { country: 'GB', weekend: [6, 7], holidays: [] };
    expect(CalendarPolicy.safeParse({ countries: [twice, twice] }).success).toBe(false);
  });
});
