import { beforeEach, describe, expect, it, vi } from 'vitest';
import { factOfItem } from '#shared/fact/fact.ts';
import { DisputeOpened, DisputeResolved, DocumentSummary, InvoiceView } from '#shared/invoice/invoice-api.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { commit } from '#shared/table/commit.ts';
import { aCompany } from '../../builders/company.ts';
import { aCustomer } from '../../builders/customer.ts';
import { send } from '../../builders/http-event.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';
import { aDraft, issue, keepCustomer, mugsAndPostage, shipmentIdOf } from '../../builders/issued-invoices.ts';
import { memoryTable } from '../../builders/memory-table.ts';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/http/invoices.ts');

const invoiceId = InvoiceId.parse(INVOICE_ID);
const params = { invoiceId: INVOICE_ID };
const harbour = {
  sub: 'user-2',
  name: 'Ann at Harbour',
  roles: ['customer'],
  customerId: 'cus_harbour',
} as const;
const other = { sub: 'user-3', roles: ['customer'], customerId: 'cus_other' } as const;
const finance = { sub: 'user-1', name: 'Fay Finance', roles: ['finance'] } as const;
const withKey = (key: string) => ({ 'idempotency-key': key });

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await keepCustomer(table);
  await issue(table, aDraft());
});

const facts = async (slot: string) =>
  (await table.query({ partition: INVOICE_ID, prefix: `FACT#${slot}` })).items.map(factOfItem);

describe('GET /v1/invoices/{invoiceId}', () => {
  it('shows the invoice with its lines and what is owed, in one read', async () => {
    table.resetUnits();
    const { status, json } = await send(handler, 'getInvoice', { params, as: harbour });
    expect(status).toBe(200);
    expect(InvoiceView.parse(json)).toMatchObject({
      number: 'INV-2026-000001',
      totals: { gross: 6_480 },
      status: 'open',
      balance: 6_480,
      remindersSent: 0,
      nextActionAt: '2026-04-08T23:00:00.000Z',
      lines: mugsAndPostage,
      links: { self: `/v1/invoices/${INVOICE_ID}`, orders: ['/v1/orders/ord_01k0000000000000000000000a'] },
    });
    expect(table.units.calls).toBe(1);
  });

  it('does not exist for another customer', async () => {
    for (const [as, id] of [
      [other, INVOICE_ID],
      [finance, `inv_${'0'.repeat(26)}`],
    ] as const) {
      const answer = await send(handler, 'getInvoice', { params: { invoiceId: id }, as });
      expect([answer.status, answer.json.code]).toEqual([404, 'invoice_not_found']);
    }
  });
});

describe('GET /v1/invoices', () => {
  it('lists a customer’s own, newest first, page by page', async () => {
    await issue(table, aDraft({ at: '2026-03-05T10:00:00.000Z', shipment: { shipmentId: shipmentIdOf(2) } }));
    const query = { limit: '1' };
    const first = await send(handler, 'listInvoices', { query, as: harbour });
    expect(first.json.items.map((item: unknown) => DocumentSummary.parse(item))).toMatchObject([
      { kind: 'invoice', number: 'INV-2026-000002', net: 5_400, tax: 1_080, gross: 6_480, status: 'open' },
    ]);
    const second = await send(handler, 'listInvoices', {
      query: { ...query, cursor: first.json.nextCursor },
      as: harbour,
    });
    expect(second.json.items).toMatchObject([
      { number: 'INV-2026-000001', balance: 6_480, orders: [{ poNumber: 'PO-77' }] },
    ]);
  });

  it('refuses the cursor of another customer’s list', async () => {
    await keepCustomer(table, aCustomer({ customerId: 'cus_other' }));
    await issue(table, aDraft({ at: '2026-03-05T10:00:00.000Z', shipment: { shipmentId: shipmentIdOf(2) } }));
    const { json } = await send(handler, 'listInvoices', { query: { limit: '1' }, as: harbour });
    const stolen = await send(handler, 'listInvoices', { query: { cursor: json.nextCursor }, as: other });
    expect([stolen.status, stolen.json.code]).toEqual([400, 'cursor_invalid']);
  });

  it('asks staff whose list they want', async () => {
    const { status, json } = await send(handler, 'listInvoices', { as: finance });
    expect([status, json.code, json.issues[0].path]).toEqual([422, 'validation_failed', 'customerId']);
  });
});

