import { plainDecimal, pointed } from '../kernel/decimals.ts';
import { DomainError } from '../kernel/errors.ts';
import { minorDigits } from '../kernel/money.ts';

/** EN 16931 lets an amount have two digits after the point (BR-DEC-*), whatever its currency has. */
const MAX_DIGITS = 2;

/**
 * Minor units as an amount of an e-invoice: the currency's digits, two at most.
 * @throws DomainError `e_invoice_not_possible` when an amount of a currency with three digits needs the third
 */
export function decimalAmount(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = plainDecimal(amount, digits);
  if (digits <= MAX_DIGITS) return text;
  if (!text.endsWith('0'.repeat(digits - MAX_DIGITS))) {
    throw new DomainError(
      'e_invoice_not_possible',
      `An e-invoice has amounts of two digits after the point at most, and this document has ${text} ${currency}. Send it as a PDF.`,
    );
  }
  return text.slice(0, MAX_DIGITS - digits);
}

/**
 * `amount` of one of `quantity` units, with as many digits as it takes for `quantity` times it to be `amount` to well
 * within half a minor unit.
 * @param amount minor units, not negative
 */
export function decimalShare(amount: number, quantity: number, currency: string): string {
  const digits = minorDigits(currency);
  const extra = amount % quantity === 0 ? 0 : String(quantity).length + 2;
  const scaled = BigInt(amount) * 10n ** BigInt(extra);
  const divisor = BigInt(quantity);
  const rounded = (2n * scaled + divisor) / (2n * divisor);
  return pointed(rounded.toString(), digits + extra);
}

/** A rate or percentage without needless zeros: `20`, `7.75`. */
export function decimalRate(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.');
  const kept = fraction.replace(/0+$/, '');
  return `${Number(whole)}${kept === '' ? '' : `.${kept}`}`;
}
