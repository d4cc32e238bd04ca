import * as z from 'zod';
import { CustomerId, EntryId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** The accounts business events post to. */
export const chart = {
  '1000': { name: 'Bank', type: 'asset' },
  '1010': { name: 'Cash in hand', type: 'asset' },
  '1020': { name: 'Payment provider clearing', type: 'asset' },
  '1100': { name: 'Trade receivables', type: 'asset' },
  '2200': { name: 'Output tax', type: 'liability' },
  '4000': { name: 'Sales of goods', type: 'revenue' },
  '4050': { name: 'Carriage and charges', type: 'revenue' },
  '4100': { name: 'Sales returns', type: 'revenue' },
  '4200': { name: 'Discounts allowed', type: 'revenue' },
} as const satisfies Record<string, { name: string; type: 'asset' | 'liability' | 'revenue' }>;

export const AccountCode = z.enum(['1000', '1010', '1020', '1100', '2200', '4000', '4050', '4100', '4200']);
export type AccountCode = z.infer<typeof AccountCode>;

/** `amount` in minor units: debits positive, credits negative. */
export const Posting = z.strictObject({ account: AccountCode, amount: Minor });
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
