import * as z from 'zod';
import { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { StatementAccount, StatementEntry, StatementFormat, StatementHeader } from './bank-statement.ts';
import { CsvMapping } from './csv-mapping.ts';

/** Chosen by the company: `main`, `eur-1`. */
export const BankAccountId = z
  .string()
  .regex(/^[a-z0-9-]{1,30}$/, 'must be up to 30 small letters, digits or hyphens')
  .brand('BankAccountId');
export type BankAccountId = z.infer<typeof BankAccountId>;

/** An account of the company's own at a bank. Statements are taken of known accounts only. */
export const BankAccount = z.strictObject({
  bankAccountId: BankAccountId,
  name: z.string().min(1).max(60),
  account: StatementAccount,
  currency: Currency,
  /** How the bank writes its CSV, where it sends that. */
  csv: CsvMapping.optional(),
  version: z.int().min(1),
});
export type BankAccount = z.infer<typeof BankAccount>;

/** `bst_` and the statement's key: the same statement has the same id, however often it comes. */
export const BankStatementId = z
  .string()
  .regex(/^bst_[0-9a-f]{32}$/, 'must be bst_ and 32 hexadecimal digits')
  .brand('BankStatementId');
export type BankStatementId = z.infer<typeof BankStatementId>;

/** What it takes to read a file besides its format: the mapping of the bank's CSV, and what the file does not say. */
export const StatementReading = z.strictObject({
  csv: CsvMapping.optional(),
  openingBalance: Minor.optional(),
  closingBalance: Minor.optional(),
  statementId: z.string().min(1).max(60).optional(),
});
export type StatementReading = z.infer<typeof StatementReading>;

/** A statement that was taken and how far its lines are worked. */
export const BankStatement = z.strictObject({
  bankStatementId: BankStatementId,
  bankAccountId: BankAccountId,
  format: StatementFormat,
  header: StatementHeader,
  entries: z.int().min(0),
  /** Sum of all entries, minor units. */
  sum: Minor,
  /** Lines stored and matched so far: a run that breaks off goes on here. */
  done: z.int().min(0),
  status: z.enum(['importing', 'imported']),
  receivedAt: Instant,
  receivedBy: z.string(),
  /** Where its file lies in the bucket. */
  file: z.string(),
  /** Which of the file's statements it is; the first where it is left out. */
  ordinal: z.int().min(2).optional(),
  reading: StatementReading.optional(),
  version: z.int().min(1),
});
export type BankStatement = z.infer<typeof BankStatement>;

/** What a bank line settles of an invoice, by rule or by a person's decision. Minor units. */
export const BankAllocation = z.strictObject({
  invoiceId: InvoiceId,
  amount: Minor.min(0),
  discount: Minor.min(1).optional(),
  difference: z
    .strictObject({
      amount: Minor.min(1),
      account: z.enum(['rounding', 'payment_fees', 'discounts_allowed']),
    })
    .optional(),
});

/** How a line was matched, with all it takes to explain it. */
export const LineMatch = z.strictObject({
  rule: z.string(),
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
  customerId: CustomerId.optional(),
  allocations: z.array(BankAllocation),
  unapplied: Minor.min(0),
  confirms: PaymentId.optional(),
  policyVersion: z.string(),
});
export type LineMatch = z.infer<typeof LineMatch>;

/** Lines by status. */
export const LineCounts = z.strictObject({
  matched: z.int().min(0),
  suggested: z.int().min(0),
  queued: z.int().min(0),
  ignored: z.int().min(0),
});
export type LineCounts = z.infer<typeof LineCounts>;

const line = {
  bankStatementId: BankStatementId,
  bankAccountId: BankAccountId,
  entry: StatementEntry,
  bookedOn: CalendarDate,
  version: z.int().min(1),
};
const decided = { by: z.string(), at: Instant };

/**
 * A line of a bank statement. Each ends `matched` (a payment was recorded, or one recorded before confirmed), `ignored`
 * with a reason, or waits: `suggested` for a yes, `queued` for a decision. Undoing a decision puts it into the queue again.
 */
export const BankLine = z.discriminatedUnion('status', [
  z.strictObject({
    ...line,
    status: z.literal('matched'),
    match: LineMatch,
    paymentId: PaymentId,
    ...decided,
  }),
  z.strictObject({ ...line, status: z.literal('suggested'), match: LineMatch }),
  z.strictObject({ ...line, status: z.literal('queued'), match: LineMatch.optional() }),
  z.strictObject({ ...line, status: z.literal('ignored'), reason: z.string(), ...decided }),
]);
export type BankLine = z.infer<typeof BankLine>;
