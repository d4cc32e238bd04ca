import * as z from 'zod';
import { CalendarDate } from '../kernel/time.ts';

/** ISO 8601: 1 is Monday, 7 is Sunday. */
const Weekday = z.int().min(1).max(7);
const Year = z.int().min(1900).max(9999);

const common = {
  name: z.string().min(1).max(80),
  /** The first and the last year it is kept. */
  from: Year.optional(),
  to: Year.optional(),
  /** Where it falls on this weekday, the day off is so many days later, or earlier when negative. */
  shift: z
    .array(z.strictObject({ on: Weekday, days: z.int().min(-6).max(6) }))
    .max(7)
    .optional(),
};

/** How the day of a holiday is found in each year. */
export const HolidayRule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('fixed'),
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31),
  }),
  /** `days` after Easter Sunday of the western churches, or before it when negative. */
  z.strictObject({ ...common, kind: z.literal('easter'), days: z.int().min(-100).max(100) }),
  /** The first, second … `weekday` of the month; `last` where `nth` says so. */
  z.strictObject({
    ...common,
    kind: z.literal('weekday'),
    month: z.int().min(1).max(12),
    weekday: Weekday,
    nth: z.union([z.int().min(1).max(4), z.literal('last')]),
  }),
  /** A day off in one year only. */
  z.strictObject({ kind: z.literal('once'), name: common.name, on: CalendarDate }),
]);
export type HolidayRule = z.infer<typeof HolidayRule>;

/** The days on which nobody is expected to pay in a country: its weekend and its national holidays. */
export const CountryCalendar = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'),
  weekend: z
    .array(Weekday)
    .max(6)
    .refine((days) => new Set(days).size === days.length, 'must name each day once'),
  holidays: z.array(HolidayRule).max(60),
});
export type CountryCalendar = z.infer<typeof CountryCalendar>;

/** The days of a calendar, whoever keeps it. */
export type DaysOff = Pick<CountryCalendar, 'weekend' | 'holidays'>;

/** The days on which a payment system settles nothing. */
export const BankCalendar = CountryCalendar.omit({ country: true }).extend({
  system: z.enum(['TARGET', 'FEDERAL_RESERVE']),
});
export type BankCalendar = z.infer<typeof BankCalendar>;

/** The calendars of the countries that customers are in. */
export const CalendarPolicy = z.strictObject({
  countries: z
    .array(CountryCalendar)
    .max(250)
    .refine(
      (countries) => new Set(countries.map(({ country }) => country)).size === countries.length,
      'must name each country once',
    ),
  /** Of the payment systems that collect direct debits; of one left out, the days shipped hold. */
  banks: z
    .array(BankCalendar)
    .max(2)
    .refine(
      (banks) => new Set(banks.map(({ system }) => system)).size === banks.length,
      'must name each system once',
    )
    .optional(),
});
export type CalendarPolicy = z.infer<typeof CalendarPolicy>;

/** The calendar of `country`; where the policy has none, Saturday and Sunday are all that is kept. */
export function calendarOf({ countries }: CalendarPolicy, country: string): CountryCalendar {
  return (
    countries.find((calendar) => calendar.country === country) ?? { country, weekend: [6, 7], holidays: [] }
  );
}
