import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Rendered, RenderRequest } from '#shared/document/render-request.ts';
import { factOfItem } from '#shared/fact/fact.ts';
import { openCreditOf } from '#shared/invoice/credit-note.ts';
import { CreditNoteView } from '#shared/invoice/credit-note-api.ts';
import { DisputeOpened, DisputeResolved, DocumentSummary, InvoiceView } from '#shared/invoice/invoice-api.ts';
import {
  documentActions,
  loadOpenItem,
  saveOpenCredit,
  saveOpenItem,
} from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { ProFormaView } from '#shared/order/pro-forma-api.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '../../builders/company.ts';
import { aCustomer } from '../../builders/customer.ts';
import { send } from '../../builders/http-event.ts';
import { aCreditNote, CREDIT_NOTE_ID, INVOICE_ID } from '../../builders/invoice.ts';
import { aDraft, issue, keepCustomer, mugsAndPostage, shipmentIdOf } from '../../builders/issued-invoices.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { anOrder, anOrderLine, ORDER_ID } from '../../builders/order.ts';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
let asked: RenderRequest[] = [];
let answer: Rendered;
vi.mock('#shared/document/render-client.ts', () => ({
  documentRenderer: () => async (request: RenderRequest) => {
    asked.push(request);
    return answer;
  },
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
  asked = [];
  answer = {
    outcome: 'rendered',
    contentType: 'application/pdf',
    filename: 'INV-2026-000001.pdf',
    base64: 'JVBERi0=',
  };
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

describe('an invoice by Accept', () => {
  const accept = (type: string) => ({ accept: type });

  it('comes as a file of the very record, in one answer', async () => {
    const answer = await send(handler, 'getInvoice', {
      params,
      as: harbour,
      headers: accept('application/pdf'),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="INV-2026-000001.pdf"',
      vary: 'Accept',
    });
    expect(answer.text).toBe('JVBERi0=');
    expect(asked).toEqual([{ kind: 'invoice', id: INVOICE_ID, format: 'pdf' }]);
  });

  it.each([
    ['application/xml', 'ubl'],
    ['application/xml; profile=xrechnung', 'xrechnung'],
    ['application/xml; profile=cii', 'cii'],
    ['application/pdf; profile=factur-x', 'factur-x'],
  ])('as %s is asked for as %s', async (type, format) => {
    await send(handler, 'getInvoice', { params, as: harbour, headers: accept(type) });
    expect(asked).toEqual([{ kind: 'invoice', id: INVOICE_ID, format }]);
  });

  it('comes in the form that a link asks for', async () => {
    const query = { format: 'pdf' };
    await send(handler, 'getInvoice', { params, query, as: harbour, headers: accept('text/html') });
    expect(asked).toHaveLength(1);
  });

  it('is refused in forms it does not come in, with what it comes in', async () => {
    for (const [headers, query] of [
      [accept('text/html'), {}],
      [accept('application/json'), { format: 'docx' }],
    ] as const) {
      const {
        status,
        json,
        headers: answered,
      } = await send(handler, 'getInvoice', { params, query, as: harbour, headers });
      expect([status, json.code]).toEqual(
        'format' in query ? [422, 'validation_failed'] : [406, 'not_acceptable'],
      );
      expect(answered['vary']).toBe('Accept');
    }
    expect(asked).toEqual([]);
  });

  it('is refused where this one can not be had in the form, in the words of who renders it', async () => {
    answer = { outcome: 'refused', code: 'not_acceptable', detail: 'It has no form for that.' };
    const { status, json } = await send(handler, 'getInvoice', {
      params,
      as: harbour,
      headers: accept('application/xml'),
    });
    expect([status, json.code, json.detail]).toEqual([406, 'not_acceptable', 'It has no form for that.']);
  });

  it('does not exist for another customer, and is not rendered', async () => {
    const { status, json } = await send(handler, 'getInvoice', {
      params,
      as: other,
      headers: accept('application/pdf'),
    });
    expect([status, json.code]).toEqual([404, 'invoice_not_found']);
    expect(asked).toEqual([]);
  });

  it('comes as JSON with word of the other forms', async () => {
    const { headers } = await send(handler, 'getInvoice', { params, as: harbour });
    expect(headers).toMatchObject({ 'content-type': 'application/json', vary: 'Accept' });
  });
});

describe('GET /v1/credit-notes/{creditNoteId}', () => {
  const creditNote = { params: { creditNoteId: CREDIT_NOTE_ID } };
  beforeEach(() =>
    commit(table, [
      ...documentActions(aCreditNote(), mugsAndPostage),
      saveOpenCredit(openCreditOf(aCreditNote(), []), 'absent'),
    ]),
  );

  it('shows the credit note with its lines, without what they cost us', async () => {
    const { status, json } = await send(handler, 'getCreditNote', { ...creditNote, as: harbour });
    expect(status).toBe(200);
    expect(CreditNoteView.parse(json)).toMatchObject({
      number: 'CN-2026-000001',
      totals: { gross: 1_500 },
      links: { self: `/v1/credit-notes/${CREDIT_NOTE_ID}` },
    });
  });

  it('comes as a file too, and only to its own customer', async () => {
    const headers = { accept: 'application/pdf' };
    await send(handler, 'getCreditNote', { ...creditNote, as: harbour, headers });
    expect(asked).toEqual([{ kind: 'credit_note', id: CREDIT_NOTE_ID, format: 'pdf' }]);
    const { status, json } = await send(handler, 'getCreditNote', { ...creditNote, as: other, headers });
    expect([status, json.code]).toEqual([404, 'credit_note_not_found']);
    expect(asked).toHaveLength(1);
  });
});

describe('GET /v1/orders/{orderId}/pro-forma', () => {
  const order = { params: { orderId: ORDER_ID } };
  beforeEach(() =>
    commit(table, [
      { do: 'put', item: { ...keys.order(ORDER_ID), ...anOrder() } },
      ...chunkActions((chunk) => keys.orderLines(ORDER_ID, chunk), [anOrderLine()]),
    ]),
  );

  it('shows the order as placed, as JSON and as PDF', async () => {
    const { status, json } = await send(handler, 'getProForma', { ...order, as: harbour });
    expect(status).toBe(200);
    expect(ProFormaView.parse(json)).toMatchObject({
      kind: 'pro_forma',
      orderId: ORDER_ID,
      status: 'placed',
    });
    await send(handler, 'getProForma', { ...order, as: harbour, headers: { accept: 'application/pdf' } });
    expect(asked).toEqual([{ kind: 'pro_forma', id: ORDER_ID, format: 'pdf' }]);
  });

  it('comes in no other form, and to nobody else', async () => {
    const headers = { accept: 'application/xml' };
    expect((await send(handler, 'getProForma', { ...order, as: harbour, headers })).status).toBe(406);
    expect((await send(handler, 'getProForma', { ...order, as: other })).json.code).toBe('order_not_found');
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
