import { isValidIBAN } from 'ibantools';
import { parseAmount } from '../kernel/money.ts';
import { collapse } from '../kernel/text.ts';
import { CalendarDate } from '../kernel/time.ts';
import type { StatementAccount } from './bank-statement.ts';
import { invalid } from './tally.ts';

/** Collapsed, or undefined where nothing is left. */
export function filled(text: string | undefined): string | undefined {
  return (text && collapse(text)) || undefined;
}

/** `fields` without those that are undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]?: T[K] & ({} | null) } {
  const left: { [K in keyof T]?: T[K] & ({} | null) } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) left[key] = value;
  }
  return left;
}

/** As `present`, or undefined where nothing is left. */
export function presentOrNone<T extends object>(fields: T) {
  const left = present(fields);
  return Object.keys(left).length > 0 ? left : undefined;
}

/** An id that says there is none, as SEPA and SWIFT write it. */
export function reference(text: string | undefined): string | undefined {
  const id = filled(text);
  return id === undefined || /^(NOTPROVIDED|NONREF|NOT PROVIDED|N)$/i.test(id) ? undefined : id;
}

/** A number of an account, as an IBAN where it is one. */
export function accountOf(number: string): StatementAccount {
  const compact = number.replace(/\s/g, '').toUpperCase();
  return isValidIBAN(compact) ? { iban: compact } : { number: collapse(number) };
}

/** @throws DomainError `statement_invalid` when the day is not in the calendar */
export function dayAt(year: string, month: string, day: string, place: string): CalendarDate {
  const text = `${year}-${month}-${day}`;
  const date = CalendarDate.safeParse(text);
  if (!date.success) throw invalid(place, `“${text}” is no date`);
  return date.data;
}

/** `YYMMDD` as SWIFT and BAI write it: years from 80 are those of the last century. */
export function shortDayAt(text: string, place: string): CalendarDate {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) throw invalid(place, `“${text}” is no date as YYMMDD`);
  const [, year = '', month = '', day = ''] = match;
  return dayAt(`${Number(year) >= 80 ? '19' : '20'}${year}`, month, day, place);
}

/**
 * An amount without sign in minor units of `currency`; leading zeros are allowed.
 * @throws DomainError `statement_invalid` for what is none, or has more digits than the currency
 */
export function amountAt(text: string, currency: string, place: string): number {
  const plain = text.replace(/^0+(?=\d)/, '');
  const amount = plain.startsWith('-') ? undefined : parseAmount(plain, currency);
  if (amount === undefined) throw invalid(place, `“${text}” is no amount in ${currency}`);
  return amount;
}
