import * as z from 'zod';
import { InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { ProviderEvent, RefundRequest, WebhookHeaders } from './provider.ts';
import { type SandboxSession, sandboxPaymentId } from './sandbox-session.ts';
import { sign, webhookSignature } from './signature.ts';
import { checkSignature, eventAs, parseWebhook } from './webhook-signature.ts';

/** The header that bears the signature: `t=<unix seconds>,v1=<hex>`, as Stripe's does. */
export const SIGNATURE_HEADER = 'sandbox-signature';

// Not strict: a provider adds fields without asking.
const Envelope = z.object({ id: z.string().min(1), type: z.string().min(1) });
const PaymentEvent = Envelope.extend({
  type: z.enum(['payment.succeeded', 'payment.failed', 'payment.pending']),
  created: Instant,
  data: z.object({
    paymentId: z.string().min(1).max(200),
    invoiceId: InvoiceId,
    amount: Minor.min(1).max(MAX_AMOUNT),
    currency: Currency,
    checkoutKey: z.string().max(120).optional(),
  }),
});
/**
 * What becomes of a payment later. The sandbox tells that it made a refund it was asked for; of the others it sends none:
 * sign one to see it.
 */
const EffectEvent = Envelope.extend({
  type: z.enum(['payment.refunded', 'refund.failed', 'payment.charged_back', 'charge_back.won']),
  data: z.object({
    paymentId: z.string().min(1).max(200),
    /** Of the refund or the dispute. */
    effectId: z.string().min(1).max(200),
    amount: Minor.min(1).max(MAX_AMOUNT),
    currency: Currency,
    reason: z.string().min(1).max(500),
    /** Of the refund, where the sandbox was asked for it. */
    refundKey: z.string().max(200).optional(),
    /** What the sandbox keeps for a dispute, or below zero gives back of it. */
    fees: z.array(z.object({ id: z.string().min(1).max(200), kept: Minor })).optional(),
  }),
});
type EffectEvent = z.infer<typeof EffectEvent>;
export type SandboxEvent = z.infer<typeof PaymentEvent>;

/** What the sandbox tells of a payer's choice. A second submission is another event of the same payment. */
export function sandboxEvent(
  type: SandboxEvent['type'],
  session: SandboxSession,
  secret: string,
  at: Instant,
): SandboxEvent {
  const { invoiceId, amount, currency, key: checkoutKey } = session;
  const paymentId = sandboxPaymentId(session, secret);
  const id = `evt_${sign('sandbox-event', secret, `${paymentId} ${type} ${at}`)}`;
  return { id, type, created: at, data: { paymentId, invoiceId, amount, currency, checkoutKey } };
}

/** The sandbox's id of a refund: one per key, however often it is asked for. */
export function sandboxRefundId(refundKey: string, secret: string): string {
  return `sbx_re_${sign('sandbox-refund', secret, refundKey)}`;
}

/** What the sandbox tells once it has made a refund. */
export function sandboxRefundEvent(request: RefundRequest, secret: string): EffectEvent {
  const { refundKey, providerPaymentId: paymentId, amount, currency, reason } = request;
  const effectId = sandboxRefundId(refundKey, secret);
  const id = `evt_${sign('sandbox-event', secret, effectId)}`;
  return { id, type: 'payment.refunded', data: { paymentId, effectId, amount, currency, reason, refundKey } };
}

/** The value of {@link SIGNATURE_HEADER} for `body` sent at `at`. */
export function signWebhook(body: string, secret: string, at: Instant): string {
  return webhookSignature(secret, at, body);
}

/** Reads a webhook of the sandbox; see `PaymentProvider.readWebhook`. */
export function readSandboxWebhook(
  { body, headers }: { body: string; headers: WebhookHeaders },
  { secret, at }: { secret: string; at: Instant },
): ProviderEvent {
  checkSignature(headers[SIGNATURE_HEADER], body, secret, at);
  const json = parseWebhook(body);
  const { id: eventId, type } = eventAs(Envelope, json);
  if (EffectEvent.shape.type.safeParse(type).success) {
    const { type: told, data } = eventAs(EffectEvent, json);
    const { paymentId: providerPaymentId, refundKey, fees, ...effect } = data;
    if (told === 'payment.refunded' || told === 'refund.failed') {
      const { effectId: providerRefundId, ...refund } = effect;
      const state = told === 'refund.failed' ? 'failed' : 'succeeded';
      return {
        type: 'refund_news',
        eventId,
        refundKey,
        providerRefundId,
        providerPaymentId,
        state,
        ...refund,
      };
    }
    return { type: 'payment_effect', eventId, kind: effectKindOf[told], providerPaymentId, ...effect, fees };
  }
  if (!PaymentEvent.shape.type.safeParse(type).success) return { type: 'other', eventId, name: type };
  const event = eventAs(PaymentEvent, json);
  const { paymentId: providerPaymentId, ...outcome } = event.data;
  return { type: outcomeOf[event.type], eventId, providerPaymentId, ...outcome };
}

const outcomeOf = {
  'payment.succeeded': 'payment_succeeded',
  'payment.failed': 'payment_failed',
  'payment.pending': 'payment_pending',
} as const satisfies Record<SandboxEvent['type'], ProviderEvent['type']>;

const effectKindOf = {
  'payment.charged_back': 'charge_back',
  'charge_back.won': 'charge_back_won',
} as const;
