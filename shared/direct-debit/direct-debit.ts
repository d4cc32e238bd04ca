import * as z from 'zod';
import { BankStatementId } from '../bank/bank-line.ts';
import { AchOriginator } from '../company/company.ts';
import { CustomerId, DirectDebitId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Sequence } from './mandate.ts';

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
  /** When the bank's refusal gave the invoice back: it stays in the file, and is not waited for. */
  releasedAt: Instant.optional(),
  /** The payment that the run's money made of it. */
  paymentId: PaymentId.optional(),
};

export const SepaItem = z.strictObject({
  ...collected,
  scheme: z.enum(['CORE', 'B2B']),
  sequence: Sequence,
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

/** An answer of the API holds no file of more: it is at most 6 MB. */
export const MAX_FILE_ITEMS = 5_000;

/**
 * What the bank books as one sum: a payment information of a SEPA file, a batch of an ACH file. Minor units.
 * `released` of `total` is what the bank refused before.
 */
export const DebitBatch = z.strictObject({
  /** Which of the run's files it is in, from 1. */
  file: z.int().min(1),
  scheme: z.enum(['CORE', 'B2B', 'CCD', 'PPD']),
  sequence: Sequence.optional(),
  count: z.int().min(1),
  total: Minor.min(1),
  released: Minor.min(0),
  /** The bank line that brought it, and whether each debit of it is a payment by now. */
  settlement: z
    .strictObject({
      bankStatementId: BankStatementId,
      line: z.int().min(1),
      on: CalendarDate,
      by: z.string(),
      at: Instant,
      done: z.boolean(),
    })
    .optional(),
  /** Its money came debit by debit, on bank lines of their own. */
  singly: z.literal(true).optional(),
});
export type DebitBatch = z.infer<typeof DebitBatch>;

const run = {
  directDebitId: DirectDebitId,
  /**
   * `collecting` until everything that is due is in it, `ready` for the bank, `settling` while the bank's sum becomes
   * payments, `settled`; `cancelling` until every invoice is given back, `cancelled`.
   */
  status: z.enum(['collecting', 'ready', 'settling', 'settled', 'cancelling', 'cancelled']),
  /** The day the accounts are debited. */
  collectOn: CalendarDate,
  currency: Currency,
  count: z.int().min(1),
  total: Minor.min(1),
  batches: z.array(DebitBatch),
  createdAt: Instant,
  createdBy: z.string(),
  /** Why it is cancelled, and by whom. */
  cancelled: z.strictObject({ reason: z.string(), by: z.string() }).optional(),
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
    /** Whether the bank is asked to book each payment information as one sum. */
    batchBooking: z.boolean(),
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

export type DebitItem = SepaItem | AchItem;

/** In which of the run's files its debit `ordinal` is, from 1. */
export const fileOf = (ordinal: number): number => Math.ceil(ordinal / MAX_FILE_ITEMS);

/** Whether a debit of the run's file `file` is in the batch. */
export function isOfBatch(
  batch: Pick<DebitBatch, 'file' | 'scheme' | 'sequence'>,
  item: Pick<DebitItem, 'scheme'> & { sequence?: SepaItem['sequence'] },
  file: number,
): boolean {
  return batch.file === file && batch.scheme === item.scheme && batch.sequence === item.sequence;
}

/** The run's batches once `items` follow the `before` debits in it. */
export function withItems(
  batches: readonly DebitBatch[],
  items: readonly DebitItem[],
  before: number,
): DebitBatch[] {
  const next = batches.map((batch) => ({ ...batch }));
  for (const [index, item] of items.entries()) {
    const file = fileOf(before + index + 1);
    const batch = next.find((each) => isOfBatch(each, item, file));
    if (batch) {
      batch.count += 1;
      batch.total += item.amount;
      continue;
    }
    const { scheme, amount } = item;
    const sequence = 'sequence' in item ? { sequence: item.sequence } : {};
    next.push({ file, scheme, ...sequence, count: 1, total: amount, released: 0 });
  }
  return next;
}

/** The run as far as it is in its file `file`: what that adds up to. */
export function partOf<R extends DirectDebit>(run: R, file: number): R {
  const own = run.batches.filter((batch) => batch.file === file);
  const count = own.reduce((sum, batch) => sum + batch.count, 0);
  return { ...run, count, total: own.reduce((sum, { total }) => sum + total, 0) };
}

/** How many files the run has. */
export const filesOf = ({ count }: Pick<DirectDebit, 'count'>): number => fileOf(count);
