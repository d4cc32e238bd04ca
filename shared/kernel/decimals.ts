import { minorDigits } from './money.ts';

/** Minor units as a plain decimal, such as `1234.50`: a unit price, which may have as many digits as it needs. */
export function decimalPrice(price: number, currency: string): string {
  return plainDecimal(price, minorDigits(currency));
}

/** A whole number of the smallest units with `digits` of them after the point; negative with a sign. */
export function plainDecimal(amount: number, digits: number): string {
  const text = pointed(String(Math.abs(amount)), digits);
  return amount < 0 ? `-${text}` : text;
}

/** Digits with a point before the last `digits` of them. */
export function pointed(wholeNumber: string, digits: number): string {
  if (digits === 0) return wholeNumber;
  const padded = wholeNumber.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
