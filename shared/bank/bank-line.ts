import * as z from 'zod';
import { CreditNoteId, CustomerId, DirectDebitId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AccountRole, DifferenceAccount } from '../ledger/chart.ts';
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
  /** How often one of its lines was decided or undone; never where it is left out. */
  changed: z.int().min(1).optional(),
  version: z.int().min(1),
});
export type BankStatement = z.infer<typeof BankStatement>;

/** One line of a statement, for what else tells of it. */
export const BankLineReference = z.strictObject({
  bankStatementId: BankStatementId,
  line: z.int().min(1),
});
export type BankLineReference = z.infer<typeof BankLineReference>;

/** A line in one word, as the books name it. */
export function lineName({ bankStatementId, line }: BankLineReference): string {
  return `${bankStatementId}#${line}`;
}

/** What a bank line settles of an invoice, by rule or by a person's decision. Minor units. */
const BankAllocation = z.strictObject({
  invoiceId: InvoiceId,
  amount: Minor.min(0),
  discount: Minor.min(1).optional(),
  difference: z
    .strictObject({
      amount: Minor.min(1),
      account: DifferenceAccount,
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
  /** The payment that the bank took back with this line, and what it charged for that. */
  reverses: PaymentId.optional(),
  fee: Minor.min(1).optional(),
  adviceId: z.string().optional(),
  /** The direct debit run whose money it seems to be, and the places of the batches. */
  settles: z
    .strictObject({ directDebitId: DirectDebitId, batches: z.array(z.int().min(1)).min(1) })
    .optional(),
  dispute: z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1), reasonCode: z.string() }).optional(),
  /** The line of the same statement that this one seems to repeat. */
  duplicateOf: z.int().min(1).optional(),
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

/** What a line that no customer paid may be booked to. Money on its way between two accounts is `clearing`. */
export const BookableAccount = AccountRole.extract([
  'payment_fees',
  'interest',
  'rounding',
  'cash',
  'clearing',
]);
export type BookableAccount = z.infer<typeof BookableAccount>;

/** What a matched line was the money of. Minor units. */
export const LineOutcome = z.discriminatedUnion('kind', [
  /** A payment that the line recorded. */
  z.strictObject({ kind: z.literal('payment'), paymentId: PaymentId }),
  /** Payments of several customers, less what was kept for collecting them. */
  z.strictObject({
    kind: z.literal('batch'),
    parts: z.array(z.strictObject({ paymentId: PaymentId, customerId: CustomerId, amount: Minor.min(1) })),
    fee: Minor.min(1).optional(),
  }),
  /**
   * A payment or refund recorded before: `told` is the slot of its fact, `from` where the money lay until it was on the
   * statement, if not at the bank. `reversed` where the line itself is why it is gone, so that undoing it restores it.
   */
  z.strictObject({
    kind: z.literal('confirmation'),
    paymentId: PaymentId,
    told: z.string(),
    from: z.enum(['cash', 'clearing']).optional(),
    /** Whose pay-out it is, which is in the books under the credit note. */
    creditNoteId: CreditNoteId.optional(),
    reversed: z.literal(true).optional(),
  }),
  /** What a direct debit run collected: its batches at these places, from 1, whose debits become payments. */
  z.strictObject({
    kind: z.literal('direct_debit'),
    directDebitId: DirectDebitId,
    batches: z.array(z.int().min(1)).min(1),
  }),
  /** Money of no customer. */
  z.strictObject({ kind: z.literal('booking'), account: BookableAccount, reason: z.string() }),
]);
export type LineOutcome = z.infer<typeof LineOutcome>;

const line = {
  bankStatementId: BankStatementId,
  bankAccountId: BankAccountId,
  entry: StatementEntry,
  bookedOn: CalendarDate,
  match: LineMatch.optional(),
  version: z.int().min(1),
};
const decided = { by: z.string(), at: Instant };

/**
 * A line of a bank statement. Each ends `matched` (a payment was recorded, one recorded before confirmed, or it was booked
 * to an account), `ignored` with a reason, or waits: `suggested` for a yes, `queued` for a decision. Undoing a decision
 * puts it into the queue again.
 */
export const BankLine = z.discriminatedUnion('status', [
  z.strictObject({ ...line, status: z.literal('matched'), outcome: LineOutcome, ...decided }),
  z.strictObject({ ...line, status: z.literal('suggested'), match: LineMatch }),
  z.strictObject({ ...line, status: z.literal('queued') }),
  z.strictObject({ ...line, status: z.literal('ignored'), reason: z.string(), ...decided }),
]);
export type BankLine = z.infer<typeof BankLine>;

/** A line that somebody has to decide on. */
export type WaitingLine = Extract<BankLine, { status: 'suggested' | 'queued' }>;

/** Which entries of the books hold a line's money, by their source, and how much of it. Minor units. */
export function sourcesOf(bankLine: BankLine): { source: string; amount: number }[] {
  if (bankLine.status !== 'matched') return [];
  const { outcome, bankStatementId, entry } = bankLine;
  const own = lineName({ bankStatementId, line: entry.line });
  switch (outcome.kind) {
    case 'payment':
      return [{ source: outcome.paymentId, amount: entry.amount }];
    case 'batch':
      return [
        ...outcome.parts.map(({ paymentId, amount }) => ({ source: paymentId, amount })),
        ...(outcome.fee === undefined ? [] : [{ source: own, amount: -outcome.fee }]),
      ];
    case 'confirmation':
      return [
        { source: outcome.from ? own : (outcome.creditNoteId ?? outcome.paymentId), amount: entry.amount },
      ];
    case 'direct_debit':
    case 'booking':
      return [{ source: own, amount: entry.amount }];
    default:
      return outcome satisfies never;
  }
}
