import * as z from 'zod';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';

const FIVE_HUNDRED = 50_000;

/** Who may give money back alone. */
export const RefundPolicy = z.strictObject({
  /** Refunds above it need someone else's approval: minor units by currency; in one left out, all do. */
  approvalAbove: z
    .partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT))
    .prefault({ EUR: FIVE_HUNDRED, GBP: FIVE_HUNDRED, USD: FIVE_HUNDRED, CHF: FIVE_HUNDRED }),
});
export type RefundPolicy = z.infer<typeof RefundPolicy>;

/** Whether a refund needs someone else's approval. @param amount minor units */
export function needsApproval(
  { approvalAbove }: RefundPolicy,
  { amount, currency }: { readonly amount: number; readonly currency: Currency },
): boolean {
  const limit = approvalAbove[currency];
  return limit === undefined || amount > limit;
}
