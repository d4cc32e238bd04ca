import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { advicesAreFollowedOnce } from '#shared/invariant/remittances.ts';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { AdviceId, CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { adviceActions, loadAdvice } from '#shared/remittance/advice-store.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '../../builders/company.ts';
import { type RequestOptions, send, type Token } from '../../builders/http-event.ts';
import { anOpenItem, INVOICE_ID } from '../../builders/invoice.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { oweOneInvoice } from '../../builders/owed-invoice.ts';

const invoiceId = InvoiceId.parse(INVOICE_ID);

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));

const payments = await import('../../../functions/http/payments.ts');

const finance = { name: 'finance@example.com', roles: ['finance'] } as const;
const customer = { roles: ['customer'], customerId: 'cus_harbour' } as const;
const stranger = { roles: ['customer'], customerId: 'cus_other' } as const;

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

describe('POST /v1/payments', () => {
  const request = {
    customerId: 'cus_harbour',
    method: 'bank_transfer',
    currency: 'GBP',
    amount: 7_000,
    reference: 'HARBOUR MARCH',
    allocations: [{ invoiceId: INVOICE_ID, amount: 6_000 }],
  };
  const post = (body: unknown, options: RequestOptions = {}) =>
    send(payments.handler, 'recordPayment', {
      as: finance,
      body,
      ...options,
      headers: { 'idempotency-key': 'k-1', ...options.headers },
    });

  it('records the payment', async () => {
    const answer = await post(request);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      ...request,
      unapplied: 1_000,
      receivedOn: '2026-03-31',
      recordedBy: 'finance@example.com',
    });
    expect(answer.headers['location']).toBe(`/v1/payments/${String(answer.json['paymentId'])}`);
    expect(await owed()).toBe(0);
  });

  describe('with a remittance advice', () => {
    const adviceId = AdviceId.parse('adv_01k0000000000000000000000a');
    const { allocations: _none, ...money } = request;
    const advised = (over: object = {}) =>
      commit(
        table,
        adviceActions({
          adviceId,
          customerId: CustomerId.parse('cus_harbour'),
          source: 'api',
          currency: Currency.parse('GBP'),
          total: 6_000,
          invoices: [{ invoiceId, number: 'INV-2026-000001', amount: 6_000 }],
          expiresOn: CalendarDate.parse('2026-05-31'),
          advisedAt: Instant.parse('2026-03-30T10:00:00.000Z'),
          advisedBy: 'buyer',
          version: 1,
          status: 'open',
          ...over,
        }),
      );

    it('settles what that says and uses it up at once', async () => {
      await advised();
      const answer = await post({ ...money, adviceId });
      expect(answer).toMatchObject({
        status: 201,
        json: { allocations: [{ invoiceId: INVOICE_ID, amount: 6_000 }], unapplied: 1_000 },
      });
      expect(await owed()).toBe(0);
      const advice = await loadAdvice(table, adviceId);
      expect(advice).toMatchObject({ status: 'used', paymentId: answer.json.paymentId });
      const second = await post({ ...money, adviceId }, { headers: { 'idempotency-key': 'k-2' } });
      expect(second).toMatchObject({ status: 409, json: { code: 'remittance_not_open' } });
      expect([...advicesAreFollowedOnce(await readPicture(table.items()))]).toEqual([]);
    });

    it.each([
      ['is not there', undefined, {}, 'remittance_not_found', 'adviceId'],
      ['is of another customer', { customerId: 'cus_other' }, {}, 'remittance_not_found', 'adviceId'],
      ['is of more than came in', {}, { amount: 5_999 }, 'validation_failed', 'amount'],
      [
        'stands beside allocations',
        {},
        { allocations: request.allocations },
        'validation_failed',
        'allocations',
      ],
    ])('that %s is refused, and nothing is written', async (_, advice, over, code, path) => {
      if (advice) await advised(advice);
      const before = table.items();
      const answer = await post({ ...money, adviceId, ...over });
      expect(answer.json).toMatchObject({ code, issues: [{ path }] });
      expect(table.items()).toEqual(before);
    });
  });

  it('answers a repetition as the first time, and changes nothing', async () => {
    const first = await post(request);
    const before = table.items();
    const again = await post(request, { at: '2026-04-01T12:00:00.000Z' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(table.items()).toEqual(before);
  });

  it('takes two transfers that bear the same reference', async () => {
    await post({ ...request, amount: 100, allocations: [] });
    await post({ ...request, amount: 100, allocations: [] }, { headers: { 'idempotency-key': 'k-2' } });
    const list = await send(payments.handler, 'listPayments', { as: customer });
    expect(list.json['items']).toHaveLength(2);
  });

  it('lets the day be that of the company, not of Greenwich', async () => {
    // 23:30 UTC on 31 March is half past midnight in London, in summer time.
    const answer = await post({ ...request, receivedOn: '2026-04-01' }, { at: '2026-03-31T23:30:00.000Z' });
    expect(answer.json).toMatchObject({ receivedOn: '2026-04-01' });
  });

  it.each([
    ['an unknown customer', { customerId: 'cus_nobody' }, 'customer_not_found', 422],
    ['another currency', { currency: 'EUR' }, 'currency_mismatch', 422],
    ['a future day', { receivedOn: '2026-04-02' }, 'validation_failed', 422],
    ['more than came in', { amount: 5_999 }, 'allocation_exceeds_payment', 422],
    [
      'more than is owed',
      { allocations: [{ invoiceId: INVOICE_ID, amount: 6_001 }] },
      'allocation_exceeds_balance',
      422,
    ],
    [
      'an unknown invoice',
      { allocations: [{ invoiceId: 'inv_01k0000000000000000000000z', amount: 1 }] },
      'invoice_not_found',
      422,
    ],
    ['a card payment', { method: 'card' }, 'validation_failed', 422],
  ])('refuses %s and writes nothing', async (_, change, code, status) => {
    const before = table.items();
    const answer = await post({ ...request, ...change });
    expect(answer.json).toMatchObject({ code, status });
    expect(answer.status).toBe(status);
    expect(table.items()).toEqual(before);
  });

  it('takes a discount late with a reason, which is not for the customer to read', async () => {
    const item = anOpenItem({ discount: { until: '2026-03-13', amount: 120, tax: 20 } });
    await table.write({ do: 'put', item: { ...keys.openItem(invoiceId), ...item } });
    const granted = { invoiceId: INVOICE_ID, amount: 5_880, discount: 120 };
    const late = await post({ ...request, amount: 5_880, allocations: [granted] });
    expect(late.json).toMatchObject({
      code: 'discount_not_offered',
      issues: [{ path: 'allocations.0.discountReason' }],
    });
    const discountReason = 'a public holiday here';
    const allocations = [{ ...granted, discountReason }];
    const answer = await post({ ...request, amount: 5_880, allocations });
    expect(answer.json).toMatchObject({ unapplied: 0, allocations });
    expect(await owed()).toBe(0);
    const params = { paymentId: String(answer.json['paymentId']) };
    const own = await send(payments.handler, 'getPayment', { as: customer, params });
    expect(own.json['allocations']).toEqual([granted]);
  });

  it('is for finance only', async () => {
    expect((await post(request, { as: customer })).status).toBe(403);
  });

  it('shows a payment to its customer, without who recorded it, and to no other', async () => {
    const paymentId = String((await post(request)).json['paymentId']);
    const get = (as: Token) => send(payments.handler, 'getPayment', { as, params: { paymentId } });
    const own = await get(customer);
    expect(own.json).toMatchObject({ paymentId, amount: 7_000 });
    expect(own.text).not.toContain('finance@example.com');
    expect((await get(finance)).json).toMatchObject({ recordedBy: 'finance@example.com' });
    expect((await get(stranger)).json).toMatchObject({ code: 'payment_not_found', status: 404 });
  });
});
