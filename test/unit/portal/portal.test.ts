import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { groupedReference } from '#shared/invoice/creditor-reference.ts';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { loadOpenItem, loadOpenItems, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { portalLink } from '#shared/portal/portal-link.ts';
import { loadOpenAdvices } from '#shared/remittance/advice-store.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer, anAccount } from '#test/builders/customer.ts';
import { type RequestOptions, send } from '#test/builders/http-event.ts';
import { anInvoice, anOpenItem, INVOICE_ID } from '#test/builders/invoice.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { invoiceIdOf, openInvoice } from '#test/builders/open-invoice.ts';
import { oweOneInvoice } from '#test/builders/owed-invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';
const PUBLIC_URL = 'https://api.example.com';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SECRET),
}));
vi.mock('#shared/document/render-client.ts', () => ({
  documentRenderer: () => (request: { id: string }) =>
    Promise.resolve({
      outcome: 'rendered',
      contentType: 'application/pdf',
      filename: `${request.id}.pdf`,
      base64: 'JVBERg==',
    }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
vi.stubEnv('PUBLIC_URL', PUBLIC_URL);

const pay = await import('../../../functions/http/pay.ts');
const sandbox = await import('../../../functions/webhooks/sandbox-provider.ts');
const webhook = await import('../../../functions/webhooks/payment-webhook.ts');

const NOON = '2026-04-04T12:00:00.000Z';
const harbour = CustomerId.parse('cus_harbour');
const second = invoiceIdOf(2);
const foreign = invoiceIdOf(3);

/** cus_harbour owes GBP 60.00, two days overdue, and GBP 100.00; cus_acme owes another GBP 100.00. */
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await oweOneInvoice(table);
  const items = [openInvoice(2, { customerId: 'cus_harbour', dueOn: '2026-04-20' }), openInvoice(3)];
  await commit(table, [
    ...items.map((item) => saveOpenItem(item, 'absent')),
    { do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } },
    { do: 'put', item: { ...keys.customer('cus_acme'), ...aCustomer({ customerId: 'cus_acme' }) } },
    { do: 'put', item: { ...keys.account('cus_harbour'), ...anAccount({ receivable: 16_000 }) } },
  ]);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const urlOf = (customerId = harbour, until = '2026-05-19') =>
  portalLink(PUBLIC_URL, SECRET, { customerId, until: CalendarDate.parse(until) });
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const token = tokenOf(urlOf());
const open = (opened = token, at = NOON) =>
  send(pay.handler, 'openPortal', { params: { token: opened }, at });
const choose = (by: string, invoices: readonly string[], options: RequestOptions = {}) =>
  send(pay.handler, 'choosePortalPayment', {
    params: { token },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams([['by', by], ...invoices.map((id): [string, string] => [id, 'on'])]).toString(),
    at: NOON,
    ...options,
  });
const balances = async () =>
  Object.fromEntries(
    (await loadOpenItems(table, [InvoiceId.parse(INVOICE_ID), second, foreign])).map((item) => [
      item.number,
      item.balance,
    ]),
  );

describe('a link to the payer portal', () => {
  const ask = (options: RequestOptions = {}) =>
    send(pay.handler, 'createPayerLink', {
      params: { customerId: 'cus_harbour' },
      as: { roles: ['finance'] },
      at: NOON,
      ...options,
    });

  it('is made by staff, for 45 days', async () => {
    const answer = await ask();
    expect(answer.json).toEqual({ url: urlOf(), expiresOn: '2026-05-19' });
    expect((await ask()).json).toEqual(answer.json);
    expect((await ask({ as: { roles: ['customer'], customerId: 'cus_harbour' } })).status).toBe(403);
    expect((await ask({ params: { customerId: 'cus_none' } })).json).toMatchObject({
      code: 'customer_not_found',
    });
  });

  it('opens nothing once its last day is over, nor when anything of it was changed', async () => {
    expect((await open(token, '2026-05-19T22:00:00.000Z')).status).toBe(200);
    const signature = token.slice(token.lastIndexOf('.') + 1);
    const wrong = [
      [token, '2026-05-20T12:00:00.000Z'],
      [`cus_acme.2026-05-19.${signature}`, NOON],
      [`cus_harbour.2027-05-19.${signature}`, NOON],
      [`${token}x`, NOON],
      [token.slice(0, -1), NOON],
      ['cus_harbour', NOON],
    ] as const;
    for (const [bad, at] of wrong) {
      const answer = await open(bad, at);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('Harbour');
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    }
  });
});

describe('the payer portal', () => {
  it('lists what is open, what is overdue and what may be taken off, and is not cached', async () => {
    const discount = { until: '2026-04-10', amount: 200, tax: 0 };
    await commit(table, [
      saveOpenItem(
        openInvoice(2, { customerId: 'cus_harbour', dueOn: '2026-04-20', discount, version: 2 }),
        1,
      ),
    ]);
    const { status, headers, text } = await open();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none';.*form-action 'self' https:;.*frame-ancestors 'none'$/,
      ),
    });
    for (const shown of [
      'From Albion Gifts to Harbour Books Ltd',
      'Invoice INV-2026-000001',
      'due 2 April 2026',
      '2 days overdue',
      'GBP 98.00',
      'GBP 2.00 taken off for paying by 10 April 2026',
      'All of them together: GBP 158.00',
      `href="/portal/${token}/invoices/${INVOICE_ID}"`,
    ])
      expect(text).toContain(shown);
    expect(text).not.toContain('<script');
  });

  it('shows nothing of another customer, and pays nothing of it', async () => {
    const before = await balances();
    expect((await open()).text).not.toContain('INV-2026-000003');
    const answer = await choose('transfer', [foreign]);
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain('INV-2026-000003');
    const mixed = await choose('transfer', [foreign, second]);
    expect(mixed.text).not.toContain('INV-2026-000003');
    expect(mixed.text).toContain('GBP 100.00');
    expect(await balances()).toEqual(before);
    const { customerId: _own, ...rest } = anInvoice();
    const other = { ...rest, invoiceId: foreign, number: 'INV-2026-000003', customerId: 'cus_acme' };
    await table.write({ do: 'put', item: { ...keys.invoice(foreign), ...other } });
    const file = (invoiceId: string) =>
      send(pay.handler, 'getPortalInvoice', { params: { token, invoiceId }, at: NOON });
    expect((await file(INVOICE_ID)).headers['content-type']).toBe('application/pdf');
    expect((await file(foreign)).status).toBe(404);
  });

  it('says so where nothing is open', async () => {
    await commit(table, [
      saveOpenItem(anOpenItem({ status: 'paid', version: 2 }), 1),
      saveOpenItem(openInvoice(2, { customerId: 'cus_acme', version: 2 }), 1),
    ]);
    expect((await open()).text).toContain('Nothing is open. Thank you!');
  });

  it("speaks the customer's language, and writes a name as text", async () => {
    const german = aCustomer({ language: 'de', name: '<b>Hafen & Söhne</b>' });
    await table.write({ do: 'put', item: { ...keys.customer('cus_harbour'), ...german } });
    const { text } = await open();
    expect(text).toContain('<html lang="de">');
    expect(text).toContain('seit 2 Tagen überfällig');
    expect(text).toContain('&lt;b&gt;Hafen &amp; Söhne&lt;/b&gt;');
  });
});

