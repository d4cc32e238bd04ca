import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { factOfItem } from '#shared/fact/fact.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { reduceBalance } from '#shared/invoice/open-item.ts';
import { CustomerId, InvoiceId, Sku } from '#shared/kernel/ids.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { ReturnReceipt, ReturnView } from '#shared/return/return-api.ts';
import { loadShelves } from '#shared/stock/shelf-store.ts';
import { commit } from '#shared/table/commit.ts';
import { queuePartition } from '#shared/table/keys.ts';
import { aCompany } from '../../builders/company.ts';
import { aCharge, aCustomer, aProduct } from '../../builders/customer.ts';
import { send } from '../../builders/http-event.ts';
import { INVOICE_ID } from '../../builders/invoice.ts';
import { aDraft, claimCredit, issue, keepCustomer, keepProducts } from '../../builders/issued-invoices.ts';
import { memoryTable } from '../../builders/memory-table.ts';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/http/returns.ts');

const warehouse = { sub: 'user-4', name: 'Will Warehouse', roles: ['warehouse'] } as const;
const harbourId = CustomerId.parse('cus_harbour');
const invoiceId = InvoiceId.parse(INVOICE_ID);
const march12 = CalendarDate.parse('2026-03-12');
const mugs = Sku.parse('MUG-1');

/** An invoice of GBP 64.80: four mugs at 12.50 and postage of 4.00, tax 20 %. */
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  table = memoryTable();
  await keepCustomer(table);
  await keepProducts(table);
  await claimCredit(table, aDraft());
  await issue(table, aDraft());
});

const take = (key: string, body: Record<string, unknown>) =>
  send(handler, 'createReturn', {
    body: { customerId: 'cus_harbour', reason: 'broken in transit', ...body },
    as: warehouse,
    headers: { 'idempotency-key': key },
    at: '2026-03-12T10:00:00.000Z',
  });
const oneMug = { invoiceId: INVOICE_ID, lines: [{ sku: 'MUG-1', quantity: 1 }] };
const account = () => loadAccount(table, harbourId);
const stock = async () => (await loadShelves(table, mugs))[0];
const unapplied = async () =>
  (await table.query({ index: 'byDue', partition: queuePartition('unapplied', 'cus_harbour') })).items;

