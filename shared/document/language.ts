import type { Company } from '../company/company.ts';
import type { Buyer } from '../invoice/invoice.ts';
import type { CalendarDate } from '../kernel/time.ts';

/** The languages customers are written to in. */
export type Language = Buyer['language'];

/**
 * The locale numbers and dates are written in for a reader of `language`: the company's own where it is of that
 * language, so that an American company writes American dates to its English-speaking customers.
 */
export function localeFor(language: Language, company: Pick<Company, 'locale'>): string {
  if (new Intl.Locale(company.locale).language === language) return company.locale;
  return { en: 'en-GB', de: 'de-DE' }[language];
}

/** A day as people write it, e.g. `30 April 2026`. */
export function longDate(date: CalendarDate, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));
}

/** The name of a country, e.g. `Deutschland` for DE in German; the code itself where it has none. */
export function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' }).of(code) ?? code;
}

/** A whole number with its thousands apart, e.g. `12,000`. */
export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** A rate in per cent as people write it: `7.75` is `7.75%` in English and `7,75 %` in German. */
export function formatRate(ratePercent: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 }).format(
    Number(ratePercent) / 100,
  );
}

/** Address lines under a name; the country only where the letter crosses a border. */
export function addressLines(
  address: {
    lines: readonly string[];
    city?: string | undefined;
    postalCode?: string | undefined;
    country: string;
  },
  sender: { country: string },
  locale: string,
): string[] {
  const town = cityLine(address);
  return [
    ...address.lines,
    ...(town ? [town] : []),
    ...(address.country === sender.country ? [] : [countryName(address.country, locale)]),
  ];
}

// Before the town on the continent, after it in the English-speaking world (Universal Postal Union, S42).
const postalCodeLast = new Set(['GB', 'IE', 'US', 'CA', 'AU', 'NZ', 'IN', 'SG', 'ZA']);

/** Town and postal code in the order the country's post wants them; empty when neither is known. */
export function cityLine(address: {
  city?: string | undefined;
  postalCode?: string | undefined;
  country: string;
}): string {
  const parts = [address.postalCode, address.city];
  return (postalCodeLast.has(address.country) ? parts.toReversed() : parts).filter(Boolean).join(' ');
}
