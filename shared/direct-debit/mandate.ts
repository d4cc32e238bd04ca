import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import * as z from 'zod';
import { CustomerId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** Countries of the European Economic Area whose banks need no BIC beside the IBAN (Regulation 260/2012, article 5). */
const eea = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

const Iban = z
  .string()
  .transform((text) => electronicFormatIBAN(text) ?? '')
  .refine((iban) => isValidIBAN(iban), 'must be an IBAN with right check digits')
  .refine((iban) => isSEPACountry(iban.slice(0, 2)), 'must be of a country in SEPA');

const Bic = z.string().refine(isValidBIC, 'must be a BIC of 8 or 11 characters');

const ofAnyKind = {
  /** The unique mandate reference, or what names an authorization to debit: what banks take without change, less what can't stand in an address. */
  mandateId: z
    .string()
    .regex(/^[A-Za-z0-9+:().,-]{1,35}$/, 'must be 1 to 35 of A-Z a-z 0-9 + : ( ) . , and hyphen'),
  signedOn: CalendarDate,
  /** Whose account it is, where that is not the customer's name. */
  holder: z.string().trim().min(1).max(70).optional(),
};

const sepa = z.strictObject({
  ...ofAnyKind,
  format: z.literal('sepa'),
  /** CORE may be returned for eight weeks without a reason; B2B not at all, and only companies can sign it. */
  scheme: z.enum(['CORE', 'B2B']),
  /** Signed for one debit: it is used up with that. */
  oneOff: z.literal(true).optional(),
  iban: Iban,
  bic: Bic.optional(),
});

const ach = z.strictObject({
  ...ofAnyKind,
  format: z.literal('nacha'),
  /** CCD debits a company's account, PPD a person's. */
  scheme: z.enum(['CCD', 'PPD']),
  routingNumber: z
    .string()
    .regex(/^\d{9}$/, 'must be 9 digits')
    .refine(isRoutingNumber, 'must be a routing number with the right check digit'),
  account: z.string().regex(/^[A-Za-z0-9-]{1,17}$/, 'must be 1 to 17 letters, digits or hyphens'),
  accountKind: z.enum(['checking', 'savings']).default('checking'),
});

/** A customer's leave to debit its account, as it was signed: a SEPA mandate or an ACH authorization. */
export const MandateInput = z
  .discriminatedUnion('format', [sepa, ach])
  .refine(
    (mandate) => mandate.format !== 'sepa' || mandate.bic !== undefined || eea.has(mandate.iban.slice(0, 2)),
    {
      path: ['bic'],
      message: 'is needed for an account outside the European Economic Area',
    },
  );
export type MandateInput = z.infer<typeof MandateInput>;

/** ISO 20022 sequence types. That a debit is the last (`FNAL`) is not known beforehand: it is told as one that recurs. */
export const Sequence = z.enum(['FRST', 'RCUR', 'OOFF']);

const state = {
  customerId: CustomerId,
  /** `used` is a one-off mandate once it is debited. */
  status: z.enum(['active', 'revoked', 'used']),
  /** What the next debit under it is: its first, one that recurs, or its only one. */
  sequence: Sequence,
  lastUsedOn: CalendarDate.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  revokedAt: Instant.optional(),
  version: z.int().min(1),
};

/** A mandate as it stands. A SEPA mandate is void when 36 months pass without a debit. */
export const Mandate = z.discriminatedUnion('format', [sepa.extend(state), ach.extend(state)]);
export type Mandate = z.infer<typeof Mandate>;

/** A mandate as it was when it was signed, for the same answer to the same request. */
export function asSigned(mandate: Mandate): Mandate {
  const { lastUsedOn: _used, revokedAt: _revoked, ...rest } = mandate;
  return { ...rest, status: 'active', sequence: firstOf(rest) };
}

/** What the first debit under a mandate is. */
export function firstOf(
  mandate: Pick<Mandate, 'format'> & { oneOff?: true | undefined },
): Mandate['sequence'] {
  return mandate.oneOff ? 'OOFF' : 'FRST';
}

/** A mandate once a debit of `day` was drawn under it. */
export function afterDebit(mandate: Mandate, day: CalendarDate): Mandate {
  const used = { ...mandate, lastUsedOn: day };
  return mandate.sequence === 'OOFF' ? { ...used, status: 'used' } : { ...used, sequence: 'RCUR' };
}

/** The first two and the last four characters of an account: what someone who may not see it is shown. */
export function masked(account: string): string {
  return account.length <= 8 ? `…${account.slice(-2)}` : `${account.slice(0, 2)}…${account.slice(-4)}`;
}

/** The ninth digit checks the others, weighted 3, 7 and 1 (ABA). */
function isRoutingNumber(digits: string): boolean {
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + Number(digit) * ([3, 7, 1][index % 3] ?? 0),
    0,
  );
  return sum > 0 && sum % 10 === 0;
}
