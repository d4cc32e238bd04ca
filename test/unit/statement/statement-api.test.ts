import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { InvoiceAccuracyView } from '#shared/report/report-api.ts';
import { StatementView } from '#shared/statement/statement-api.ts';
import { loadCustomersToState } from '#shared/statement/statement-store.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { request } from '#test/builders/house.ts';
import { INVOICE_ID } from '#test/builders/invoice.ts';
import { aDraft, claimCredit, issue, keepCustomer, keepProducts } from '#test/builders/issued-invoices.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';

const harbour = CustomerId.parse('cus_harbour');
let table: MemoryTable;
let key = 0;

/** An invoice of GBP 64.80 of 3 March; GBP 15.00 of it credited on the 12th, GBP 100.00 paid on the 20th. */
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await keepCustomer(table);
  await keepCustomer(table, aCustomer({ customerId: 'cus_quiet' }));
  await keepProducts(table);
  await claimCredit(table, aDraft());
  await issue(table, aDraft());
  await post('createReturn', '2026-03-12T10:00:00.000Z', {
    customerId: 'cus_harbour',
    reason: 'broken in transit',
    invoiceId: INVOICE_ID,
    lines: [{ sku: 'MUG-1', quantity: 1 }],
  });
  await post('recordPayment', '2026-03-20T10:00:00.000Z', {
    customerId: 'cus_harbour',
    method: 'bank_transfer',
    currency: 'GBP',
    amount: 10_000,
    reference: 'FT 4711',
    allocations: [{ invoiceId: INVOICE_ID, amount: 2_000 }],
  });
});

async function post(operation: 'createReturn' | 'recordPayment', at: string, body: unknown) {
  const answer = await request(table, operation, {
    at,
    body,
    headers: { 'idempotency-key': `key-${++key}` },
  });
  expect(answer.status).toBe(201);
}

const statement = async (query: Record<string, string>, at = '2026-03-31T10:00:00.000Z') => {
  const { status, json } = await request(table, 'getStatement', {
    params: { customerId: 'cus_harbour' },
    query,
    at,
  });
  expect(status).toBe(200);
  return StatementView.parse(json);
};

describe('GET /v1/customers/{customerId}/statement', () => {
  it('of open items comes to what the account says is owed', async () => {
    const open = await statement({});
    expect(open).toMatchObject({
      kind: 'open_item',
      on: '2026-03-31',
      items: [{ number: 'INV-2026-000001', total: 6_480, balance: 2_980, overdueDays: 0, disputed: false }],
      unapplied: [{ kind: 'payment', reference: 'FT 4711', date: '2026-03-20', amount: 8_000 }],
      total: -5_020,
    });
    expect((await loadAccount(table, harbour))?.receivable).toBe(-5_020);
  });

  it('of a period ends with what the account says is owed when it ends today', async () => {
    const period = await statement({ kind: 'period' });
    expect(period).toMatchObject({
      from: '2026-03-01',
      to: '2026-03-31',
      opening: 0,
      movements: [
        { date: '2026-03-03', kind: 'invoice', reference: 'INV-2026-000001', amount: 6_480, balance: 6_480 },
        { date: '2026-03-12', kind: 'credit_note', reference: 'CN-2026-000001', amount: -1_500 },
        { date: '2026-03-20', kind: 'payment', reference: 'FT 4711', amount: -10_000, balance: -5_020 },
      ],
      closing: -5_020,
    });
    expect(await statement({ kind: 'period', from: '2026-03-13', to: '2026-03-20' })).toMatchObject({
      opening: 4_980,
      movements: [{ kind: 'payment' }],
      closing: -5_020,
    });
  });

  it('shows a disputed invoice as such', async () => {
    await request(table, 'disputeInvoice', {
      params: { invoiceId: INVOICE_ID },
      body: { reason: 'two mugs are missing' },
      headers: { 'idempotency-key': 'dispute-1' },
    });
    expect(await statement({})).toMatchObject({ items: [{ disputed: true }], total: -5_020 });
  });

  it('is for the customer itself and for staff', async () => {
    const as = { roles: ['customer'] as const, customerId: 'cus_quiet' };
    const others = await request(table, 'getStatement', { params: { customerId: 'cus_harbour' }, as });
    expect(others).toMatchObject({ status: 404, json: { code: 'customer_not_found' } });
    const own = await request(table, 'getStatement', { params: { customerId: 'cus_quiet' }, as });
    expect(own).toMatchObject({ status: 200, json: { items: [], total: 0 } });
  });

  it.each([
    [{ kind: 'period', to: '2026-04-01' }, 'to'],
    [{ kind: 'period', from: '2026-03-31', to: '2026-03-30' }, 'from'],
    [{ kind: 'yearly' }, 'kind'],
    [{ month: '2026-03' }, 'month'],
  ])('refuses %j', async (query, path) => {
    const { status, json } = await request(table, 'getStatement', {
      params: { customerId: 'cus_harbour' },
      query,
    });
    expect(status).toBe(422);
    expect(json).toMatchObject({ code: 'validation_failed', issues: [{ path }] });
  });

  it('takes a query of the index and one of each queue, and reads no entry', async () => {
    table.resetUnits();
    await statement({ kind: 'period' });
    expect(table.units).toMatchObject({ calls: 2, reads: 1 });
    table.resetUnits();
    await statement({});
    expect(table.units.calls).toBe(8);
  });
});