/** An open item as the matching sees it. */
function candidateOf({ invoiceId, number, customerId, currency, balance, issuedOn, dueOn }: OpenItem) {
  return { invoiceId, number, customerId, currency, balance, issuedOn, dueOn };
}

describe('a choice to transfer', () => {
  it('gets a reference of its own, and is an advice that the matching finds', async () => {
    const answer = await choose('transfer', [INVOICE_ID, second]);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('GBP 160.00');
    const reference = /RF\d\d(?: \d{4}){4} P/.exec(answer.text)?.[0].replaceAll(' ', '');
    expect(reference).toMatch(/^RF\d{18}P$/);
    expect(await loadOpenAdvices(table, { on: CalendarDate.parse('2026-04-05') })).toMatchObject([
      {
        customerId: 'cus_harbour',
        currency: 'GBP',
        total: 16_000,
        reference,
        invoices: [
          { invoiceId: INVOICE_ID, amount: 6_000 },
          { invoiceId: second, amount: 10_000 },
        ],
      },
    ]);
  });

  it.each([
    ['as the structured reference', (reference: string) => ({ text: '', creditorReference: reference })],
    ['in its text', (reference: string) => ({ text: `Zahlung ${groupedReference(reference)} danke` })],
  ])('matches itself by the reference %s', async (_, saying) => {
    await choose('transfer', [second]);
    const on = CalendarDate.parse('2026-04-05');
    const advices = await loadOpenAdvices(table, { on });
    const items = await loadOpenItems(table, [InvoiceId.parse(INVOICE_ID), second, foreign]);
    const candidates = new MemoryCandidates({ items: items.map(candidateOf), payers: [], advices });
    const matcher = new StatementMatcher(candidates, {
      version: 'shipped-1',
      policy: MatchingPolicy.parse({}),
    });
    const line = { line: 1, bookedOn: on, amount: 10_000, currency: Currency.parse('GBP') };
    const match = await matcher.match({ ...line, ...saying(advices[0]?.reference ?? '') });
    expect(match).toMatchObject({
      outcome: 'posted',
      customerId: 'cus_harbour',
      allocations: [{ invoiceId: second, amount: 10_000 }],
    });
  });

  it('is one advice, however often it is sent, and another where it is another', async () => {
    const first = await choose('transfer', [INVOICE_ID, second]);
    const [one, two] = await Promise.all([
      choose('transfer', [second, INVOICE_ID], { at: '2026-04-04T13:00:00.000Z' }),
      choose('transfer', [INVOICE_ID, second]),
    ]);
    expect([one?.text, two?.text]).toEqual([first.text, first.text]);
    await choose('transfer', [second]);
    expect(await loadOpenAdvices(table, { on: CalendarDate.parse('2026-04-05') })).toHaveLength(2);
  });

  it('has a code for banking apps where the account takes euros', async () => {
    expect((await choose('transfer', [second])).text).not.toContain('<svg');
    for (const item of [anOpenItem({ currency: Currency.parse('EUR'), version: 2 })])
      await commit(table, [saveOpenItem(item, 1)]);
    const { text } = await choose('transfer', [INVOICE_ID]);
    expect(text).toContain('<svg class="code" role="img" aria-label="Code for banking apps');
  });

  it.each([
    ['nothing', []],
    ['what was paid meanwhile', [INVOICE_ID]],
  ])('of %s asks to choose again', async (_, invoices) => {
    await commit(table, [saveOpenItem(anOpenItem({ status: 'paid', version: 2 }), 1)]);
    const answer = await choose('transfer', invoices);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Choose at least one invoice.');
    expect(answer.text).toContain('role="alert"');
  });

  it.each([
    ['another way to pay', 'cash', []],
    ['a field that is no invoice', 'transfer', ['amount']],
  ])('refuses %s', async (_, by, invoices) => {
    expect((await choose(by, invoices)).status).toBe(422);
    expect(await loadOpenAdvices(table, { on: CalendarDate.parse('2026-04-05') })).toEqual([]);
  });
});

