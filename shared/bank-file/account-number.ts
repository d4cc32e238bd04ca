import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import * as z from 'zod';

/** Countries of the European Economic Area whose banks need no BIC beside the IBAN (Regulation 260/2012, article 5). */
const eea = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/** An IBAN without spaces. */
export const Iban = z
  .string()
  .transform((text) => electronicFormatIBAN(text) ?? '')
  .refine((iban) => isValidIBAN(iban), 'must be an IBAN with right check digits');

export const SepaIban = Iban.refine(isInSepa, 'must be of a country in SEPA');

export const Bic = z.string().refine(isValidBIC, 'must be a BIC of 8 or 11 characters');

/** Of a bank in the United States. */
export const RoutingNumber = z
  .string()
  .regex(/^\d{9}$/, 'must be 9 digits')
  .refine(isRoutingNumber, 'must be a routing number with the right check digit');

export const AchAccountNumber = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,17}$/, 'must be 1 to 17 letters, digits or hyphens');

export const AchAccountKind = z.enum(['checking', 'savings']);

/** Whether the euro goes there by the SEPA schemes. */
export function isInSepa(iban: string): boolean {
  return isSEPACountry(iban.slice(0, 2));
}

/** Whether a SEPA payment needs a BIC beside `iban`. */
export function needsBic(iban: string): boolean {
  return !eea.has(iban.slice(0, 2));
}

/** The ninth digit checks the others, weighted 3, 7 and 1 (ABA). */
function isRoutingNumber(digits: string): boolean {
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + Number(digit) * ([3, 7, 1][index % 3] ?? 0),
    0,
  );
  return sum > 0 && sum % 10 === 0;
}
