import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { sellFourMugs, type Trading, trading } from '../../builders/trading.ts';

const day = CalendarDate.parse('2026-03-03');
const at = '2026-03-03T10:00:00.000Z';
const later = '2026-03-04T10:00:00.000Z';

const finance = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
const customer = { sub: 'cus-1', roles: ['customer'], customerId: 'cus_harbour' } as const;

let company: Trading;
let invoiceId: string;
beforeEach(async () => {
  company = trading();
  invoiceId = await sellFourMugs(company, at);
});

const pay = (amount: number, allocated: number, more = {}) =>
  company.done('recordPayment', {
    as: finance,
    at,
    body: {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount,
      allocations: allocated > 0 ? [{ invoiceId, amount: allocated }] : [],
      ...more,
    },
  });
const postings = async (kind: string, date = day) =>
  (await loadEntriesOfDay(company.table, date)).filter((entry) => entry.kind === kind).map((e) => e.postings);
const account = async () => {
  const { account: found } = await company.done('getCustomer', { params: { customerId: 'cus_harbour' }, at });
  return { receivable: found.receivable, exposure: found.exposure };
};
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('a payment', () => {
  it('of which nothing is allocated stands to the customer’s credit, not against receivables', async () => {
    await pay(700, 0);
    expect(await postings('payment')).toEqual([
      [
        { account: 'bank', amount: 700 },
        { account: 'unapplied', amount: -700 },
      ],
    ]);
    await sound();
  });

  it('of which the bank kept a fee settles all the same, and shows the fee to staff only', async () => {
    const { paymentId } = await pay(6_000, 6_000, { fee: 25 });
    expect(await postings('payment')).toEqual([
      [
        { account: 'bank', amount: 5_975 },
        { account: 'payment_fees', amount: 25 },
        { account: 'receivables', amount: -6_000 },
      ],
    ]);
    const read = (as: typeof finance | typeof customer) =>
      company.done('getPayment', { as, params: { paymentId }, at });
    expect(await read(finance)).toMatchObject({ amount: 6_000, fee: 25 });
    expect(await read(customer)).not.toHaveProperty('fee');
    await sound();
  });

  it('can’t cost more than it is', async () => {
    const body = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 10, fee: 11 };
    const answer = await company.ask('recordPayment', { as: finance, at, body });
    expect(answer.json).toMatchObject({ code: 'validation_failed', issues: [{ path: 'fee' }] });
  });
});

describe('a refund', () => {
  const refund = (paymentId: string, amount: number, more = {}) =>
    company.ask('refundPayment', {
      as: finance,
      at: later,
      params: { paymentId },
      body: { amount, reason: 'Paid twice', reference: 'OUT-1', alreadySent: true },
      ...more,
    });

  it('gives back what is not used, the way it came, and the customer owes that much more', async () => {
    const { paymentId } = await pay(7_000, 6_000);
    expect(await account()).toEqual({ receivable: -1_000, exposure: -1_000 });
    const { status, json } = await refund(paymentId, 400);
    expect(status).toBe(201);
    expect(json).toMatchObject({ amount: 400, refunded: 400, unapplied: 600, refundedBy: 'Fay Finance' });
    expect(await account()).toEqual({ receivable: -600, exposure: -600 });
    expect(await postings('refund', CalendarDate.parse('2026-03-04'))).toEqual([
      [
        { account: 'unapplied', amount: 400 },
        { account: 'bank', amount: -400 },
      ],
    ]);
    const paid = await company.done('getPayment', { as: finance, params: { paymentId }, at: later });
    expect(paid).toMatchObject({ amount: 7_000, unapplied: 600, refunded: 400 });
    await sound();
  });

  it('never goes beyond what was paid and not used or given back', async () => {
    const { paymentId } = await pay(7_000, 6_000);
    expect((await refund(paymentId, 1_001)).json).toMatchObject({ code: 'refund_exceeds_unapplied' });
    expect((await refund(paymentId, 1_000)).status).toBe(201);
    expect(await refund(paymentId, 1)).toMatchObject({
      status: 409,
      json: { code: 'refund_exceeds_unapplied' },
    });
    await sound();
  });

  it('is done once however often it is asked for, and the payment’s own answer stays as it was', async () => {
    const headers = { 'idempotency-key': 'pay-once' };
    const body = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 900 };
    const recorded = await company.ask('recordPayment', { as: finance, at, body, headers });
    const paymentId = String(recorded.json.paymentId);
    const once = { headers: { 'idempotency-key': 'refund-once' } };
    const first = await refund(paymentId, 300, once);
    const again = await refund(paymentId, 300, once);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    const replayed = await company.ask('recordPayment', { as: finance, at, body, headers });
    expect(replayed.text).toBe(recorded.text);
    await sound();
  });

  it('is for finance to make', async () => {
    const { paymentId } = await pay(500, 0);
    for (const role of ['sales', 'credit', 'support', 'warehouse'] as const) {
      const answer = await refund(paymentId, 1, { as: { sub: role, roles: [role] } });
      expect([role, answer.status]).toEqual([role, 403]);
    }
  });
});

