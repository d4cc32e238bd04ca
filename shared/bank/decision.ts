import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { CustomerId, DirectDebitId, PaymentId } from '../kernel/ids.ts';
import { MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Allocation, allocationList } from '../payment/payment.ts';
import { BookableAccount } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import type { LineMoney } from './record-line.ts';

/** Each is a payment with its account, books and fact: a transaction takes so many beside their invoices. */
const MAX_PARTS = 15;

const Reason = z.string().trim().min(3).max(500);
const Fee = Minor.min(1).max(MAX_AMOUNT);

const Allocations = allocationList(Allocation).default([]);

const Part = z.strictObject({
  customerId: CustomerId,
  amount: Minor.min(1).max(MAX_AMOUNT),
  allocations: Allocations,
});

/** What a person decides about a line. Minor units. */
export const Decision = z.union([
  /** As suggested. */
  z.strictObject({ accept: z.literal(true) }),
  /** One customer's money; the bank or processor kept `fee` of what was paid, so that is more than the line says. */
  z.strictObject({ customerId: CustomerId, allocations: Allocations, fee: Fee.optional() }),
  /** The money of several customers, each once, less what a processor kept of it. */
  z.strictObject({
    parts: z
      .array(Part)
      .min(1)
      .max(MAX_PARTS)
      .refine(
        (parts) => new Set(parts.map(({ customerId }) => customerId)).size === parts.length,
        'must name each customer once',
      ),
    fee: Fee.optional(),
  }),
  /** Of a payment recorded before or, where it went out, of a refund or return of it. */
  z.strictObject({ confirms: PaymentId }),
  /** A payment that the bank took back, and what it charged for that: it is reversed. */
  z.strictObject({ reverse: PaymentId, fee: Fee.optional() }),
  /** A processor's payout, or money on its way from or to another account of the company. */
  z.strictObject({ clearing: z.literal(true) }),
  /**
   * What a direct debit run collected, booked as one sum: of all of it, of one file or of one batch. Which, its amount
   * says; `batch` (its place in the run, from 1) where two are of the same.
   */
  z.strictObject({ settleRun: DirectDebitId, batch: z.int().min(1).max(200).optional() }),
  /** No customer's money. */
  z.strictObject({ post: BookableAccount, reason: Reason }),
  /** Nothing that belongs into these books. */
  z.strictObject({ ignore: Reason }),
]);
export type Decision = z.infer<typeof Decision>;

/** A batch as it is recorded: the fee is what its parts come to beyond the line. */
type Batch = { readonly monies: readonly LineMoney[]; readonly fee?: number };

/**
 * A line split into payments of several customers.
 * @throws DomainError `validation_failed` when the parts less the fee are not what the line says
 */
export function splitLine(
  entry: StatementEntry,
  { parts, fee }: Extract<Decision, { parts: unknown }>,
): Batch {
  const sum = parts.reduce((total, { amount }) => total + amount, 0) - (fee ?? 0);
  if (sum !== entry.amount) {
    throw new DomainError('validation_failed', 'The parts less the fee do not come to what the line says.', {
      issues: [{ path: 'parts', message: `must come to ${entry.amount} less the fee, not ${sum}` }],
    });
  }
  return { monies: parts, ...(fee !== undefined && { fee }) };
}

/** @throws DomainError `validation_failed` where money went out */
export function assertMoneyIn({ amount }: StatementEntry): void {
  if (amount > 0) return;
  throw new DomainError(
    'validation_failed',
    'This money went out. Confirm a refund, book it to an account or ignore it.',
    { issues: [{ path: '', message: 'is not possible for money that went out' }] },
  );
}
