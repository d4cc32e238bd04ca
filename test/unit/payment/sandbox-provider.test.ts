import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DomainError } from '#shared/kernel/errors.ts';
import { Instant } from '#shared/kernel/time.ts';
import { type Delivery, deliverWebhook } from '#shared/payment/deliver-webhook.ts';
import { CheckoutRequest } from '#shared/payment/provider.ts';
import { sandboxEvent, signWebhook } from '#shared/payment/sandbox-events.ts';
import { checkoutPage, declinedPage, expiredPage, undeliveredPage } from '#shared/payment/sandbox-page.ts';
import { sandboxProvider } from '#shared/payment/sandbox-provider.ts';
import {
  openSession,
  readSession,
  type SandboxSession,
  sandboxPaymentId,
} from '#shared/payment/sandbox-session.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';
const at = Instant.parse('2026-03-31T12:00:00.000Z');
/** `at` in Unix seconds. */
const NOON = 1_774_958_400;

const request = CheckoutRequest.parse({
  key: `${INVOICE_ID}.1`,
  invoiceId: INVOICE_ID,
  customerId: 'cus_harbour',
  number: 'INV-2026-000001',
  amount: 123_450,
  currency: 'GBP',
  payee: 'Albion Gifts',
  customerName: 'Harbour Books Ltd',
  returnUrl: 'https://api.example.com/pay/token',
});
const session: SandboxSession = { ...request, expiresAt: Instant.parse('2026-03-31T13:00:00.000Z') };

const code = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    return error instanceof DomainError ? error.code : error;
  }
  return undefined;
};

describe('a checkout of the sandbox', () => {
  it('carries all its page needs in its address, for an hour', async () => {
    const access = { publicUrl: 'https://api.example.com', secret: SECRET, at };
    const { url } = await sandboxProvider.createCheckout(request, access);
    const token = url.replace('https://api.example.com/sandbox/checkout/', '');
    expect(token).toMatch(/^[\w.-]+$/);
    expect(readSession(token, SECRET)).toEqual(session);
  });

  it('keeps names in any script', () => {
    const token = openSession({ ...request, payee: 'Größe & Søn 株式会社' }, SECRET, at);
    expect(readSession(token, SECRET)?.payee).toBe('Größe & Søn 株式会社');
  });

  it('does not exist when its address was tampered with', () => {
    const token = openSession(request, SECRET, at);
    const [, signature = ''] = token.split('.');
    const cheaper = Buffer.from(JSON.stringify({ ...session, amount: 1 })).toString('base64url');
    expect(readSession(`${cheaper}.${signature}`, SECRET)).toBeUndefined();
    expect(readSession(`${token}A`, SECRET)).toBeUndefined();
    expect(readSession('nonsense', SECRET)).toBeUndefined();
  });

  it('makes one payment per key, whenever it was opened', () => {
    const later = { ...session, expiresAt: Instant.parse('2026-04-05T13:00:00.000Z') };
    expect(sandboxPaymentId(later, SECRET)).toBe(sandboxPaymentId(session, SECRET));
    expect(sandboxPaymentId({ key: `${INVOICE_ID}.2` }, SECRET)).not.toBe(sandboxPaymentId(session, SECRET));
  });
});

describe('the hosted page', () => {
  it('shows who is paid, for what and how much, and says that it is a sandbox', () => {
    const html = checkoutPage(session);
    for (const text of [
      'Sandbox',
      'Albion Gifts',
      'INV-2026-000001',
      'Harbour Books Ltd',
      'Pay GBP 1,234.50',
    ]) {
      expect(html).toContain(text);
    }
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<form method="post">');
  });

  it('escapes everything', () => {
    const evil: SandboxSession = {
      ...session,
      number: '"><script>alert(1)</script>',
      payee: '<img src=x onerror=alert(1)>',
      customerName: "O'Neill & Sons <b>",
      returnUrl: 'https://api.example.com/?a="><script>',
    };
    for (const html of [checkoutPage(evil), declinedPage(evil), expiredPage(evil), undeliveredPage(evil)]) {
      expect(html).not.toMatch(/<script|<img|<b>/);
    }
    expect(checkoutPage(evil)).toContain('O&#39;Neill &amp; Sons &lt;b&gt;');
  });
});

