import { beforeEach, describe, expect, it, vi } from 'vitest';
import { factOfItem } from '#shared/fact/fact.ts';
import { PaymentId } from '#shared/kernel/ids.ts';
import { Instant } from '#shared/kernel/time.ts';
import { loadPayment } from '#shared/payment/payment-store.ts';
import { loadRefundsOf } from '#shared/payment/provider-refund-store.ts';
import { SIGNATURE_HEADER, signWebhook } from '#shared/payment/sandbox-events.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '../../builders/company.ts';
import { send } from '../../builders/http-event.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { oweOneInvoice } from '../../builders/owed-invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';
const NOON = Instant.parse('2026-03-31T12:00:00.000Z');

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SECRET),
}));
vi.mock('#shared/http/log-line.ts', () => ({ logLine: () => {}, errorFields: () => ({}) }));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
vi.stubEnv('PUBLIC_URL', 'https://api.example.com');
vi.stubEnv('PAYMENT_PROVIDER', 'sandbox');

const webhook = await import('../../../functions/webhooks/payment-webhook.ts');
const payments = await import('../../../functions/http/payments.ts');
const sender = await import('../../../functions/events/send-refund.ts');
const settle = await import('../../../functions/schedule/settle-payments.ts');

const receive = (body: string, signature: string) =>
  send(webhook.handler, 'receiveSandboxWebhook', {
    headers: { [SIGNATURE_HEADER]: signature },
    body,
    at: NOON,
  });
const tell = (type: string, data: object) => {
  const body = JSON.stringify({ id: 'evt_1', type, created: NOON, data: { paymentId: 'sbx_1', ...data } });
  return receive(body, signWebhook(body, SECRET, NOON));
};

type Post = (
  url: string,
  init: { body: string; headers: Record<string, string> },
) => Promise<{ status: number | undefined }>;

let paymentId: PaymentId;
const payment = () => loadPayment(table, paymentId);
const refunds = () => loadRefundsOf(table, paymentId);
const fact = () =>
  table
    .items(({ PK, SK }) => PK === paymentId && SK === keys.fact(PK, '000002').SK)
    .map(({ PK: _pk, SK: _sk, ...item }) => factOfItem(item))[0];

/** GBP 90.00 for an invoice of 60.00, of which 10.00 are given back. */
beforeEach(async () => {
  table = memoryTable();
  await oweOneInvoice(table);
  await tell('payment.succeeded', { invoiceId: INVOICE_ID, amount: 9_000, currency: 'GBP' });
  const [head] = table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
  paymentId = PaymentId.parse(head?.PK);
  await send(payments.handler, 'refundPayment', {
    as: { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] },
    params: { paymentId },
    body: { amount: 1_000, reason: 'Paid too much' },
    headers: { 'idempotency-key': 'refund-1' },
    at: NOON,
  });
});

describe('a refund of what the sandbox collected', () => {
  const deliver = () =>
    vi.fn<Post>(async (url, { body, headers }) => {
      expect(url).toBe('https://api.example.com/webhooks/payments/sandbox');
      return { status: (await receive(body, headers[SIGNATURE_HEADER] ?? '')).status };
    });

  it('comes back signed at its own webhook, and is taken of the payment once', async () => {
    const post = deliver();
    vi.stubGlobal('fetch', post);
    await sender.handler({ detail: fact() });
    await sender.handler({ detail: fact() });
    expect(post).toHaveBeenCalledTimes(1);
    expect(await refunds()).toMatchObject([{ state: 'succeeded', provider: 'sandbox', amount: 1_000 }]);
    expect(await payment()).toMatchObject({ refunded: 1_000, unapplied: 2_000 });
  });

  it('is undone when the sandbox tells that it failed', async () => {
    vi.stubGlobal('fetch', deliver());
    await sender.handler({ detail: fact() });
    const [{ providerRefundId: effectId } = {}] = await refunds();
    const data = { effectId, amount: 1_000, currency: 'GBP', reason: 'Account closed' };
    expect((await tell('refund.failed', data)).json).toEqual({ result: 'applied' });
    expect(await refunds()).toMatchObject([{ state: 'failed', failure: 'Account closed' }]);
    expect(await payment()).toMatchObject({ unapplied: 3_000 });
  });

  it('that the webhook did not take is sent again the next morning', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ status: 400 }));
    await expect(sender.handler({ detail: fact() })).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(await refunds()).toMatchObject([{ state: 'unknown' }]);
    const post = vi.fn<Post>(() => Promise.resolve({ status: 200 }));
    vi.stubGlobal('fetch', post);
    await settle.handler({ scheduledTime: '2026-04-01T04:00:00Z' });
    expect(post).toHaveBeenCalledTimes(1);
    expect(await refunds()).toMatchObject([{ state: 'sent' }]);
    // Its webhook never came: the sandbox says that it is done.
    await settle.handler({ scheduledTime: '2026-04-02T04:00:00Z' });
    expect(await refunds()).toMatchObject([{ state: 'succeeded' }]);
  });
});
