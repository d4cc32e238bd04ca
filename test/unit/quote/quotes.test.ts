import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { quoteIssuedMail } from '#shared/mail/templates/quote-issued.ts';
import { Quote } from '#shared/quote/quote.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { factsIn, react, request } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const bea = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;
const olga = { sub: 'olga', name: 'Olga', roles: ['customer'], customerId: 'cus_quayside' } as const;
const sue = { sub: 'sue', name: 'Sue', roles: ['sales'] } as const;

let company: Trading;
beforeEach(async () => {
  company = trading();
  const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  for (const customerId of ['cus_harbour', 'cus_quayside']) {
    const body = { name: customerId, email: 'a@b.example', address, currency: 'GBP', creditLimit: 1_000_000 };
    await company.done('putCustomer', { params: { customerId }, body, at });
  }
  await price(1_250);
  await company.done('recordStockMovement', {
    params: { sku: 'MUG' },
    body: { quantity: 40, reason: 'came' },
    at,
  });
});

const price = (GBP: number) =>
  company.done('putProduct', { params: { sku: 'MUG' }, body: { description: 'Mug', prices: { GBP } }, at });
const issue = (more: object = {}) =>
  company.ask('issueQuote', {
    body: {
      customerId: 'cus_harbour',
      currency: 'GBP',
      validUntil: '2026-03-31',
      lines: [
        { sku: 'MUG', quantity: 10, unitPrice: 1_000, discount: { percent: '10' } },
        { sku: 'MUG', quantity: 2 },
      ],
      ...more,
    },
    as: sue,
    at,
  });
const quoted = async (more: object = {}): Promise<string> => (await issue(more)).json.quoteId;
const accept = (quoteId: string, options: object = {}) =>
  company.ask('acceptQuote', { params: { quoteId }, body: {}, as: bea, at, ...options });
const decline = (quoteId: string) =>
  company.ask('declineQuote', { params: { quoteId }, body: { reason: 'too dear' }, as: bea, at });
const orders = () => company.table.items(({ PK, SK }) => PK.startsWith('ord_') && SK === 'HEAD');
const stock = async () => (await company.done('getProduct', { params: { sku: 'MUG' }, at })).stock;

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('a quote', () => {
  it('says what an order would be, at prices that hold, and reserves nothing', async () => {
    const { status, json } = await issue({ note: 'As spoken.' });
    expect([status, json]).toMatchObject([
      201,
      {
        status: 'issued',
        validUntil: '2026-03-31',
        note: 'As spoken.',
        order: {
          lines: [
            { sku: 'MUG', quantity: 10, unitPrice: 1_000, discount: { percent: '10' } },
            { sku: 'MUG', quantity: 2, unitPrice: 1_250 },
          ],
        },
        totals: { net: 11_500, tax: 2_300, gross: 13_800 },
      },
    ]);
    expect([await stock(), orders()]).toMatchObject([{ available: 40 }, []]);
    await expectInvariants();
  });

  it('becomes an order at its prices when it is accepted, whatever they are by then', async () => {
    const quoteId = await quoted();
    await price(9_999);
    const { status, json } = await accept(quoteId, { body: { poNumber: 'PO-7' } });
    expect([status, json.status]).toEqual([201, 'accepted']);
    expect(await company.done('getOrder', { params: { orderId: json.orderId } })).toMatchObject({
      status: 'confirmed',
      channel: 'quote',
      source: { kind: 'quote', id: quoteId },
      poNumber: 'PO-7',
      totals: { net: 11_500, gross: 13_800 },
    });
    expect((await accept(quoteId)).json).toMatchObject({
      code: 'quote_not_open',
      detail: `The quote was accepted and is order ${json.orderId}.`,
    });
    expect((await decline(quoteId)).json.code).toBe('quote_not_open');
    await expectInvariants();
  });

  it('accepted twice at once is one order, and the same request again is answered alike', async () => {
    const quoteId = await quoted();
    const answers = await Promise.all([accept(quoteId), accept(quoteId)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(orders()).toHaveLength(1);
    const other = await quoted({ lines: [{ sku: 'MUG', quantity: 1 }] });
    const headers = { 'idempotency-key': 'accept-other' };
    const first = await accept(other, { headers });
    const again = await accept(other, { headers });
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect(orders()).toHaveLength(2);
    await expectInvariants();
  });

  it('whose last day is over has expired, and stays so', async () => {
    const quoteId = await quoted({ validUntil: '2026-03-04' });
    const status = async (when: string) =>
      (await company.done('getQuote', { params: { quoteId }, as: bea, at: when })).status;
    expect([await status('2026-03-04T23:59:00.000Z'), await status('2026-03-05T00:00:00.000Z')]).toEqual([
      'issued',
      'expired',
    ]);
    const late = await accept(quoteId, { at: '2026-03-05T09:00:00.000Z' });
    expect([late.json.code, orders()]).toEqual(['quote_not_open', []]);
    expect((await issue({ validUntil: '2026-03-02' })).status).toBe(422);
  });

  it('stays open where its goods are gone, and can be declined', async () => {
    const quoteId = await quoted({ lines: [{ sku: 'MUG', quantity: 41 }] });
    expect((await accept(quoteId)).json.code).toBe('insufficient_stock');
    expect((await decline(quoteId)).json).toMatchObject({ status: 'declined', reason: 'too dear' });
    expect((await accept(quoteId)).json.code).toBe('quote_not_open');
    await expectInvariants();
  });

  it('is the customer’s own, and only sales issue it', async () => {
    const quoteId = await quoted();
    expect((await company.ask('getQuote', { params: { quoteId }, as: olga, at })).status).toBe(404);
    expect((await accept(quoteId, { as: olga })).status).toBe(404);
    expect((await company.done('listQuotes', { as: olga, at })).items).toEqual([]);
    expect((await company.done('listQuotes', { as: bea, at })).items).toMatchObject([{ quoteId }]);
    const body = { customerId: 'cus_harbour', currency: 'GBP', validUntil: '2026-03-31', lines: [] };
    expect((await company.ask('issueQuote', { body, as: bea, at })).status).toBe(403);
  });

  it.each(Array.from({ length: 8 }, (_, index) => index + 1))(
    'whose acceptance is killed at await %i is one order or none',
    async (nth) => {
      const quoteId = await quoted();
      const mortal = company.table.client();
      mortal.faults.crashAtAwait(nth, nth % 2 === 0 ? 'after' : 'before');
      const call = { params: { quoteId }, body: {}, headers: { 'idempotency-key': 'once' }, as: bea, at };
      await request(mortal, 'acceptQuote', call).catch(() => {});
      const { status } = await request(company.table, 'acceptQuote', call);
      expect([status, orders().length]).toEqual([201, 1]);
      for (const fact of factsIn(company.table))
        if (fact.type === 'order.placed') await react(company.table, fact);
      await expectInvariants();
    },
  );
});

describe('the mail that brings a quote', () => {
  it.each([
    ['en', 'Our quote over GBP 138.00, valid until 31 March 2026', '10 × MUG'],
    ['de', 'Unser Angebot über GBP 138,00, gültig bis 31. März 2026', 'je GBP 10,00'],
  ] as const)('says what, for how much and until when: %s', async (language, subject, words) => {
    const quoteId = await quoted();
    const item = company.table.items(({ PK, SK }) => PK === quoteId && SK === 'HEAD')[0];
    const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, ...quote } = item ?? { PK: '', SK: '' };
    const mail = quoteIssuedMail({
      company: aCompany(),
      to: aCustomer({ language }),
      quote: Quote.parse(quote),
    });
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(words);
  });
});
