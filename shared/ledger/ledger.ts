import * as z from 'zod';
import { CustomerId, EntryId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AccountRole } from './chart.ts';

/** `amount` in minor units: debits positive, credits negative. */
export const Posting = z.strictObject({ account: AccountRole, amount: Minor });
export type Posting = z.infer<typeof Posting>;

/**
 * The business events that are booked; `fee` is what a payment provider keeps for a dispute, or gives back of it, and `bank`
 * a line of a bank statement that no customer paid.
 */
export const EntryKind = z.enum([
  'invoice',
  'credit_note',
  'payment',
  'refund',
  'write_off',
  'reversal',
  'allocation',
  'unallocation',
  'fee',
  'bank',
]);
export type EntryKind = z.infer<typeof EntryKind>;

/** One business event in the books. Its postings add up to zero. Never changed. */
export const Entry = z.strictObject({
  entryId: EntryId,
  date: CalendarDate,
  at: Instant,
  kind: EntryKind,
  /** The id of the document it books. */
  source: z.string(),
  /** What people call that document: an invoice number, a payment reference. */
  reference: z.string(),
  /** Whose account it moves; none for what is between the company and its bank. */
  customerId: CustomerId.optional(),
  currency: Currency,
  postings: z.array(Posting).min(1),
  /** Of a credit note: the invoice it corrects, and why. */
  corrects: InvoiceId.optional(),
  reasonCode: z.string().optional(),
});
export type Entry = z.infer<typeof Entry>;
