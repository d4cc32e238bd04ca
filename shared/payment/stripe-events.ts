import * as z from 'zod';
import { InvoiceId } from '../kernel/ids.ts';
import { Currency } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import type { AttemptAnswer, PaymentEffect, ProviderEvent, RefundEvent, WebhookHeaders } from './provider.ts';
import { fromStripeAmount } from './stripe-amounts.ts';
import { failureOf, REFUND_KEY, refundStateOf } from './stripe-refunds.ts';
import { checkSignature, eventAs, parseWebhook } from './webhook-signature.ts';

// None is strict: Stripe adds fields without asking.
const Event = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  data: z.object({ object: z.unknown() }),
});
/** An object, or its id where it was not expanded. */
const Reference = z
  .union([z.string(), z.object({ id: z.string() })])
  .transform((reference) => (typeof reference === 'string' ? reference : reference.id))
  .nullish();
const Code = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(Currency);
/** Ours, where the checkout was. */
const Metadata = z.object({ key: z.string(), invoiceId: InvoiceId });

const Session = z.object({
  id: z.string(),
  status: z.enum(['open', 'complete', 'expired']).nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  payment_intent: Reference,
  amount_total: z.int().nullish(),
  currency: z.string().nullish(),
  metadata: z.unknown(),
});
const Intent = z.object({
  id: z.string(),
  amount: z.int(),
  amount_received: z.int().nullish(),
  currency: z.string(),
  metadata: z.unknown(),
});
const Refund = z.object({
  id: z.string(),
  status: z.string().nullish(),
  amount: z.int().min(1),
  currency: Code,
  payment_intent: Reference,
  reason: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const Dispute = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int().min(1),
  currency: Code,
  payment_intent: Reference,
  reason: z.string(),
  balance_transactions: z
    .array(z.object({ id: z.string(), fee: z.int(), currency: z.string() }))
    .nullish()
    .catch(undefined),
});

/** Reads a webhook of Stripe; see `PaymentProvider.readWebhook`. */
export function readStripeWebhook(
  { body, headers }: { body: string; headers: WebhookHeaders },
  { secret, at }: { secret: string; at: Instant },
): ProviderEvent {
  checkSignature(headers['stripe-signature'], body, secret, at);
  const { id, type, data } = eventAs(Event, parseWebhook(body));
  return eventOf(id, type, data.object) ?? { type: 'other', eventId: id, name: type };
}

/**
 * What an event means here; undefined for what is of no interest. A card that was declined is not: the payer tries
 * again on the same page, and only the end of the page ends the attempt.
 */
function eventOf(eventId: string, type: string, object: unknown): ProviderEvent | undefined {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return sessionNews(eventId, object);
    case 'checkout.session.async_payment_failed':
      return sessionNews(eventId, object, 'payment_failed');
    case 'payment_intent.processing':
      return intentNews(eventId, object, 'payment_pending');
    case 'payment_intent.succeeded':
      return intentNews(eventId, object, 'payment_succeeded');
    case 'payment_intent.canceled':
      return intentNews(eventId, object, 'payment_failed');
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return refundOf(eventId, object);
    case 'charge.dispute.created':
      // An inquiry (`warning_…`) takes no money; if it comes to that, `funds_withdrawn` follows.
      return disputeOf(eventId, object, 'charge_back', (status) => !status.startsWith('warning_'));
    case 'charge.dispute.funds_withdrawn':
      return disputeOf(eventId, object, 'charge_back', () => true);
    case 'charge.dispute.funds_reinstated':
      return disputeOf(eventId, object, 'charge_back_won', () => true);
    case 'charge.dispute.closed':
      return disputeOf(eventId, object, 'charge_back_won', (status) => status === 'won');
    default:
      return undefined;
  }
}

/** What the state of a checkout page says of its payment; undefined where it is not one of ours, or not paid on yet. */
export function sessionNews(eventId: string, object: unknown, outcome?: 'payment_failed'): AttemptAnswer {
  const session = eventAs(Session, object);
  const common = commonOf(eventId, session, session.amount_total, session.currency);
  if (!common) return undefined;
  const { payment_intent: intent, status } = session;
  if (outcome || status === 'expired') {
    return {
      type: 'payment_failed',
      ...common,
      ...(intent && { providerPaymentId: intent }),
      reason: status === 'expired' ? 'expired' : 'failed',
    };
  }
  if (!intent) return undefined;
  const type = session.payment_status === 'paid' ? 'payment_succeeded' : 'payment_pending';
  return { type, ...common, providerPaymentId: intent };
}

function intentNews(
  eventId: string,
  object: unknown,
  type: 'payment_pending' | 'payment_succeeded' | 'payment_failed',
): AttemptAnswer {
  const intent = eventAs(Intent, object);
  const counted = type === 'payment_succeeded' ? intent.amount_received : intent.amount;
  const common = commonOf(eventId, intent, counted, intent.currency);
  return common && { type, ...common, providerPaymentId: intent.id };
}

function commonOf(
  eventId: string,
  { metadata }: { metadata?: unknown },
  counted: number | null | undefined,
  code: string | null | undefined,
) {
  const ours = Metadata.safeParse(metadata).data;
  const currency = Code.safeParse(code).data;
  if (!ours || !currency || !counted) return undefined;
  const { key: checkoutKey, invoiceId } = ours;
  return { eventId, checkoutKey, invoiceId, amount: fromStripeAmount(counted, currency), currency };
}

function refundOf(eventId: string, object: unknown): RefundEvent | undefined {
  const refund = eventAs(Refund, object);
  const { id, status, amount, currency, payment_intent: intent, reason, metadata } = refund;
  if (!intent) return undefined;
  const state = refundStateOf(status);
  const key = z.string().safeParse(metadata?.[REFUND_KEY]).data;
  return {
    type: 'refund_news',
    eventId,
    ...(key !== undefined && { refundKey: key }),
    providerRefundId: id,
    providerPaymentId: intent,
    state,
    amount: fromStripeAmount(amount, currency),
    currency,
    reason:
      state === 'failed'
        ? failureOf(status, refund.failure_reason)
        : `Refunded at Stripe: ${words(reason ?? 'no reason given')}`,
  };
}

function disputeOf(
  eventId: string,
  object: unknown,
  kind: 'charge_back' | 'charge_back_won',
  counts: (status: string) => boolean,
): PaymentEffect | undefined {
  const told = eventAs(Dispute, object);
  const { id, status, amount, currency, payment_intent: intent, reason } = told;
  if (!intent || !counts(status)) return undefined;
  // A fee in another currency, where Stripe changes money, is not one of this payment's amounts.
  const fees = (told.balance_transactions ?? []).flatMap((moved) =>
    moved.fee !== 0 && moved.currency.toUpperCase() === currency
      ? [{ id: moved.id, kept: fromStripeAmount(moved.fee, currency) }]
      : [],
  );
  return {
    type: 'payment_effect',
    eventId,
    kind,
    effectId: id,
    providerPaymentId: intent,
    amount: fromStripeAmount(amount, currency),
    currency,
    reason: `Charged back by the payer's bank: ${words(reason)}`,
    ...(fees.length > 0 && { fees }),
  };
}

const words = (code: string) => code.replaceAll('_', ' ');