describe('a choice to pay online', () => {
  const connect = () => {
    vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string>; body: string }) => {
      const { headers, body } = init;
      return send(webhook.handler, 'receiveSandboxWebhook', { headers, body, at: NOON });
    });
  };
  const sessionOf = async (invoices: readonly string[]) => {
    const answer = await choose('online', invoices);
    expect(answer.status).toBe(303);
    return tokenOf(String(answer.headers['location']));
  };
  const submit = (session: string) =>
    send(sandbox.handler, 'submitSandboxCheckout', {
      params: { session },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'action=pay',
      at: NOON,
    });

  it('of several invoices is one payment, shared out as it was chosen, once', async () => {
    connect();
    const session = await sessionOf([INVOICE_ID, second]);
    const shown = await send(sandbox.handler, 'showSandboxCheckout', { params: { session }, at: NOON });
    expect(shown.text).toContain('Pay GBP 160.00');
    expect(shown.text).toContain('INV-2026-000001 (GBP 60.00), INV-2026-000002 (GBP 100.00)');
    const paid = await submit(session);
    expect([paid.status, paid.headers['location']]).toEqual([303, urlOf()]);
    await submit(session);
    expect(await balances()).toEqual({
      'INV-2026-000001': 0,
      'INV-2026-000002': 0,
      'INV-2026-000003': 10_000,
    });
    const payments = table.items().filter(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
    expect(payments).toMatchObject([{ amount: 16_000, unapplied: 0, method: 'card' }]);
  });

  it('gives each invoice no more than is owed on it when the money comes', async () => {
    connect();
    const session = await sessionOf([INVOICE_ID, second]);
    await commit(table, [saveOpenItem(anOpenItem({ balance: 1_000, version: 2 }), 1)]);
    await submit(session);
    expect(await loadOpenItem(table, second)).toMatchObject({ balance: 0 });
    const payments = table.items().filter(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
    expect(payments).toMatchObject([{ amount: 16_000, unapplied: 5_000 }]);
  });

  it('of one invoice is the same payment as by its own link', async () => {
    connect();
    const link = payLink(PUBLIC_URL, SECRET, InvoiceId.parse(INVOICE_ID));
    const opened = await send(pay.handler, 'openPaymentLink', { params: { token: tokenOf(link) }, at: NOON });
    await submit(await sessionOf([INVOICE_ID]));
    await submit(tokenOf(String(opened.headers['location'])));
    const payments = table.items().filter(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
    expect(payments).toMatchObject([{ amount: 6_000, unapplied: 0 }]);
  });
});