describe('a webhook of the sandbox', () => {
  const body = JSON.stringify(sandboxEvent('payment.succeeded', session, SECRET, at));
  const read = (header: string | undefined, delivered = body, moment = at) =>
    sandboxProvider.readWebhook(
      { body: delivered, headers: { 'sandbox-signature': header } },
      { secret: SECRET, at: moment },
    );
  /** As the README tells anyone to sign. */
  const signed = (text: string, seconds = NOON, secret = SECRET) =>
    `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')}`;

  it('is signed as documented', () => {
    expect(signWebhook(body, SECRET, at)).toBe(signed(body));
  });

  it('tells of a payment', () => {
    expect(read(signed(body))).toEqual({
      type: 'payment_succeeded',
      eventId: expect.stringMatching(/^evt_[\w-]{43}$/),
      providerPaymentId: sandboxPaymentId(session, SECRET),
      invoiceId: INVOICE_ID,
      amount: 123_450,
      currency: 'GBP',
      checkoutKey: `${INVOICE_ID}.1`,
    });
    const failed = JSON.stringify(sandboxEvent('payment.failed', session, SECRET, at));
    expect(read(signed(failed), failed)).toMatchObject({ type: 'payment_failed', amount: 123_450 });
  });

  it.each([
    ['payment.charged_back', 'charge_back'],
    ['charge_back.won', 'charge_back_won'],
  ])('tells what became of a payment: %s', (type, kind) => {
    const data = { paymentId: 'sbx_1', effectId: 'x_1', amount: 500, currency: 'GBP', reason: 'A reason' };
    const told = JSON.stringify({ id: 'evt_1', type, data });
    expect(read(signed(told), told)).toEqual({
      type: 'payment_effect',
      eventId: 'evt_1',
      kind,
      effectId: 'x_1',
      providerPaymentId: 'sbx_1',
      amount: 500,
      currency: 'GBP',
      reason: 'A reason',
    });
  });

  it.each([
    ['payment.refunded', 'succeeded'],
    ['refund.failed', 'failed'],
  ])('tells what became of a refund, and by which key it was asked for: %s', (type, state) => {
    const data = { paymentId: 'sbx_1', effectId: 'x_1', amount: 500, currency: 'GBP', reason: 'A reason' };
    const told = JSON.stringify({ id: 'evt_1', type, data: { ...data, refundKey: 'pay_1.000002' } });
    expect(read(signed(told), told)).toEqual({
      type: 'refund_news',
      eventId: 'evt_1',
      refundKey: 'pay_1.000002',
      providerRefundId: 'x_1',
      providerPaymentId: 'sbx_1',
      state,
      amount: 500,
      currency: 'GBP',
      reason: 'A reason',
    });
  });

  it('may bear the signature of an old secret beside the new one', () => {
    expect(read(`${signed(body)},v1=${'0'.repeat(64)}`)).toMatchObject({ type: 'payment_succeeded' });
    expect(read(`t=${NOON},v1=${'0'.repeat(64)},${signed(body)}`)).toMatchObject({
      type: 'payment_succeeded',
    });
  });

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['nonsense', 'hello'],
    ['no time', `v1=${createHmac('sha256', SECRET).update(`NaN.${body}`).digest('hex')}`],
    ['another secret', signed(body, NOON, 'another-secret-that-is-long-enough-too')],
    ['another body', signed(body.replace('123450', '1'))],
    ['another time than was signed', signed(body).replace(String(NOON), String(NOON + 1))],
    ['an age of more than five minutes', signed(body, NOON - 301)],
    ['a time more than five minutes ahead', signed(body, NOON + 301)],
  ])('is refused with %s', (_, header) => {
    expect(code(() => read(header))).toBe('signature_invalid');
  });

  it('may be five minutes under way, and no longer', () => {
    expect(read(signed(body, NOON - 300))).toMatchObject({ type: 'payment_succeeded' });
    const late = Instant.parse('2026-03-31T12:05:00.001Z');
    expect(code(() => read(signed(body), body, late))).toBe('signature_invalid');
  });

  it('may be of a kind, or have fields, that nobody here knows', () => {
    const other = '{"id":"evt_1","type":"payout.paid","livemode":false}';
    expect(read(signed(other), other)).toEqual({ type: 'other', eventId: 'evt_1', name: 'payout.paid' });
    const more = JSON.stringify({ ...JSON.parse(body), livemode: false });
    expect(read(signed(more), more)).toMatchObject({ type: 'payment_succeeded' });
  });

  it('is refused when it is signed and makes no sense', () => {
    expect(code(() => read(signed('{'), '{'))).toBe('malformed_json');
    const negative = body.replace('123450', '-1');
    expect(code(() => read(signed(negative), negative))).toBe('validation_failed');
    expect(code(() => read(signed('[]'), '[]'))).toBe('validation_failed');
  });
});

describe('delivering a webhook', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const event = sandboxEvent('payment.succeeded', session, SECRET, at);
  const deliver = async (post: Delivery['post']) => {
    const url = 'https://api.example.com/webhooks/payments/sandbox';
    const delivered = deliverWebhook(event, { url, secret: SECRET, at, post });
    await vi.runAllTimersAsync();
    return delivered;
  };
  const answers = (...statuses: (number | 'unreachable')[]) => {
    const left = [...statuses];
    return vi.fn<Delivery['post']>(() => {
      const status = left.shift() ?? 500;
      return status === 'unreachable'
        ? Promise.reject(new TypeError('fetch failed'))
        : Promise.resolve({ status });
    });
  };

  it('sends the very bytes that it signed', async () => {
    const post = answers(200);
    expect(await deliver(post)).toBe(200);
    const [url, init] = post.mock.calls[0] ?? [];
    expect(url).toBe('https://api.example.com/webhooks/payments/sandbox');
    expect(init).toMatchObject({
      method: 'POST',
      body: JSON.stringify(event),
      headers: { 'sandbox-signature': signWebhook(JSON.stringify(event), SECRET, at) },
    });
  });

  it('tries again three times where the receiver fails or is not there, with the same event', async () => {
    const post = answers(503, 'unreachable', 500, 200);
    expect(await deliver(post)).toBe(200);
    expect(new Set(post.mock.calls.map(([, init]) => init.body)).size).toBe(1);
    const dead = answers('unreachable', 'unreachable', 'unreachable', 'unreachable', 200);
    expect(await deliver(dead)).toBeUndefined();
    expect(dead).toHaveBeenCalledTimes(4);
  });

  it('does not insist where the receiver refuses', async () => {
    const post = answers(400, 200);
    expect(await deliver(post)).toBe(400);
    expect(post).toHaveBeenCalledTimes(1);
  });
});
