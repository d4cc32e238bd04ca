import { DomainError } from '../kernel/errors.ts';
import { type Currency, formatMoney, minorDigits } from '../kernel/money.ts';

/**
 * Digits that Stripe counts amounts in where they are not the currency's own by ISO 4217: ariary without their fifths,
 * krónur and Ugandan shillings with two digits that are always zero (docs.stripe.com/currencies, "Zero-decimal
 * currencies" and "Special cases").
 */
const stripeDigits: Readonly<Record<string, number>> = { MGA: 0, ISK: 2, UGX: 2 };

/**
 * An amount as Stripe counts it. Currencies of three digits must end in zero there, to be charged by every network.
 * @param amount minor units of `currency`
 * @throws DomainError `checkout_not_possible` where Stripe has no such amount
 */
export function toStripeAmount(amount: number, currency: Currency): number {
  const digits = minorDigits(currency);
  const counted = amount * 10 ** ((stripeDigits[currency] ?? digits) - digits);
  if (Number.isSafeInteger(counted) && (digits !== 3 || counted % 10 === 0)) return counted;
  throw new DomainError(
    'checkout_not_possible',
    `${formatMoney(amount, currency)} can't be paid online: the provider takes no such fractions. Please pay by bank transfer.`,
  );
}

/** Minor units of `currency` from an amount as Stripe counts it. @throws RangeError when it has a fraction of one */
export function fromStripeAmount(counted: number, currency: Currency): number {
  const digits = minorDigits(currency);
  const amount = (counted * 10 ** digits) / 10 ** (stripeDigits[currency] ?? digits);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Stripe's ${counted} is no amount of ${currency}`);
  return amount;
}
