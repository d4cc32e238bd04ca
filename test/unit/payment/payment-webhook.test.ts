import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aCompany } from '../../builders/company.ts';
import { send } from '../../builders/http-event.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { oweOneInvoice } from '../../builders/owed-invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SECRET),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));

const webhook = await import('../../../functions/webhooks/payment-webhook.ts');

/** Noon is one o'clock in London, in summer time. */
const NOON = '2026-03-31T12:00:00.000Z';
const NOON_SECONDS = 1_774_958_400;

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await oweOneInvoice(table);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('POST /webhooks/payments/sandbox', () => {
  const body = (overrides: Record<string, unknown> = {}, type = 'payment.succeeded') =>
    JSON.stringify({
      id: 'evt_1',
      type,
      created: '2026-03-31T12:00:00.000Z',
      data: { paymentId: 'sbx_1', invoiceId: INVOICE_ID, amount: 6_000, currency: 'GBP', ...overrides },
    });
  const signed = (text: string, seconds = NOON_SECONDS, secret = SECRET) =>
    `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')}`;
  const post = (text: string, signature = signed(text)) =>
    send(webhook.handler, 'receiveSandboxWebhook', {
      headers: { 'sandbox-signature': signature },
      body: text,
      at: NOON,
    });

  it.each([
    ['forged', body(), signed(body(), NOON_SECONDS, 'another-secret-that-is-long-enough-too')],
    ['signed for another body', body({ amount: 1 }), signed(body())],
    ['six minutes old', body(), signed(body(), NOON_SECONDS - 360)],
    ['unsigned', body(), ''],
  ])('refuses what is %s, and writes nothing', async (_, text, signature) => {
    const before = table.items();
    const answer = await post(text, signature);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'signature_invalid' });
    expect(table.items()).toEqual(before);
  });

  it('answers 200 to every repetition', async () => {
    expect((await post(body())).json).toEqual({ result: 'applied' });
    const before = table.items();
    expect((await post(body())).json).toEqual({ result: 'repeated' });
    expect(table.items()).toEqual(before);
  });

  it('notes failed payments and ignores what it does not know, writing nothing', async () => {
    const before = table.items();
    const failed = await post(body({}, 'payment.failed'));
    expect([failed.status, failed.json]).toEqual([200, { result: 'noted' }]);
    const other = await post('{"id":"evt_9","type":"payout.paid"}');
    expect([other.status, other.json]).toEqual([200, { result: 'ignored' }]);
    expect(table.items()).toEqual(before);
  });

  it('asks to be told again while the table is not to be had', async () => {
    table.faults.throttle(1);
    expect((await post(body())).status).toBe(503);
    expect((await post(body())).json).toEqual({ result: 'applied' });
  });
});
