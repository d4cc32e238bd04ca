import * as z from 'zod';
import { CustomerId, EntryId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AccountRole } from './chart.ts';

/** `amount` in minor units: debits positive, credits negative. */
export const Posting = z.strictObject({ account: AccountRole, amount: Minor });
export type Posting = z.infer<typeof Posting>;

/** One business event in the books. Its postings add up to zero. Never changed. */
export const Entry = z.strictObject({
  entryId: EntryId,
  date: CalendarDate,
  at: Instant,
  kind: z.enum(['invoice', 'credit_note', 'payment']),
  /** The id of the document it books. */
  source: z.string(),
  /** What people call that document: an invoice number, a payment reference. */
  reference: z.string(),
  customerId: CustomerId,
  currency: Currency,
  postings: z.array(Posting).min(1),
});
export type Entry = z.infer<typeof Entry>;
