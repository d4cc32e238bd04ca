import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { loadAttempt } from '#shared/payment/attempt-store.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '../../builders/company.ts';
import { send } from '../../builders/http-event.ts';
import { anInvoice, anOpenItem, INVOICE_ID } from '../../builders/invoice.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { oweOneInvoice } from '../../builders/owed-invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';
const PUBLIC_URL = 'https://api.example.com';
const invoiceId = InvoiceId.parse(INVOICE_ID);

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SECRET),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
vi.stubEnv('PUBLIC_URL', PUBLIC_URL);

const payments = await import('../../../functions/http/payments.ts');
const pay = await import('../../../functions/http/pay.ts');
const sandbox = await import('../../../functions/webhooks/sandbox-provider.ts');
const webhook = await import('../../../functions/webhooks/payment-webhook.ts');

/** Noon is one o'clock in London, in summer time. */
const NOON = '2026-03-31T12:00:00.000Z';

const finance = { name: 'finance@example.com', roles: ['finance'] } as const;
const customer = { roles: ['customer'], customerId: 'cus_harbour' } as const;

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await oweOneInvoice(table);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const owed = async () => (await loadOpenItem(table, invoiceId))?.balance;

describe('the payment link', () => {
  const open = (token: string, at = NOON) => send(pay.handler, 'openPaymentLink', { params: { token }, at });
  const link = payLink(PUBLIC_URL, SECRET, invoiceId);
  const token = link.slice(link.lastIndexOf('/') + 1);
  const sessionAt = async (at = NOON) =>
    String((await open(token, at)).headers['location'])
      .split('/')
      .at(-1) ?? '';

  const submit = (session: string, action: string, at = NOON) =>
    send(sandbox.handler, 'submitSandboxCheckout', {
      params: { session },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ action }).toString(),
      base64: true,
      at,
    });

  /** What the sandbox sends reaches our webhook, at the same moment. */
  const connect = (at = NOON) => {
    const delivered: string[] = [];
    vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string>; body: string }) => {
      expect(url).toBe('https://api.example.com/webhooks/payments/sandbox');
      delivered.push(init.body);
      const { headers, body } = init;
      return send(webhook.handler, 'receiveSandboxWebhook', { headers, body, at });
    });
    return delivered;
  };

  it("leads to the provider's page for what is owed", async () => {
    const answer = await open(token);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toMatch(
      /^https:\/\/api\.example\.com\/sandbox\/checkout\/[\w-]+\.[\w-]{43}$/,
    );
    const shown = await send(sandbox.handler, 'showSandboxCheckout', {
      params: { session: await sessionAt() },
    });
    expect(shown.status).toBe(200);
    expect(shown.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const text of ['Albion Gifts', 'INV-2026-000001', 'Pay GBP 60.00'])
      expect(shown.text).toContain(text);
  });

  it('is a page with status 404 when it is not ours', async () => {
    const before = table.items();
    for (const bad of ['nonsense', `${token}x`, `${INVOICE_ID}.AAAA`]) {
      const answer = await open(bad);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    }
    expect(table.items()).toEqual(before);
  });

  it('pays the invoice, and then says so', async () => {
    connect();
    const answer = await submit(await sessionAt(), 'pay');
    expect([answer.status, answer.headers['location']]).toEqual([303, link]);
    expect(await owed()).toBe(0);
    const back = await open(token);
    expect(back.status).toBe(200);
    expect(back.text).toContain('Invoice INV-2026-000001 is settled');
  });

  it("says so in the customer's language", async () => {
    const buyer = { ...anInvoice().buyer, language: 'de' };
    const item = { ...keys.invoice(INVOICE_ID), ...anInvoice(), buyer };
    await table.write({ do: 'put', item });
    connect();
    await submit(await sessionAt(), 'pay');
    expect((await open(token)).text).toContain('<html lang="de">');
  });

  it('charges once when its page is submitted twice, or opened in two tabs', async () => {
    connect();
    const [one, other] = [await sessionAt(), await sessionAt('2026-03-31T12:01:00.000Z')];
    await Promise.all([submit(one, 'pay'), submit(one, 'pay'), submit(other, 'pay')]);
    const list = await send(payments.handler, 'listPayments', { as: customer });
    expect(list.json['items']).toMatchObject([{ amount: 6_000, unapplied: 0, method: 'card' }]);
  });

  it('asks only for what is left, and keeps what an old page brings in beside it', async () => {
    connect();
    const old = await sessionAt();
    await send(payments.handler, 'recordPayment', {
      as: finance,
      headers: { 'idempotency-key': 'k-1' },
      body: JSON.stringify({
        customerId: 'cus_harbour',
        method: 'cash',
        currency: 'GBP',
        amount: 5_000,
        allocations: [{ invoiceId: INVOICE_ID, amount: 5_000 }],
      }),
    });
    const shown = await send(sandbox.handler, 'showSandboxCheckout', {
      params: { session: await sessionAt() },
    });
    expect(shown.text).toContain('Pay GBP 10.00');
    expect((await submit(old, 'pay')).status).toBe(303);
    const list = await send(payments.handler, 'listPayments', { as: customer });
    const cards = list.json['items'];
    expect(cards).toContainEqual(
      expect.objectContaining({ method: 'card', amount: 6_000, unapplied: 5_000 }),
    );
  });

  it('takes the discount off while it lasts, and settles the invoice with the rest', async () => {
    const item = anOpenItem({ discount: { until: '2026-03-31', amount: 120, tax: 20 } });
    await table.write({ do: 'put', item: { ...keys.openItem(invoiceId), ...item } });
    const shown = async (at: string) => {
      const session = await sessionAt(at);
      return (await send(sandbox.handler, 'showSandboxCheckout', { params: { session }, at })).text;
    };
    expect(await shown('2026-04-01T09:00:00.000Z')).toContain('Pay GBP 60.00');
    const page = await shown(NOON);
    expect(page).toContain('Pay GBP 58.80');
    expect(page).toContain('<dt>Taken off for paying early</dt><dd>GBP 1.20</dd>');
    connect();
    await submit(await sessionAt(), 'pay');
    expect(await owed()).toBe(0);
  });

  it('leaves the invoice owed when the payer declines', async () => {
    const delivered = connect();
    const answer = await submit(await sessionAt(), 'decline');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Payment declined');
    expect(answer.text).toContain(`href="${link}"`);
    expect(delivered).toEqual([expect.stringContaining('"type":"payment.failed"')]);
    expect(await owed()).toBe(6_000);
    expect(await loadAttempt(table, 'sandbox', `${INVOICE_ID}.1`)).toMatchObject({ state: 'failed' });
  });

  it('pays after all when the payer declined first', async () => {
    connect();
    const session = await sessionAt();
    await submit(session, 'decline');
    await submit(session, 'pay');
    expect(await owed()).toBe(0);
  });

  it('charges nothing when we can not be told', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ status: 400 }));
    const answer = await submit(await sessionAt(), 'pay');
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('nothing was charged');
    expect(await owed()).toBe(6_000);
  });

  it('holds its amount for an hour, then starts again', async () => {
    const delivered = connect();
    const session = await sessionAt();
    const late = await submit(session, 'pay', '2026-03-31T13:00:00.000Z');
    expect(late.text).toContain('This page has expired');
    expect(delivered).toEqual([]);
  });

  it.each([
    ['another action', 'refund', 422],
    ['no action', '', 422],
  ])('refuses %s', async (_, action, status) => {
    const delivered = connect();
    expect((await submit(await sessionAt(), action)).status).toBe(status);
    expect(delivered).toEqual([]);
  });

  it('knows no session it did not open', async () => {
    expect((await submit('e30.AAAA', 'pay')).status).toBe(404);
  });
});