describe('who gets a statement of a month', () => {
  const of = (from: string, to: string) =>
    loadCustomersToState(table, { from: CalendarDate.parse(from), to: CalendarDate.parse(to) });

  it('is whoever has something open, and whoever had a movement', async () => {
    expect(await of('2026-02-01', '2026-02-28')).toEqual(['cus_harbour']);
    await post('recordPayment', '2026-03-21T10:00:00.000Z', {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount: 2_980,
      allocations: [{ invoiceId: INVOICE_ID, amount: 2_980 }],
    });
    await table.write({ do: 'delete', key: await unappliedPayment() });
    expect(await of('2026-03-01', '2026-03-31')).toEqual(['cus_harbour']);
    expect(await of('2026-04-01', '2026-04-30')).toEqual([]);
  });

  async function unappliedPayment() {
    const payment = table.items((item) => item['reference'] === 'FT 4711' && item.SK === 'HEAD')[0];
    if (!payment) throw new Error('no payment');
    return { PK: payment.PK, SK: payment.SK };
  }
});

describe('GET /v1/reports/invoice-accuracy', () => {
  it('counts a correction for the month of its invoice, whenever it comes', async () => {
    const { status, json } = await request(table, 'getInvoiceAccuracy', {
      query: { from: '2026-03-01', to: '2026-03-05' },
    });
    expect(status).toBe(200);
    expect(InvoiceAccuracyView.parse(json)).toEqual({
      from: '2026-03-01',
      to: '2026-03-05',
      until: '2026-03-31',
      issued: 1,
      wrong: 0,
      otherwiseCredited: 1,
      uncorrected: 0,
      accuracy: '100.00',
      uncorrectedShare: '0.00',
      reasons: [
        {
          reason: 'goods_returned',
          error: false,
          creditNotes: 1,
          invoices: 1,
          amounts: [{ currency: 'GBP', amount: 1_500 }],
        },
      ],
    });
  });

  it('is for finance', async () => {
    const { status } = await request(table, 'getInvoiceAccuracy', { as: { roles: ['sales'] } });
    expect(status).toBe(403);
  });

  it('refuses what is too long ago', async () => {
    const { json } = await request(table, 'getInvoiceAccuracy', { query: { from: '2025-01-01' } });
    expect(json).toMatchObject({ code: 'validation_failed', issues: [{ path: 'from' }] });
  });
});
