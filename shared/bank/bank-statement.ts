import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** The formats of statement files that are read; `camt.053` in versions 2, 3, 4 and 8. */
export const StatementFormat = z.enum(['camt.053', 'mt940', 'bai2', 'ofx', 'csv']);
export type StatementFormat = z.infer<typeof StatementFormat>;

/** The company's own account. `iban` where the bank writes one, else the bank's `number`. */
export const StatementAccount = z.strictObject({
  iban: z.string().optional(),
  number: z.string().optional(),
  bic: z.string().optional(),
});
export type StatementAccount = z.infer<typeof StatementAccount>;

/** Who paid or was paid. */
export const Counterparty = z.strictObject({
  name: z.string().optional(),
  iban: z.string().optional(),
  account: z.string().optional(),
  bic: z.string().optional(),
});
export type Counterparty = z.infer<typeof Counterparty>;

/** One payment in or out, as the bank booked it. */
export const StatementEntry = z.strictObject({
  /** Place in the statement: 1, 2, 3… */
  line: z.int().min(1),
  bookedOn: CalendarDate,
  valueOn: CalendarDate.optional(),
  /** Minor units, never 0: money in is positive, money out negative. */
  amount: Minor.refine((amount) => amount !== 0, 'must not be 0'),
  currency: Currency,
  /** The bank's own reference of the booking; parts of one booking share it. */
  bankReference: z.string().optional(),
  endToEndId: z.string().optional(),
  mandateId: z.string().optional(),
  /** Structured reference of the payee: RF…, a QR reference, OGM. */
  creditorReference: z.string().optional(),
  /** All remittance text in one line, spaces collapsed; empty if there is none. */
  text: z.string(),
  counterparty: Counterparty.optional(),
  /** Bank transaction code, as the bank writes it. */
  code: z.string().optional(),
  /** ISO 20022 external return reason, e.g. AC04, where the entry is a returned payment. */
  returnReason: z.string().optional(),
  /** Minor units that the bank kept for itself. */
  charges: Minor.min(1).optional(),
  /** The payment information or message of ours that the bank booked as one sum. */
  batchReference: z.string().optional(),
  /** Part k of a booking of several payments. */
  batch: z.int().min(1).optional(),
});
export type StatementEntry = z.infer<typeof StatementEntry>;

/** A whole statement of one account. Balances are signed minor units: negative is overdrawn. */
export const StatementHeader = z.strictObject({
  account: StatementAccount,
  currency: Currency,
  statementId: z.string(),
  openingOn: CalendarDate.optional(),
  openingBalance: Minor,
  closingOn: CalendarDate.optional(),
  closingBalance: Minor,
});
export type StatementHeader = z.infer<typeof StatementHeader>;

/** What of the header stands before the entries: an MT940 tells its closing balance last, OFX has no opening one. */
export type StatementStart = Pick<StatementHeader, 'account' | 'currency'> & Partial<StatementHeader>;

/** What reading gives: a start, its entries, and an end that says the statement ties. */
export type StatementEvent =
  | { kind: 'statement'; header: StatementStart }
  | { kind: 'entry'; entry: StatementEntry }
  | StatementEnd;

/** @property sum of all entries in minor units: opening balance plus `sum` is the closing balance */
export type StatementEnd = { kind: 'end'; header: StatementHeader; entries: number; sum: number };

/** The same for the same statement, however often and in which file it comes: 32 hex digits. */
export function statementKey({ header, entries, sum }: Omit<StatementEnd, 'kind'>): string {
  const { account, currency, statementId } = header;
  const parts = [
    account.iban ?? account.number ?? '',
    currency,
    statementId,
    header.openingOn ?? '',
    header.openingBalance,
    header.closingOn ?? '',
    header.closingBalance,
    entries,
    sum,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
