import { addDays } from '../kernel/calendar.ts';
import { percentOf } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { businessDay } from './business-days.ts';
import { type CalendarPolicy, type CountryCalendar, calendarOf } from './calendar-policy.ts';
import { endOfMonth, nextDayOfMonth } from './dates.ts';
import { netTerms, type PaymentTerms } from './terms.ts';

/** A part of an invoice and the day it is due. `amount` in minor units, at least 1. */
type Instalment = { dueOn: CalendarDate; amount: number };

/** When an invoice is due. */
export type DueDates = {
  /** The day all of it is due: that of the last instalment. */
  dueOn: CalendarDate;
  /** Two or more, by date; they add up to the invoice. */
  instalments?: Instalment[];
  /** What may be taken off where all is paid by `until`. */
  discount?: { percent: string; until: CalendarDate; amount: number };
};

/**
 * What `terms` mean for an invoice: its due dates and the discount for paying early, to the minor unit.
 * @param gross minor units of `currency`
 * @param calendar of the customer's country; looked at only where the terms speak of business days
 */
export function dueDates(
  terms: PaymentTerms,
  issuedOn: CalendarDate,
  gross: number,
  currency: string,
  calendar: CountryCalendar,
): DueDates {
  const moved = (date: CalendarDate) => onBusinessDay(date, issuedOn, terms.businessDays, calendar);
  return {
    ...payable(terms, issuedOn, gross, currency, moved),
    ...discountOf(terms, issuedOn, gross, currency, moved),
  };
}

/** What a customer has agreed to. */
export type Agreed = {
  readonly terms?: PaymentTerms | undefined;
  readonly paymentTermDays: number;
  readonly address: { readonly country: string };
};

/** The terms of a customer's invoices: its own, else its net days. */
function termsOf({ terms, paymentTermDays }: Agreed): PaymentTerms {
  return terms ?? netTerms(paymentTermDays);
}

/** Whether it takes the calendar policy to say when the customer's invoices are due. */
export function needsCalendar({ terms }: Agreed): boolean {
  return terms?.businessDays !== undefined;
}

/**
 * A customer's terms and when an invoice of `gross` is due by them, as the invoice bears them.
 * @param calendars needed only where {@link needsCalendar}
 * @throws RangeError where they are needed and missing
 */
export function agreedDates(
  customer: Agreed,
  invoice: { issuedOn: CalendarDate; gross: number; currency: string },
  calendars: CalendarPolicy | undefined,
): { terms: PaymentTerms } & DueDates {
  const terms = termsOf(customer);
  if (needsCalendar(customer) && !calendars) throw new RangeError('terms with business days need a calendar');
  const calendar = calendarOf(calendars ?? { countries: [] }, customer.address.country);
  return { terms, ...dueDates(terms, invoice.issuedOn, invoice.gross, invoice.currency, calendar) };
}

type Move = (date: CalendarDate) => CalendarDate;

function payable(
  terms: PaymentTerms,
  issuedOn: CalendarDate,
  gross: number,
  currency: string,
  moved: Move,
): Pick<DueDates, 'dueOn' | 'instalments'> {
  switch (terms.kind) {
    case 'net':
      return { dueOn: moved(addDays(issuedOn, terms.days)) };
    case 'end_of_month':
      return { dueOn: moved(endOfMonth(addDays(issuedOn, terms.days))) };
    case 'fixed_day':
      return { dueOn: moved(nextDayOfMonth(addDays(issuedOn, terms.minDays), terms.day)) };
    case 'instalments': {
      const instalments = sharesOf(terms.parts, gross, currency)
        .map(({ days, amount }) => ({ dueOn: moved(addDays(issuedOn, days)), amount }))
        .filter(({ amount }) => amount > 0);
      const dueOn = instalments.at(-1)?.dueOn ?? moved(addDays(issuedOn, terms.parts.at(-1)?.days ?? 0));
      return instalments.length > 1 ? { dueOn, instalments } : { dueOn };
    }
    default:
      return terms satisfies never;
  }
}

/** The last part takes what rounding left over; no part takes more than is left, so that none is below zero. */
function sharesOf(
  parts: readonly { percent: string; days: number }[],
  gross: number,
  currency: string,
): { days: number; amount: number }[] {
  let left = gross;
  return parts.map(({ percent, days }, index) => {
    const amount = index === parts.length - 1 ? left : Math.min(left, percentOf(gross, percent, currency));
    left -= amount;
    return { days, amount };
  });
}

/** A discount that rounds to nothing is none. */
function discountOf(
  { discount }: PaymentTerms,
  issuedOn: CalendarDate,
  gross: number,
  currency: string,
  moved: Move,
): Pick<DueDates, 'discount'> {
  if (!discount) return {};
  const amount = percentOf(gross, discount.percent, currency);
  if (amount === 0 || amount === gross) return {};
  return { discount: { percent: discount.percent, until: moved(addDays(issuedOn, discount.days)), amount } };
}

/** Nothing is due before it is invoiced: where the business day before lies there, it is the one after. */
function onBusinessDay(
  date: CalendarDate,
  issuedOn: CalendarDate,
  businessDays: PaymentTerms['businessDays'],
  calendar: CountryCalendar,
): CalendarDate {
  if (!businessDays) return date;
  const day = businessDay(calendar, date, businessDays);
  return day < issuedOn ? businessDay(calendar, date, 'following') : day;
}
