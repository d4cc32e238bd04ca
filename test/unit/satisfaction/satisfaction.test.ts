import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { shipmentMail } from '#shared/mail/shipment-mail-store.ts';
import { Asked } from '#shared/satisfaction/satisfaction.ts';
import { readSatisfactionToken, satisfactionLink } from '#shared/satisfaction/satisfaction-link.ts';
import { aCompany } from '#test/builders/company.ts';
import { factsIn } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-30T15:00:00.000Z';
const secret = 'a-secret-of-this-test-that-is-long-enough';
const url = 'https://api.example.com';
const asked = Asked.parse({ subject: 'ord_01kqzj8v7m3n5p9r2s4t6w8x0y', customerId: 'cus_harbour' });
const resolved = Asked.parse({ subject: 'cas_01kqzj8v7m3n5p9r2s4t6w8x0y', customerId: 'cus_harbour' });

let company: Trading;
beforeEach(async () => {
  company = trading();
  const body = {
    name: 'Harbour Books',
    email: 'a@b.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 1_000_000,
  };
  await company.done('putCustomer', { params: { customerId: 'cus_harbour' }, body, at });
});

const tokenOf = (about: Asked) =>
  new URL(satisfactionLink(url, secret, about, 4)).pathname.split('/')[2] ?? '';
const ask = (token = tokenOf(asked), query: Record<string, string> = { score: '4' }) =>
  company.ask('askSatisfaction', { params: { token }, query, at });
const answer = (form: string, about: Asked = asked, when = at) =>
  company.ask('answerSatisfaction', {
    params: { token: tokenOf(about) },
    body: form,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    at: when,
  });
const figures = (month?: string) =>
  company.done('getSatisfaction', { ...(month && { query: { month } }), at });

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('the question how satisfied a customer is', () => {
  it('is answered by one button; opening the link, as programs do that look at mails, records nothing', async () => {
    const before = company.table.items();
    const page = await ask();
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('How was your delivery?');
    expect(page.text).toContain('<button class="primary" name="score" value="4">4 · Satisfied</button>');
    expect(page.text.match(/<button/g)).toHaveLength(5);
    expect(page.text).not.toContain('<script');
    expect(company.table.items()).toEqual(before);
    const thanked = await answer('score=2&comment=Box%20was%20wet%20%3Cb%3E');
    expect([thanked.status, thanked.text.includes('Thank you!')]).toEqual([200, true]);
    expect(thanked.text).toContain('Box was wet &lt;b&gt;');
    await expectInvariants();
  });

  it('counts once, with what it was changed to, for the day it was first answered', async () => {
    await answer('score=2');
    await answer('score=2');
    await answer('score=5', asked, '2026-04-02T10:00:00.000Z');
    await answer('score=1', resolved);
    expect(await figures('2026-03')).toEqual({
      month: '2026-03',
      all: { answers: 2, average: '3.00', dissatisfied: 1 },
      kinds: {
        delivery: { answers: 1, average: '5.00', dissatisfied: 0 },
        resolution: { answers: 1, average: '1.00', dissatisfied: 1 },
      },
    });
    expect((await figures('2026-04')).all).toEqual({ answers: 0, dissatisfied: 0 });
    expect((await figures()).month).toBe('2026-03');
    expect(factsIn(company.table).filter(({ type }) => type === 'satisfaction.answered')).toHaveLength(3);
    await expectInvariants();
  });

  it('can’t be changed after a month, and keeps the comment where only the score is', async () => {
    await answer('score=4&comment=Fine');
    await answer('score=3');
    const late = await answer('score=1', asked, '2026-05-01T15:00:00.000Z');
    expect(late.text).toContain('You said: Neither');
    expect(late.text).toContain('Fine');
  });

  it('of two answers at once is one', async () => {
    await Promise.all([answer('score=1'), answer('score=5')]);
    expect((await figures()).all.answers).toBe(1);
    await expectInvariants();
  });

  it.each([
    ['another signature', `${tokenOf(asked)}x`],
    ['another customer', tokenOf(asked).replace('cus_harbour', 'cus_quayside')],
    ['nothing', 'x'],
  ])('is not asked by a link with %s', async (_, token) => {
    expect(readSatisfactionToken(secret, token)).toBeUndefined();
    const page = await ask(token);
    expect([page.status, page.text.includes('Open it from the mail')]).toEqual([404, true]);
  });

  it.each(['score=6', 'score=', 'score=2&more=1'])('takes no answer %s', async (form) => {
    const before = company.table.items();
    expect((await answer(form)).status).toBe(422);
    expect(company.table.items()).toEqual(before);
  });
});

describe('the mail about a delivery', () => {
  it('asks once all of the order has arrived, and not before', async () => {
    await company.done('putProduct', {
      params: { sku: 'MUG' },
      body: { description: 'Mug', prices: { GBP: 1_250 } },
      at,
    });
    await company.done('recordStockMovement', {
      params: { sku: 'MUG' },
      body: { quantity: 9, reason: 'came' },
      at,
    });
    const order = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG', quantity: 4 }] };
    const { orderId } = await company.done('placeOrder', { body: order, at });
    for (const quantity of [1, 3]) {
      const lines = [{ line: 1, quantity }];
      const { shipmentId } = await company.done('createShipment', {
        params: { orderId },
        body: { lines },
        at,
      });
      await company.done('recordDelivery', { params: { orderId, shipmentId }, body: {}, at });
    }
    const writer = {
      company: aCompany(),
      satisfactionUrlOf: (about: Asked, score: number) => satisfactionLink(url, secret, about, score),
    };
    const mails = [];
    for (const fact of factsIn(company.table))
      if (fact.type === 'shipment.delivered') mails.push(await shipmentMail(company.table, fact, writer));
    const asks = mails.map((mail) => mail?.content.html.match(/\/satisfaction\/[^"]+/g)?.length ?? 0);
    expect(asks).toEqual([0, 5]);
    expect(mails[1]?.content.text).toContain(`${url}/satisfaction/${orderId}.cus_harbour.`);
  });
});
