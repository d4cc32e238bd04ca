import * as z from 'zod';
import {
  AchAccountKind,
  AchAccountNumber,
  Bic,
  needsBic,
  RoutingNumber,
  SepaIban,
} from '../bank-file/account-number.ts';
import { CustomerId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

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
  iban: SepaIban,
  bic: Bic.optional(),
});

const ach = z.strictObject({
  ...ofAnyKind,
  format: z.literal('nacha'),
  /** CCD debits a company's account, PPD a person's. */
  scheme: z.enum(['CCD', 'PPD']),
  routingNumber: RoutingNumber,
  account: AchAccountNumber,
  accountKind: AchAccountKind.default('checking'),
});

/** A customer's leave to debit its account, as it was signed: a SEPA mandate or an ACH authorization. */
export const MandateInput = z
  .discriminatedUnion('format', [sepa, ach])
  .refine((mandate) => mandate.format !== 'sepa' || mandate.bic !== undefined || !needsBic(mandate.iban), {
    path: ['bic'],
    message: 'is needed for an account outside the European Economic Area',
  });
export type MandateInput = z.infer<typeof MandateInput>;

const state = {
  customerId: CustomerId,
  status: z.enum(['active', 'revoked']),
  /** What the next debit under it is: its first, or one that recurs. */
  sequence: z.enum(['FRST', 'RCUR']),
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
  return { ...rest, status: 'active', sequence: 'FRST' };
}
