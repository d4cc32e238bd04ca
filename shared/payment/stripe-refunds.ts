import Stripe from 'stripe';
import { DomainError } from '../kernel/errors.ts';
import type { RefundAnswer, RefundRequest } from './provider.ts';
import { toStripeAmount } from './stripe-amounts.ts';

/** Under this name a refund at Stripe bears our key: its events are then known as ours whenever they come. */
export const REFUND_KEY = 'refund';

/** Stripe's largest page. */
const PAGE = 100;

/**
 * Makes a refund, or finds the one that was made of it before. Two at the same moment are one by Stripe's own idempotency;
 * Stripe forgets that after a day, so it is looked for by its key among the refunds of the payment first.
 * @throws DomainError `provider_unavailable` where it is not known whether Stripe made it
 */
export async function refundAtStripe(stripe: Stripe, request: RefundRequest): Promise<RefundAnswer> {
  const { refundKey, providerPaymentId } = request;
  const amount = amountOf(request);
  if (typeof amount !== 'number') return amount;
  return answered(async () => {
    for await (const made of stripe.refunds.list({ payment_intent: providerPaymentId, limit: PAGE })) {
      if (made.metadata?.[REFUND_KEY] === refundKey) return made;
    }
    return stripe.refunds.create(
      {
        payment_intent: providerPaymentId,
        amount,
        metadata: { [REFUND_KEY]: refundKey },
      },
      { idempotencyKey: `refund-${refundKey}` },
    );
  });
}

/** What a refund has come to. @throws DomainError `provider_unavailable` */
export function askStripeAbout(stripe: Stripe, providerRefundId: string): Promise<RefundAnswer> {
  return answered(() => stripe.refunds.retrieve(providerRefundId));
}

/** What a state of Stripe's means here: `pending` and `requires_action` may end either way. */
export function refundStateOf(status: string | null | undefined): RefundAnswer['state'] {
  switch (status) {
    case 'succeeded':
      return 'succeeded';
    case 'failed':
    case 'canceled':
      return 'failed';
    default:
      return 'sent';
  }
}

/** Why a refund failed, in words. */
export const failureOf = (status: string | null | undefined, reason: string | null | undefined) =>
  `The refund ${status === 'canceled' ? 'was canceled' : 'failed'} at Stripe: ${(reason ?? 'no reason given').replaceAll('_', ' ')}`;

/** @returns the refusal where Stripe has no such amount */
function amountOf({ amount, currency }: RefundRequest): number | RefundAnswer {
  try {
    return toStripeAmount(amount, currency);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { state: 'failed', failure: 'Stripe takes no such fractions of the currency' };
  }
}

async function answered(call: () => Promise<Stripe.Refund>): Promise<RefundAnswer> {
  try {
    const { id, status, failure_reason: reason } = await call();
    const state = refundStateOf(status);
    return { state, providerRefundId: id, ...(state === 'failed' && { failure: failureOf(status, reason) }) };
  } catch (error) {
    if (isRefused(error)) return { state: 'failed', failure: `Stripe refuses the refund: ${error.message}` };
    if (error instanceof Stripe.errors.StripeError) {
      throw new DomainError('provider_unavailable', 'The payment provider does not answer.', {
        cause: error,
      });
    }
    throw error;
  }
}

/** Only what Stripe understood and will never do: anything else (a wrong key, two at once, its own trouble) may yet be. */
function isRefused(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.statusCode === 400 || error.statusCode === 404) &&
    error.code !== 'idempotency_key_in_use'
  );
}
