import { minorDigits } from '../kernel/money.ts';

/**
 * Text as it may stand in a cell. Spreadsheets run what begins like a formula, and a customer chooses its own name:
 * an apostrophe before it makes it text again (OWASP, "CSV injection"; the full-width forms count too).
 */
export function neutralText(text: string): string {
  return /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

/** Minor units as a plain decimal with a point, exactly: 123450 GBP is `1234.50`. */
export function decimalText(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const figures = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = figures.slice(0, figures.length - digits);
  return `${amount < 0 ? '-' : ''}${whole}${digits > 0 ? `.${figures.slice(-digits)}` : ''}`;
}

/** The number format of amounts in `currency`, with as many digits as its minor unit has. */
export function amountFormat(currency: string): string {
  const digits = minorDigits(currency);
  return digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
}