describe('a return from an open invoice', () => {
  it('credits what was invoiced and sets it against the invoice, in one transaction', async () => {
    const { status, json } = await take('key-1', oneMug);
    expect(status).toBe(201);
    expect(ReturnReceipt.parse(json)).toMatchObject({
      creditNoteNumber: 'CN-2026-000001',
      currency: 'GBP',
      net: 1_250,
      tax: 250,
      gross: 1_500,
      applied: 1_500,
      lines: [{ sku: 'MUG-1', quantity: 1, unitPrice: 1_250, condition: 'restock', invoiceLine: 1 }],
      receivedBy: 'Will Warehouse',
    });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({
      status: 'open',
      balance: 4_980,
      version: 2,
    });
    expect(await account()).toMatchObject({ exposure: 4_980, receivable: 4_980 });
    expect(await stock()).toMatchObject({ onHand: 1, available: 1, reserved: 0 });
    expect(await loadEntriesOfDay(table, march12)).toMatchObject([
      {
        kind: 'credit_note',
        reference: 'CN-2026-000001',
        postings: [
          { account: 'sales_returns', amount: 1_250 },
          { account: 'output_tax', amount: 250 },
          { account: 'receivables', amount: -1_500 },
        ],
      },
    ]);
    const noteFacts = await table.query({ partition: json.creditNoteId, prefix: 'FACT#' });
    expect(noteFacts.items.map(factOfItem)).toMatchObject([
      {
        type: 'credit_note.issued',
        slot: '000001',
        data: { number: 'CN-2026-000001', net: 1_250, gross: 1_500 },
      },
    ]);
    expect(await unapplied()).toEqual([]);
  });

  it('takes four reads side by side and one write of 26 units', async () => {
    table.resetUnits();
    await take('key-1', oneMug);
    expect(table.units).toMatchObject({ writes: 26, calls: 5 });
  });

  it('pays the invoice off when all comes back, postage too, and scrapped goods stay off the shelf', async () => {
    await take('key-1', {
      invoiceId: INVOICE_ID,
      lines: [
        { sku: 'MUG-1', quantity: 4, condition: 'scrap' },
        { sku: 'POST', quantity: 1 },
      ],
    });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', balance: 0 });
    expect(await account()).toMatchObject({ receivable: 0 });
    expect(await stock()).toMatchObject({ onHand: 0 });
    expect((await loadEntriesOfDay(table, march12))[0]?.postings).toEqual([
      { account: 'sales_returns', amount: 5_000 },
      { account: 'charges', amount: 400 },
      { account: 'output_tax', amount: 1_080 },
      { account: 'receivables', amount: -6_480 },
    ]);
  });

  it('leaves as unapplied what is more than still owed', async () => {
    const open = await loadOpenItem(table, invoiceId);
    if (!open) throw new Error('the invoice is open');
    await commit(table, [saveOpenItem(reduceBalance(open, 6_000, instant('2026-03-11')), 1)]);
    const { json } = await take('key-1', oneMug);
    expect(json).toMatchObject({ gross: 1_500, applied: 480 });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', version: 3 });
    expect(await unapplied()).toMatchObject([
      {
        PK: json.creditNoteId,
        due: { customerId: 'cus_harbour', currency: 'GBP', amount: 1_020, number: 'CN-2026-000001' },
      },
    ]);
  });

  it('credits a paid invoice’s goods to the account', async () => {
    const open = await loadOpenItem(table, invoiceId);
    if (!open) throw new Error('the invoice is open');
    await commit(table, [saveOpenItem(reduceBalance(open, 6_480, instant('2026-03-11')), 1)]);
    const { json } = await take('key-1', oneMug);
    expect(json).toMatchObject({ gross: 1_500, applied: 0 });
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', version: 2 });
  });

  it('never credits more than was invoiced, however many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => take(`key-${n}`, oneMug)));
    const taken = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201).map(({ json }) => json.code);
    expect(taken.length).toBeLessThanOrEqual(4);
    for (const code of refused) expect(['return_exceeds_invoice', 'version_conflict']).toContain(code);
    expect(new Set(taken.map(({ json }) => json.creditNoteNumber))).toEqual(
      new Set(taken.map((_, index) => `CN-2026-00000${index + 1}`)),
    );
    for (let n = 0; n < 4; n++) await take(`later-${n}`, oneMug);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ balance: 480 });
    expect((await take('one-more', oneMug)).json).toMatchObject({
      code: 'return_exceeds_invoice',
      issues: [{ path: 'lines.0.quantity', message: 'only 0 of MUG-1 left to credit' }],
    });
  });

  it('must be the customer’s own invoice', async () => {
    await keepCustomer(table, aCustomer({ customerId: 'cus_other' }));
    const { status, json } = await take('key-1', { ...oneMug, customerId: 'cus_other' });
    expect([status, json.code, json.issues[0].path]).toEqual([422, 'invoice_not_found', 'invoiceId']);
  });
});

