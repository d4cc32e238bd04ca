import type { PolicyDefinition } from '../policy/policy-definition.ts';
import { CalendarPolicy, type HolidayRule } from './calendar-policy.ts';

type Rules = HolidayRule[];
type Options = { from?: number; to?: number; shift?: { on: number; days: number }[] };

const fixed = (name: string, month: number, day: number, options: Options = {}): Rules => [
  { kind: 'fixed', name, month, day, ...options },
];
const easter = (name: string, days: number, options: Options = {}): Rules => [
  { kind: 'easter', name, days, ...options },
];
const monday = (name: string, month: number, nth: 1 | 2 | 3 | 4 | 'last', options: Options = {}): Rules => [
  { kind: 'weekday', name, month, weekday: 1, nth, ...options },
];

const newYear = (options?: Options) => fixed("New Year's Day", 1, 1, options);
const epiphany = fixed('Epiphany', 1, 6);
const goodFriday = easter('Good Friday', -2);
const easterMonday = easter('Easter Monday', 1);
const labourDay = fixed('Labour Day', 5, 1);
const ascension = easter('Ascension Day', 39);
const whitMonday = easter('Whit Monday', 50);
const assumption = fixed('Assumption', 8, 15);
const allSaints = fixed("All Saints' Day", 11, 1);
const armistice = fixed('Armistice Day', 11, 11);
const immaculate = fixed('Immaculate Conception', 12, 8);
const christmas = (options?: Options) => fixed('Christmas Day', 12, 25, options);
const boxingDay = (name: string, options?: Options) => fixed(name, 12, 26, options);

const toMonday = [
  { on: 6, days: 2 },
  { on: 7, days: 1 },
];
/** Christmas and the day after it: whichever falls on the weekend is made up for after both. */
const afterBoth = [
  { on: 6, days: 2 },
  { on: 7, days: 2 },
];
const toNearest = [
  { on: 6, days: -1 },
  { on: 7, days: 1 },
];

const fromSunday = [{ on: 7, days: 1 }];
const thanksgiving: Rules = [{ kind: 'weekday', name: 'Thanksgiving Day', month: 11, weekday: 4, nth: 4 }];

const country = (code: string, ...holidays: Rules[]) => ({
  country: code,
  weekend: [6, 7],
  holidays: holidays.flat(),
});

/**
 * National holidays as they are kept from 2024 on, and until the company puts its own in force. Holidays of regions
 * only are not among them: a date that falls on one stays where it is.
 *
 * GB: Banking and Financial Dealings Act 1971, as kept in England and Wales. IE: Organisation of Working Time Act
 * 1997, second schedule, and S.I. 50/2022. DE: the days all states keep by their own laws, and the Unification
 * Treaty, art. 2. FR: Code du travail, L3133-1. NL: Algemene termijnenwet, art. 3. AT: Arbeitsruhegesetz, § 7.
 * BE: Royal Decree of 18 April 1974, art. 1. ES: Estatuto de los Trabajadores, art. 37.2, and Real Decreto
 * 2001/1983, art. 45. IT: Legge 260/1949, DPR 792/1985, and Legge 151/2025. US: 5 U.S.C. 6103.
 *
 * TARGET: Guideline (EU) 2022/912 of the ECB, its closing days. FEDERAL_RESERVE: the Reserve Banks' holiday schedules: of
 * one on a Saturday they are open on the Friday before, of one on a Sunday closed on the Monday after.
 */
