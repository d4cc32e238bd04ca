import * as z from 'zod';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { logLine } from '#shared/http/log-line.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { Instant } from '#shared/kernel/time.ts';
import { deliverWebhook } from '#shared/payment/deliver-webhook.ts';
import * as api from '#shared/payment/payment-api.ts';
import { sandboxEvent } from '#shared/payment/sandbox-events.ts';
import { checkoutPage, declinedPage, expiredPage, undeliveredPage } from '#shared/payment/sandbox-page.ts';
import { readSession, type SandboxSession } from '#shared/payment/sandbox-session.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';

const publicUrl = z.url().parse(process.env['PUBLIC_URL']);
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

const show = operation(api.showSandboxCheckout, async ({ params, at }) => {
  const session = sessionOf(params.session, await secretOf());
  return { html: isOver(session, at) ? expiredPage(session) : checkoutPage(session) };
});

const submit = operation(api.submitSandboxCheckout, async ({ params, body, at }) => {
  const secret = await secretOf();
  const session = sessionOf(params.session, secret);
  if (isOver(session, at)) return { status: 200, html: expiredPage(session) };

  const type = body.action === 'pay' ? 'payment.succeeded' : 'payment.failed';
  const event = sandboxEvent(type, session, secret, at);
  const url = new URL('/webhooks/payments/sandbox', publicUrl).href;
  const status = await deliverWebhook(event, { url, secret, at, post: fetch });
  if (status === undefined || status >= 300) {
    logLine('ERROR', 'webhook not delivered', { eventId: event.id, invoiceId: session.invoiceId, status });
    return { status: 502, html: undeliveredPage(session) };
  }
  return body.action === 'pay'
    ? { headers: { location: session.returnUrl } }
    : { status: 200, html: declinedPage(session) };
});

export const handler = httpFunction(undefined, [show, submit]);

function sessionOf(token: string, secret: string): SandboxSession {
  const session = readSession(token, secret);
  if (session) return session;
  throw new DomainError(
    'payment_link_invalid',
    'There is no such checkout. Open the payment link of the invoice again.',
  );
}

function isOver(session: SandboxSession, at: Instant): boolean {
  return at >= session.expiresAt;
}