describe('disputes', () => {
  const body = { reason: 'two mugs came broken' };
  const dispute = (key: string, as: typeof harbour | typeof other = harbour) =>
    send(handler, 'disputeInvoice', {
      params,
      body,
      as,
      headers: withKey(key),
      at: '2026-03-10T08:00:00.000Z',
    });
  const resolve = (key: string, at: string) =>
    send(handler, 'resolveDispute', {
      params,
      body: { resolution: 'both were replaced' },
      as: finance,
      headers: withKey(key),
      at,
    });

  it('stop the reminders, and are told in a fact of the version they made', async () => {
    const { status, json } = await dispute('key-1');
    expect(status).toBe(200);
    expect(DisputeOpened.parse(json)).toEqual({
      invoiceId: INVOICE_ID,
      number: 'INV-2026-000001',
      status: 'disputed',
      reason: 'two mugs came broken',
      by: 'Ann at Harbour',
      at: '2026-03-10T08:00:00.000Z',
    });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'disputed', version: 2 });
    expect(await facts('000002')).toMatchObject([
      { type: 'invoice.disputed', actor: 'Ann at Harbour', customerId: 'cus_harbour', data: body },
    ]);
  });

  it('answer a repeated call as before, even once they are settled', async () => {
    const first = await dispute('key-1');
    await resolve('key-2', '2026-03-11T09:00:00.000Z');
    const again = await dispute('key-1');
    expect([again.status, again.json, again.headers['idempotency-replayed']]).toEqual([
      200,
      first.json,
      'true',
    ]);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'open' });
  });

  it('can’t be opened twice, nor of someone else’s invoice', async () => {
    expect((await dispute('key-0', other)).json.code).toBe('invoice_not_found');
    await dispute('key-1');
    const second = await dispute('key-2');
    expect([second.status, second.json.code]).toEqual([409, 'invoice_not_open']);
  });

  it('go on with the reminders as planned when they are settled early', async () => {
    await dispute('key-1');
    const { status, json } = await resolve('key-2', '2026-03-11T09:00:00.000Z');
    expect(status).toBe(200);
    expect(DisputeResolved.parse(json)).toMatchObject({
      status: 'open',
      resolution: 'both were replaced',
      by: 'Fay Finance',
    });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({
      status: 'open',
      version: 3,
      nextActionAt: '2026-04-08T23:00:00.000Z',
    });
    expect(await facts('000003')).toMatchObject([{ type: 'invoice.dispute_resolved' }]);
  });

  it('wait with the next reminder until tomorrow when its day is past', async () => {
    await dispute('key-1');
    await resolve('key-2', '2026-05-20T09:00:00.000Z');
    // Midnight of 21 May in London.
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ nextActionAt: '2026-05-20T23:00:00.000Z' });
  });

  it('can’t be settled where there is none', async () => {
    const { status, json } = await resolve('key-1', '2026-03-11T09:00:00.000Z');
    expect([status, json.code]).toEqual([409, 'invoice_not_disputed']);
  });

  it('are opened on a fresh read when a payment comes between', async () => {
    const item = await loadOpenItem(table, invoiceId);
    if (item?.status !== 'open') throw new Error('the invoice is open');
    const meanwhile = table.client();
    let paid = false;
    vi.spyOn(table, 'get').mockImplementation(async (key, options) => {
      const found = await meanwhile.get(key, options);
      if (key.SK === 'OPEN' && !paid) {
        paid = true;
        await commit(table, [saveOpenItem({ ...item, balance: 480, version: 2 }, 1)]);
      }
      return found;
    });
    expect((await dispute('key-1')).status).toBe(200);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({
      status: 'disputed',
      balance: 480,
      version: 3,
    });
    expect(await facts('000003')).toHaveLength(1);
  });
});