export const shippedCalendarPolicy = CalendarPolicy.parse({
  countries: [
    country(
      'GB',
      newYear({ shift: toMonday }),
      goodFriday,
      easterMonday,
      monday('Early May bank holiday', 5, 1),
      monday('Spring bank holiday', 5, 'last'),
      monday('Summer bank holiday', 8, 'last'),
      christmas({ shift: afterBoth }),
      boxingDay('Boxing Day', { shift: afterBoth }),
    ),
    country(
      'IE',
      newYear(),
      // The first Monday of February, unless the 1st is a Friday.
      fixed("St Brigid's Day", 2, 1, {
        from: 2023,
        shift: [2, 3, 4, 6, 7].map((on) => ({ on, days: 8 - on })),
      }),
      fixed("St Patrick's Day", 3, 17),
      easterMonday,
      monday('May holiday', 5, 1),
      monday('June holiday', 6, 1),
      monday('August holiday', 8, 1),
      monday('October holiday', 10, 'last'),
      christmas(),
      boxingDay("St Stephen's Day"),
    ),
    country(
      'DE',
      newYear(),
      goodFriday,
      easterMonday,
      labourDay,
      ascension,
      whitMonday,
      fixed('German Unity Day', 10, 3),
      christmas(),
      boxingDay('Second day of Christmas'),
    ),
    country(
      'FR',
      newYear(),
      easterMonday,
      labourDay,
      fixed('Victory Day', 5, 8),
      ascension,
      whitMonday,
      fixed('National Day', 7, 14),
      assumption,
      allSaints,
      armistice,
      christmas(),
    ),
    country(
      'NL',
      newYear(),
      easterMonday,
      fixed("King's Day", 4, 27, { from: 2014, shift: [{ on: 7, days: -1 }] }),
      ascension,
      whitMonday,
      christmas(),
      boxingDay('Second day of Christmas'),
    ),
    country(
      'AT',
      newYear(),
      epiphany,
      easterMonday,
      labourDay,
      ascension,
      whitMonday,
      easter('Corpus Christi', 60),
      assumption,
      fixed('National Day', 10, 26),
      allSaints,
      immaculate,
      christmas(),
      boxingDay("St Stephen's Day"),
    ),
    country(
      'BE',
      newYear(),
      easterMonday,
      labourDay,
      ascension,
      whitMonday,
      fixed('National Day', 7, 21),
      assumption,
      allSaints,
      armistice,
      christmas(),
    ),
    country(
      'ES',
      newYear(),
      epiphany,
      goodFriday,
      labourDay,
      assumption,
      fixed('National Day', 10, 12),
      allSaints,
      fixed('Constitution Day', 12, 6),
      immaculate,
      christmas(),
    ),
    country(
      'IT',
      newYear(),
      epiphany,
      easterMonday,
      fixed('Liberation Day', 4, 25),
      labourDay,
      fixed('Republic Day', 6, 2),
      assumption,
      fixed('St Francis', 10, 4, { from: 2026 }),
      allSaints,
      immaculate,
      christmas(),
      boxingDay("St Stephen's Day"),
    ),
    country(
      'US',
      newYear({ shift: toNearest }),
      monday('Birthday of Martin Luther King, Jr.', 1, 3),
      monday("Washington's Birthday", 2, 3),
      monday('Memorial Day', 5, 'last'),
      fixed('Juneteenth', 6, 19, { from: 2021, shift: toNearest }),
      fixed('Independence Day', 7, 4, { shift: toNearest }),
      monday('Labor Day', 9, 1),
      monday('Columbus Day', 10, 2),
      fixed('Veterans Day', 11, 11, { shift: toNearest }),
      thanksgiving,
      christmas({ shift: toNearest }),
    ),
  ],
  banks: [
    {
      system: 'TARGET',
      weekend: [6, 7],
      holidays: [
        newYear(),
        goodFriday,
        easterMonday,
        labourDay,
        christmas(),
        boxingDay('Second day of Christmas'),
      ].flat(),
    },
    {
      system: 'FEDERAL_RESERVE',
      weekend: [6, 7],
      holidays: [
        newYear({ shift: fromSunday }),
        monday('Birthday of Martin Luther King, Jr.', 1, 3),
        monday("Washington's Birthday", 2, 3),
        monday('Memorial Day', 5, 'last'),
        fixed('Juneteenth', 6, 19, { from: 2022, shift: fromSunday }),
        fixed('Independence Day', 7, 4, { shift: fromSunday }),
        monday('Labor Day', 9, 1),
        monday('Columbus Day', 10, 2),
        fixed('Veterans Day', 11, 11, { shift: fromSunday }),
        thanksgiving,
        christmas({ shift: fromSunday }),
      ].flat(),
    },
  ],
});

export const calendarPolicy: PolicyDefinition<CalendarPolicy> = {
  name: 'calendar',
  schema: CalendarPolicy,
  shipped: shippedCalendarPolicy,
};