describe('a return without an invoice', () => {
  const twoMugs = {
    reference: 'C536379',
    documentDate: '2011-12-05',
    lines: [
      { sku: 'MUG-1', quantity: 1, unitPrice: 295 },
      { sku: 'MUG-1', quantity: 1, unitPrice: 210 },
      { sku: 'POST', quantity: 1, unitPrice: 1_000 },
    ],
  };

  it('credits the stated prices to the account and puts the goods back', async () => {
    const { status, json } = await take('key-1', twoMugs);
    expect(status).toBe(201);
    expect(json).toMatchObject({ net: 1_505, tax: 301, gross: 1_806, applied: 0, reference: 'C536379' });
    expect(await stock()).toMatchObject({ onHand: 2, available: 2 });
    expect(await account()).toMatchObject({ exposure: 4_674, receivable: 4_674 });
    expect(await unapplied()).toMatchObject([{ due: { amount: 1_806 } }]);
  });

  it('is the same return when its reference comes again under another key', async () => {
    const first = await take('key-1', twoMugs);
    const before = table.items();
    const again = await take('key-2', twoMugs);
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(table.items()).toEqual(before);
  });

  it('is one return when its reference comes twice at once', async () => {
    const [one, other] = await Promise.all([take('key-1', twoMugs), take('key-2', twoMugs)]);
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(other.json).toEqual(one.json);
    expect(await stock()).toMatchObject({ onHand: 2 });
  });

  it('refuses other goods under the same reference', async () => {
    await take('key-1', twoMugs);
    const { status, json } = await take('key-2', { ...twoMugs, lines: twoMugs.lines.slice(0, 1) });
    expect([status, json.code]).toEqual([409, 'return_reference_reused']);
  });

  it('answers a repeated call as before', async () => {
    const first = await take('key-1', twoMugs);
    const again = await take('key-1', twoMugs);
    expect([again.status, again.json, again.headers['idempotency-replayed']]).toEqual([
      201,
      first.json,
      'true',
    ]);
  });

  it('takes eighty different goods and their charges in one transaction', async () => {
    const products = Array.from({ length: 79 }, (_, n) => aProduct({ sku: `SKU-${n}` }));
    await keepProducts(table, [...products, aCharge({ sku: 'FEE' })]);
    const lines = [...products.map(({ sku }) => sku), 'FEE'].map((sku) => ({
      sku,
      quantity: 1,
      unitPrice: 100,
    }));
    const { status, json } = await take('key-1', { reference: 'C1', lines });
    expect([status, json.gross]).toEqual([201, 9_600]);
    expect((await take('key-2', { lines: [...lines, lines[0]] })).json.code).toBe('validation_failed');
  });

  it.each([
    ['a missing price', { lines: [{ sku: 'MUG-1', quantity: 1 }] }, 'validation_failed', 'lines.0.unitPrice'],
    ['another currency', { ...twoMugs, currency: 'EUR' }, 'currency_mismatch', 'currency'],
    [
      'a document of tomorrow',
      { ...twoMugs, documentDate: '2026-03-13' },
      'validation_failed',
      'documentDate',
    ],
    [
      'an unknown product',
      { lines: [{ sku: 'BOWL', quantity: 1, unitPrice: 1 }] },
      'product_not_found',
      'lines.0.sku',
    ],
    ['an unknown customer', { ...twoMugs, customerId: 'cus_nobody' }, 'customer_not_found', 'customerId'],
    [
      'more than this system carries',
      { lines: [{ sku: 'MUG-1', quantity: 1_000_000, unitPrice: 1_000_000_000_000 }] },
      'amount_too_large',
      undefined,
    ],
  ])('refuses %s, and writes nothing', async (_, body, code, path) => {
    const before = table.items();
    const { status, json } = await take('key-1', body);
    expect([status, json.code, json.issues?.[0]?.path]).toEqual([422, code, path]);
    expect(table.items()).toEqual(before);
  });

  it('of goods that were free gives a credit note over nothing', async () => {
    const { json } = await take('key-1', { lines: [{ sku: 'MUG-1', quantity: 1, unitPrice: 0 }] });
    expect(json).toMatchObject({ gross: 0, creditNoteNumber: 'CN-2026-000001' });
    expect(await account()).toMatchObject({ receivable: 6_480 });
    expect(await unapplied()).toEqual([]);
  });

  it('is taken once when the process dies after writing and the call is repeated', async () => {
    table.faults.crashAfter(1);
    expect((await take('key-1', twoMugs)).status).toBe(500);
    table.faults.clear();
    const { status, headers } = await take('key-1', twoMugs);
    expect([status, headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(await stock()).toMatchObject({ onHand: 2 });
  });
});

describe('GET /v1/returns/{returnId}', () => {
  it('shows the return with its credit note and what of it is unapplied', async () => {
    const taken = await take('key-1', oneMug);
    const params = { returnId: taken.json.returnId };
    const harbour = { roles: ['customer'], customerId: 'cus_harbour' } as const;
    const { status, json } = await send(handler, 'getReturn', { params, as: harbour });
    expect(status).toBe(200);
    expect(ReturnView.parse(json)).toMatchObject({
      ...taken.json,
      unapplied: 0,
      creditNote: {
        number: 'CN-2026-000001',
        corrects: { number: 'INV-2026-000001' },
        buyer: { name: 'Harbour Books Ltd' },
        lines: [{ line: 1, sku: 'MUG-1', description: 'Mug, blue glaze', net: 1_250 }],
      },
    });
    const other = { roles: ['customer'], customerId: 'cus_other' } as const;
    expect((await send(handler, 'getReturn', { params, as: other })).status).toBe(404);
  });
});
