import * as z from 'zod';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/**
 * `pending`: the payer has not paid yet, or the money is on its way. `unknown`: the provider was asked and did not know,
 * or did not answer. `failed` and `succeeded` are for good, but for money that came after all.
 */
export const AttemptState = z.enum(['pending', 'succeeded', 'failed', 'unknown']);
export type AttemptState = z.infer<typeof AttemptState>;

/**
 * That a payer was sent to a provider to pay, by the key of the checkout: the provider's own id of the payment is known
 * only later. `amount` in minor units.
 */
export const PaymentAttempt = z.strictObject({
  provider: z.string(),
  checkoutKey: z.string(),
  invoiceId: InvoiceId,
  customerId: CustomerId,
  amount: Minor.min(1),
  /** How it is shared out, where several invoices are paid at once. */
  invoices: z
    .array(z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1) }))
    .min(2)
    .optional(),
  currency: Currency,
  state: AttemptState,
  /** The payer has done their part: bank debits take days. */
  processing: z.literal(true).optional(),
  sessionId: z.string().optional(),
  providerPaymentId: z.string().optional(),
  reason: z.string().optional(),
  startedAt: Instant,
  /** When the provider was asked last, and how often. */
  askedAt: Instant.optional(),
  asked: z.int().min(0),
  version: z.int().min(1),
});
export type PaymentAttempt = z.infer<typeof PaymentAttempt>;

/** When the provider is asked about attempts that nothing was heard of. */
export const PaymentPolicy = z.strictObject({
  /** Hours after the start, or after asking last. A page can be paid on for 24. */
  askAfterHours: z
    .int()
    .min(1)
    .max(24 * 30)
    .default(26),
});
export type PaymentPolicy = z.infer<typeof PaymentPolicy>;

export const paymentPolicy: PolicyDefinition<PaymentPolicy> = {
  name: 'payment',
  schema: PaymentPolicy,
  shipped: PaymentPolicy.parse({}),
};

/** How much is known. News that knows less than is known already changes nothing, in whatever order it comes. */
const certainty = { unknown: 0, pending: 1, failed: 2, succeeded: 3 } as const satisfies Record<
  AttemptState,
  number
>;

type News = {
  readonly state: Exclude<AttemptState, 'unknown'>;
  readonly processing?: true | undefined;
  readonly providerPaymentId?: string | undefined;
  readonly reason?: string | undefined;
};

/** The attempt after `news` of it; undefined where they say nothing new. */
export function advanceAttempt(attempt: PaymentAttempt, news: News): PaymentAttempt | undefined {
  if (certainty[news.state] < certainty[attempt.state]) return undefined;
  const { reason: before, ...rest } = attempt;
  const reason = news.state === 'failed' ? (before ?? news.reason) : undefined;
  const next = {
    ...rest,
    state: news.state,
    ...(news.processing && { processing: news.processing }),
    ...(news.providerPaymentId !== undefined && { providerPaymentId: news.providerPaymentId }),
    ...(reason !== undefined && { reason }),
  };
  const changed =
    next.state !== attempt.state ||
    next.processing !== attempt.processing ||
    next.providerPaymentId !== attempt.providerPaymentId;
  return changed ? { ...next, version: attempt.version + 1 } : undefined;
}

/** The attempt after the provider was asked at `at` and nothing new was learned. */
export function askedAbout(
  attempt: PaymentAttempt,
  answer: 'pending' | 'unknown',
  at: Instant,
): PaymentAttempt {
  const { asked, version } = attempt;
  return { ...attempt, state: answer, askedAt: at, asked: asked + 1, version: version + 1 };
}
