import * as z from 'zod';
import { AchOriginator } from '../company/company.ts';
import { CustomerId, DirectDebitId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** A debit of the run: one invoice. `endToEndId` is what the bank's statement brings back. Minor units. */
const collected = {
  endToEndId: z.string().regex(/^D[0-9A-Z]{14}$/),
  invoiceId: InvoiceId,
  number: z.string(),
  customerId: CustomerId,
  amount: Minor.min(1).max(99_999_999_999),
  mandateId: z.string(),
  signedOn: CalendarDate,
  /** Whose account is debited. */
  name: z.string(),
  /** What the payer reads on its statement. */
  remittance: z.string(),
};

export const SepaItem = z.strictObject({
  ...collected,
  scheme: z.enum(['CORE', 'B2B']),
  sequence: z.enum(['FRST', 'RCUR']),
  iban: z.string(),
  bic: z.string().optional(),
});
export type SepaItem = z.infer<typeof SepaItem>;

export const AchItem = z.strictObject({
  ...collected,
  amount: Minor.min(1).max(9_999_999_999),
  scheme: z.enum(['CCD', 'PPD']),
  routingNumber: z.string(),
  account: z.string(),
  accountKind: z.enum(['checking', 'savings']),
});
export type AchItem = z.infer<typeof AchItem>;

/** Who collects by SEPA: `creditorId` is the creditor identifier (EPC262-08) that all its mandates name. */
const SepaCreditor = z.strictObject({
  name: z.string(),
  iban: z.string(),
  bic: z.string(),
  creditorId: z.string(),
});

const run = {
  directDebitId: DirectDebitId,
  status: z.enum(['open', 'cancelled']),
  /** The day the accounts are debited. */
  collectOn: CalendarDate,
  currency: Currency,
  count: z.int().min(1),
  total: Minor.min(1),
  createdAt: Instant,
  createdBy: z.string(),
  cancelledAt: Instant.optional(),
  version: z.int().min(1),
};

/** A direct debit run as it was made: its file is written from this and its items alone, the same whenever asked for. */
export const DirectDebit = z.discriminatedUnion('format', [
  z.strictObject({
    ...run,
    format: z.literal('sepa'),
    message: z.enum(['pain.008.001.02', 'pain.008.001.08']),
    creditor: SepaCreditor,
  }),
  z.strictObject({
    ...run,
    format: z.literal('nacha'),
    originator: AchOriginator.extend({ name: z.string() }),
  }),
]);
export type DirectDebit = z.infer<typeof DirectDebit>;
export type SepaDebit = Extract<DirectDebit, { format: 'sepa' }>;
export type AchDebit = Extract<DirectDebit, { format: 'nacha' }>;

/** @throws RangeError when the items are not those the run was made of: the table is damaged */
export function assertWhole(
  { count, total, directDebitId }: DirectDebit,
  items: readonly { amount: number }[],
): void {
  if (items.length !== count || sumOf(items) !== total)
    throw new RangeError(`${directDebitId} has other items than ${count} over ${total}`);
}

/** Minor units. */
export function sumOf(items: readonly { amount: number }[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0);
}