describe('a write-off', () => {
  const writeOff = (body: object, more = {}) =>
    company.ask('writeOffInvoice', {
      as: finance,
      at: later,
      params: { invoiceId },
      body: { reason: 'Insolvent', ...body },
      ...more,
    });

  it('of all that is owed makes it bad debt, and nothing is owed any more', async () => {
    await pay(1_500, 1_500);
    expect((await writeOff({})).json).toMatchObject({ amount: 4_500, writtenOff: 4_500, balance: 0 });
    expect(await account()).toEqual({ receivable: 0, exposure: 0 });
    expect(await postings('write_off', CalendarDate.parse('2026-03-04'))).toEqual([
      [
        { account: 'bad_debts', amount: 4_500 },
        { account: 'receivables', amount: -4_500 },
      ],
    ]);
    const shown = await company.done('getInvoice', { as: finance, params: { invoiceId }, at: later });
    expect(shown).toMatchObject({ status: 'written_off', balance: 0, writtenOffAt: later });
    expect(await writeOff({})).toMatchObject({ status: 409, json: { code: 'invoice_not_open' } });
    await sound();
  });

  it('of a part leaves the rest owed, to be paid as ever', async () => {
    expect((await writeOff({ amount: 500 })).json).toMatchObject({ writtenOff: 500, balance: 5_500 });
    expect((await writeOff({ amount: 5_501 })).json).toMatchObject({ code: 'write_off_exceeds_balance' });
    await pay(5_500, 5_500);
    const shown = await company.done('getInvoice', { as: finance, params: { invoiceId }, at: later });
    expect(shown).toMatchObject({ status: 'paid', balance: 0 });
    await sound();
  });

  it('is done once however often it is asked for, and by finance only', async () => {
    const once = { headers: { 'idempotency-key': 'lost' } };
    const first = await writeOff({ amount: 500 }, once);
    expect((await writeOff({ amount: 500 }, once)).text).toBe(first.text);
    const sales = await writeOff({ amount: 500 }, { as: { sub: 's', roles: ['sales', 'credit'] } });
    expect(sales.status).toBe(403);
    await sound();
  });
});

describe('what goods cost us', () => {
  it('leaves the inventory with their invoice, and comes back with what goes back on the shelf', async () => {
    expect((await postings('invoice'))[0]).toEqual([
      { account: 'receivables', amount: 6_000 },
      { account: 'sales', amount: -5_000 },
      { account: 'output_tax', amount: -1_000 },
      { account: 'cost_of_goods', amount: 1_720 },
      { account: 'inventory', amount: -1_720 },
    ]);
    const back = (condition: string, when: string) => {
      const lines = [{ sku: 'MUG-1', quantity: 1, condition }];
      const body = { customerId: 'cus_harbour', invoiceId, reason: 'Too many', lines };
      return company.done('createReturn', { as: finance, at: when, body });
    };
    await back('restock', at);
    await back('scrap', '2026-03-03T10:00:01.000Z');
    const [restocked = [], scrapped = []] = await postings('credit_note');
    expect(restocked.slice(-2)).toEqual([
      { account: 'inventory', amount: 430 },
      { account: 'cost_of_goods', amount: -430 },
    ]);
    expect(scrapped.map((posting) => posting.account)).not.toContain('inventory');
    await sound();
  });

  it('stays as it was when the invoice was issued, whatever a unit costs later', async () => {
    const mug = { description: 'Mug, blue glaze', prices: { GBP: 1_250 }, costs: { GBP: 999 } };
    await company.done('putProduct', { params: { sku: 'MUG-1' }, body: mug, at });
    const body = { customerId: 'cus_harbour', invoiceId, reason: 'Too many' };
    const lines = [{ sku: 'MUG-1', quantity: 2, condition: 'restock' }];
    await company.done('createReturn', { as: finance, at, body: { ...body, lines } });
    expect((await postings('credit_note'))[0]?.slice(-2)).toEqual([
      { account: 'inventory', amount: 860 },
      { account: 'cost_of_goods', amount: -860 },
    ]);
  });

  it('is never told to a customer', async () => {
    const lines = [{ sku: 'MUG-1', quantity: 1, condition: 'restock' }];
    const body = { customerId: 'cus_harbour', invoiceId, reason: 'Too many', lines };
    const { returnId } = await company.done('createReturn', { as: finance, at, body });
    const [order] = company.table.items(({ PK, SK }) => PK.startsWith('ord_') && SK === 'HEAD');
    const orderId = order?.PK ?? '';
    const asked = [
      ['getProduct', { params: { sku: 'MUG-1' } }],
      ['getInvoice', { params: { invoiceId } }],
      ['listInvoices', {}],
      ['getOrder', { params: { orderId } }],
      ['getOrderTimeline', { params: { orderId } }],
      ['getReturn', { params: { returnId: String(returnId) } }],
    ] as const;
    for (const [operationId, options] of asked) {
      const { status, text } = await company.ask(operationId, { ...options, as: customer, at });
      expect([operationId, status]).toEqual([operationId, 200]);
      expect(text).not.toMatch(/cost/i);
    }
    const staff = await company.done('getProduct', { params: { sku: 'MUG-1' }, as: finance, at });
    expect(staff).toMatchObject({ costs: { GBP: 430 } });
  });
});
