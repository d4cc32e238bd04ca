import currencyCodes from 'currency-codes';
import { dinero, halfEven, multiply, toSnapshot, transformScale } from 'dinero.js';
import * as z from 'zod';

/** ISO 4217, upper case. */
export const Currency = z
  .string()
  .refine((code) => currencyCodes.code(code)?.code === code, 'must be an ISO 4217 currency code such as GBP')
  .brand('Currency');
export type Currency = z.infer<typeof Currency>;

/** Whole minor units (pence, cents, yen). Safe-integer range, so sums stay exact. */
export const Minor = z.int();
/** No single amount in this system is larger: ten billion in a currency with two digits. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** A rate in per cent as a decimal string, e.g. `20` or `7.75`. */
export const RatePercent = z.string().regex(/^\d{1,3}(\.\d{1,4})?$/, 'must be a decimal such as 20 or 7.75');

/** How many digits the minor unit of `currency` has: 2 for GBP, 0 for JPY, 3 for BHD. */
export function minorDigits(currency: string): number {
  return currencyCodes.code(currency)?.digits ?? 2;
}

const dineroCurrency = (code: string) => ({ code, base: 10, exponent: minorDigits(code) });

/**
 * `ratePercent` of `amount`, rounded half to even to whole minor units.
 * @param amount minor units, may be negative
 * @param ratePercent decimal string, e.g. `7.75`
 */
export function percentOf(amount: number, ratePercent: string, currency: string): number {
  const [whole = '0', fraction = ''] = ratePercent.split('.');
  const factor = { amount: Number(whole + fraction), scale: fraction.length + 2 };
  const exact = multiply(dinero({ amount, currency: dineroCurrency(currency) }), factor);
  return toSnapshot(transformScale(exact, minorDigits(currency), halfEven)).amount;
}

/**
 * `amount` split in the proportion `part : whole`, rounded half to even.
 * @param amount minor units
 */
export function shareOf(amount: number, part: number, whole: number): number {
  if (whole === 0) return 0;
  const numerator = BigInt(amount) * BigInt(part);
  const denominator = BigInt(whole);
  const quotient = numerator / denominator;
  const twiceRest = 2n * (numerator % denominator);
  const distance = twiceRest < 0n ? -twiceRest : twiceRest;
  const size = denominator < 0n ? -denominator : denominator;
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  const roundsAway = distance > size || (distance === size && quotient % 2n !== 0n);
  return Number(roundsAway ? quotient + away : quotient);
}

/** Minor units as a person reads them, e.g. `1,234.50`. No currency sign. */
export function formatAmount(amount: number, currency: string, locale = 'en-GB'): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // A sum of nothing may be negative zero.
  }).format((amount || 0) / 10 ** digits);
}

/** Minor units with the currency before them, e.g. `GBP 1,234.50`. */
export function formatMoney(amount: number, currency: string, locale = 'en-GB'): string {
  return `${currency} ${formatAmount(amount, currency, locale)}`;
}

/**
 * A decimal as people write it, in minor units: `12.5` GBP is 1250.
 * @returns undefined when it is not a decimal or has more digits than the currency
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const match = /^(-?)(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > digits) return undefined;
  const minor = Number(whole + kept.padEnd(digits, '0'));
  return sign && minor !== 0 ? -minor : minor;
}
