import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { ProviderEvent, WebhookHeaders } from './provider.ts';
import { type SandboxSession, sandboxPaymentId } from './sandbox-session.ts';
import { sameText, sign, webhookDigest, webhookSignature } from './signature.ts';

/** The header that bears the signature: `t=<unix seconds>,v1=<hex>`, as Stripe's does. */
export const SIGNATURE_HEADER = 'sandbox-signature';

/** A signature older (or newer) than this may be a replay. */
const TOLERANCE_SECONDS = 300;

// Not strict: a provider adds fields without asking.
const Envelope = z.object({ id: z.string().min(1), type: z.string().min(1) });
const PaymentEvent = Envelope.extend({
  type: z.enum(['payment.succeeded', 'payment.failed']),
  created: Instant,
  data: z.object({
    paymentId: z.string().min(1).max(200),
    invoiceId: InvoiceId,
    invoices: z
      .array(z.object({ invoiceId: InvoiceId, amount: Minor.min(1).max(MAX_AMOUNT) }))
      .min(2)
      .max(40)
      .optional(),
    amount: Minor.min(1).max(MAX_AMOUNT),
    currency: Currency,
  }),
});
export type SandboxEvent = z.infer<typeof PaymentEvent>;

/** What the sandbox tells of a payer's choice. A second submission is another event of the same payment. */
export function sandboxEvent(
  type: SandboxEvent['type'],
  session: SandboxSession,
  secret: string,
  at: Instant,
): SandboxEvent {
  const { invoiceId, amount, currency } = session;
  const invoices = session.invoices?.map((share) => ({ invoiceId: share.invoiceId, amount: share.amount }));
  const paymentId = sandboxPaymentId(session, secret);
  const id = `evt_${sign('sandbox-event', secret, `${paymentId} ${type} ${at}`)}`;
  return {
    id,
    type,
    created: at,
    data: { paymentId, invoiceId, ...(invoices && { invoices }), amount, currency },
  };
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
  const json = parseJson(body);
  const { id: eventId, type } = parsed(Envelope, json);
  if (!PaymentEvent.shape.type.safeParse(type).success) return { type: 'other', eventId, name: type };
  const event = parsed(PaymentEvent, json);
  const { paymentId: providerPaymentId, invoiceId, invoices, amount, currency } = event.data;
  const outcome = { eventId, providerPaymentId, invoiceId, ...(invoices && { invoices }), amount, currency };
  switch (event.type) {
    case 'payment.succeeded':
      return { type: 'payment_succeeded', ...outcome };
    case 'payment.failed':
      return { type: 'payment_failed', ...outcome };
    default:
      return event.type satisfies never;
  }
}

function checkSignature(header: string | undefined, body: string, secret: string, at: Instant): void {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('='));
  const seconds = Number(parts.find(([name]) => name === 't')?.[1] ?? Number.NaN);
  const digest = webhookDigest(secret, seconds, body);
  // Several v1 are legal: while a secret is being replaced, a provider signs with the old and the new.
  if (!parts.some(([name, value]) => name === 'v1' && sameText(value ?? '', digest))) {
    throw new DomainError(
      'signature_invalid',
      'The signature does not match the body. Sign "t.body" with the shared secret.',
    );
  }
  const age = Math.abs(Date.parse(at) / 1000 - seconds);
  if (!(age <= TOLERANCE_SECONDS)) {
    throw new DomainError(
      'signature_invalid',
      `The signature is more than ${TOLERANCE_SECONDS} seconds away from now. Sign each delivery anew.`,
    );
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new DomainError('malformed_json', 'The body is not JSON.', { cause });
  }
}

function parsed<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new DomainError('validation_failed', 'The event is not one that was agreed on.', { issues });
}
