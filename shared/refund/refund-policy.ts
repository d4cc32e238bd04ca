import * as z from 'zod';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';
import { MAX_WINDOW_DAYS } from './refunds-given.ts';

const FIVE_HUNDRED = 50_000;

/** Who may give money back alone, and what the bank is sent. */
export const RefundPolicy = z.strictObject({
  /**
   * What a customer may get back within `windowDays` without someone else's approval, refunds that wait included: minor
   * units by currency; in one left out, all refunds need it.
   */
  approvalAbove: z
    .partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT))
    .prefault({ EUR: FIVE_HUNDRED, GBP: FIVE_HUNDRED, USD: FIVE_HUNDRED, CHF: FIVE_HUNDRED }),
  /** Calendar days that are added up, the day of the refund included. */
  windowDays: z.int().min(1).max(MAX_WINDOW_DAYS).default(30),
  /** The message that the bank takes for credit transfers; most have moved to .09. */
  message: z.enum(['pain.001.001.03', 'pain.001.001.09']).default('pain.001.001.09'),
});
export type RefundPolicy = z.infer<typeof RefundPolicy>;

export const refundPolicy: PolicyDefinition<RefundPolicy> = {
  name: 'refunds',
  schema: RefundPolicy,
  shipped: RefundPolicy.parse({}),
};

/**
 * Whether a refund needs someone else's approval.
 * @param given what the customer got back or waits for within the window, without this refund; all minor units
 */
export function needsApproval(
  { approvalAbove }: RefundPolicy,
  { amount, currency }: { readonly amount: number; readonly currency: Currency },
  given: number,
): boolean {
  const limit = approvalAbove[currency];
  return limit === undefined || given + amount > limit;
}
