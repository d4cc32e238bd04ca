import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { Posting } from '#shared/ledger/ledger.ts';
import { keys } from '#shared/table/keys.ts';
import { factsIn, react, request } from '../../builders/house.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';

let table: MemoryTable;
let invoiceId: string;
const START = Date.parse('2026-03-03T10:00:00.000Z');
let clock = 0;
/** How many facts the bus has delivered. */
let told = 0;

const post = (
  operationId: Parameters<typeof request>[1],
  params: Record<string, string>,
  body: unknown,
  key = `key-${clock}`,
) =>
  request(table, operationId, {
    params,
    body,
    headers: { 'idempotency-key': key },
    at: new Date(START + ++clock * 1000).toISOString(),
  });

/** Ten mugs at 12.50 and postage at 4.00, with 20 % tax 154.80, shipped and invoiced. */
beforeEach(async () => {
  table = memoryTable();
  told = 0;
  const address = { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' };
  await post(
    'putCustomer',
    { customerId: 'cus_harbour' },
    {
      name: 'Harbour Books Ltd',
      email: 'orders@harbour.example',
      address,
      currency: 'GBP',
      creditLimit: 100_000,
    },
  );
  await post('putProduct', { sku: 'MUG-1' }, { description: 'Mug', prices: { GBP: 1_250 } });
  await post('putProduct', { sku: 'POST' }, { description: 'Postage', kind: 'charge', prices: { GBP: 400 } });
  await post('recordStockMovement', { sku: 'MUG-1' }, { quantity: 20, reason: 'received' });
  const lines = [
    { sku: 'MUG-1', quantity: 10 },
    { sku: 'POST', quantity: 1 },
  ];
  const order = await post('placeOrder', {}, { customerId: 'cus_harbour', currency: 'GBP', lines });
  await settle();
  const shipped = await post('createShipment', { orderId: String(order.json.orderId) }, {});
  await settle();
  invoiceId = String(shipped.json.invoiceId);
});

async function settle(): Promise<void> {
  for (let facts = factsIn(table); told < facts.length; facts = factsIn(table)) {
    for (const fact of facts.slice(told)) await react(table.client(), fact);
    told = facts.length;
  }
}

const credit = (body: unknown, key?: string) => post('createCreditNote', { invoiceId }, body, key);
const reissue = (body: unknown, key?: string) => post('reissueInvoice', { invoiceId }, body, key);
const why = { reasonCode: 'price', reason: 'agreed otherwise' };
const openItem = (id = invoiceId) => table.get(keys.openItem(id));
const account = () => table.get(keys.account('cus_harbour'));
const pay = (amount: number, allocated: number) =>
  post(
    'recordPayment',
    {},
    {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount,
      allocations: [{ invoiceId, amount: allocated }],
    },
  );

async function expectOrder(): Promise<void> {
  await settle();
  expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
}

describe('a credit note', () => {
  it('over all of an invoice takes it back as it was issued', async () => {
    const { status, json } = await credit({ ...why, scope: 'full' });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      number: 'CN-2026-000001',
      scope: 'full',
      corrects: { number: 'INV-2026-000001' },
      totals: { net: 12_900, tax: 2_580, gross: 15_480 },
      lines: [{ sku: 'MUG-1', quantity: 10 }, { sku: 'POST' }],
    });
    expect(await openItem()).toMatchObject({ status: 'paid', balance: 0 });
    expect(await account()).toMatchObject({ receivable: 0, exposure: 0 });
    expect((await credit({ ...why, scope: 'full' })).json).toMatchObject({ code: 'credit_exceeds_invoice' });
    await expectOrder();
  });

  it('over units and an amount off a line has their tax', async () => {
    const lines = [
      { line: 1, quantity: 2 },
      { line: 2, net: 150 },
    ];
    const { json } = await credit({ ...why, scope: 'lines', lines });
    expect(json).toMatchObject({ totals: { net: 2_650, tax: 530, gross: 3_180 } });
    expect(await openItem()).toMatchObject({ balance: 12_300 });
    const more = await credit({ ...why, scope: 'lines', lines: [{ line: 1, quantity: 9 }] });
    expect(more.json).toMatchObject({
      code: 'credit_exceeds_invoice',
      issues: [{ path: 'lines.0.quantity', message: 'only 8 left to credit' }],
    });
    await expectOrder();
  });

  it('over an amount, then goodwill, then the rest, comes to the invoice to the penny', async () => {
    const amount = await credit({ ...why, scope: 'amount', net: 333 });
    expect(amount.json).toMatchObject({ totals: { net: 333, tax: 67, gross: 400 } });
    const goodwill = await credit({
      reasonCode: 'goodwill',
      reason: 'late',
      scope: 'goodwill',
      gross: 1_001,
    });
    expect(goodwill.json).toMatchObject({ totals: { gross: 1_001 } });
    const rest = await credit({ ...why, scope: 'full' });
    expect(rest.json).toMatchObject({ totals: { gross: 15_480 - 400 - 1_001 } });
    expect(await openItem()).toMatchObject({ status: 'paid' });
    await expectOrder();
  });

  it('leaves what is more than still owed on the account', async () => {
    await pay(15_000, 15_000);
    await credit({ ...why, scope: 'goodwill', gross: 1_000 });
    expect(await openItem()).toMatchObject({ status: 'paid' });
    expect(await account()).toMatchObject({ receivable: -520 });
    await expectOrder();
  });

  it('leaves the cost of goods that stay with the customer where it is', async () => {
    await post(
      'putProduct',
      { sku: 'MUG-1' },
      { description: 'Mug', prices: { GBP: 1_250 }, costs: { GBP: 700 } },
    );
    const order = await post(
      'placeOrder',
      {},
      { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG-1', quantity: 2 }] },
    );
    await settle();
    const shipped = await post('createShipment', { orderId: String(order.json.orderId) }, {});
    await settle();
    const params = { invoiceId: String(shipped.json.invoiceId) };
    const costs = () =>
      table
        .items(({ PK, SK }) => PK.startsWith('ledger_') && SK.startsWith('ENTRY#'))
        .flatMap((item) => z.array(Posting).parse(item['postings']))
        .filter(({ account }) => account === 'cost_of_goods')
        .map(({ amount }) => amount);
    expect(costs()).toEqual([1_400]);
    const anew = await post('reissueInvoice', params, { reasonCode: 'address', reason: 'moved' });
    expect(costs().toSorted((one, other) => one - other)).toEqual([-1_400, 1_400, 1_400]);
    await post('createCreditNote', { invoiceId: String(anew.json.invoiceId) }, { ...why, scope: 'full' });
    expect(costs()).toHaveLength(3);
    await expectOrder();
  });

  it('is issued once for a key, and refused beyond what is left', async () => {
    const body = { ...why, scope: 'amount', net: 100 };
    const first = await credit(body, 'twice');
    const again = await credit(body, 'twice');
    expect(again.json).toEqual(first.json);
    expect((await credit({ ...why, scope: 'amount', net: 12_801 })).json).toMatchObject({
      code: 'credit_exceeds_invoice',
      issues: [{ path: 'net', message: 'must be at most 12800' }],
    });
    await expectOrder();
  });

  it('keeps goods from being credited a second time when they come back', async () => {
    await credit({ ...why, scope: 'amount', net: 12_000 });
    const back = await post(
      'createReturn',
      {},
      {
        customerId: 'cus_harbour',
        invoiceId,
        reason: 'not as ordered',
        lines: [{ sku: 'MUG-1', quantity: 2, condition: 'restock' }],
      },
    );
    expect(back.json).toMatchObject({ code: 'return_exceeds_invoice' });
    await expectOrder();
  });
});

describe('a credit note of an invoice that was not all paid in money', () => {
  const earlyPayer = () =>
    post(
      'recordPayment',
      {},
      {
        customerId: 'cus_harbour',
        method: 'bank_transfer',
        currency: 'GBP',
        amount: 15_170,
        allocations: [{ invoiceId, amount: 15_170, discount: 310 }],
      },
    );
  /** The invoice of 154.80, of which 3.10 may be taken off for paying early, 0.52 of it tax. */
  async function offerDiscount(): Promise<void> {
    const discount = { until: '2026-03-13', amount: 310, tax: 52 };
    for (const [key, more] of [
      [keys.openItem(invoiceId), discount],
      [keys.invoice(invoiceId), { until: '2026-03-13', amount: 310, percent: '2' }],
    ] as const) {
      const item = await table.get(key);
      if (item) await table.transact([{ do: 'put', item: { ...item, discount: more } }]);
    }
  }
  const writeOff = (amount: number) =>
    post('writeOffInvoice', { invoiceId }, { amount, reason: 'nobody there' });
  const unapplied = () =>
    table
      .items(({ SK, PK }) => PK.startsWith('crn_') && SK === 'OPEN')
      .map((item) => Number(item['unapplied']))
      .toSorted((one, other) => one - other);
  const postings = (kind: string) =>
    table.items((item) => item['kind'] === kind && 'postings' in item).map((item) => item['postings']);

  it('takes the discount back, so that only what was paid is left for the customer', async () => {
    await offerDiscount();
    await earlyPayer();
    expect(await openItem()).toMatchObject({ status: 'paid', discountTaken: { amount: 310, tax: 52 } });
    const { json } = await credit({ ...why, scope: 'full' });
    expect(json).toMatchObject({ totals: { gross: 15_480 }, discountTakenBack: { amount: 310, tax: 52 } });
    expect(unapplied()).toEqual([15_170]);
    expect(await account()).toMatchObject({ receivable: -15_170, exposure: -15_170 });
    const item = await openItem();
    expect(item).toMatchObject({ status: 'paid', balance: 0 });
    expect(item).not.toHaveProperty('discountTaken');
    expect(factsIn(table).at(-1)).toMatchObject({
      type: 'credit_note.issued',
      data: { gross: 15_480, discountTakenBack: { amount: 310, tax: 52 } },
    });
    expect(z.array(Posting).parse(postings('credit_note')[0])).toEqual(
      expect.arrayContaining([
        { account: 'unapplied', amount: -15_170 },
        { account: 'discounts_allowed', amount: -258 },
        { account: 'output_tax', amount: -52 },
        { account: 'receivables', amount: 310 },
      ]),
    );
    await expectOrder();
  });

  it('takes the discount back in proportion, and all of it when the parts come to the whole', async () => {
    await offerDiscount();
    await earlyPayer();
    const parts = [333, 5_000, 7_777].map((gross) => ({ ...why, scope: 'goodwill', gross }));
    const taken: number[] = [];
    for (const part of [...parts, { ...why, scope: 'full' }]) {
      taken.push((await credit(part)).json.discountTakenBack.amount);
    }
    expect(taken).toEqual([7, 100, 156, 47]);
    expect(await account()).toMatchObject({ receivable: -15_170 });
    await expectOrder();
  });

  it('settles what was written off, and only what was paid is left', async () => {
    await pay(5_000, 5_000);
    await writeOff(10_480);
    const part = await credit({ ...why, scope: 'goodwill', gross: 480 });
    expect(part.json).toMatchObject({ writeOffTakenBack: 480 });
    expect(await openItem()).toMatchObject({ status: 'written_off', writtenOff: 10_000 });
    const { json } = await credit({ ...why, scope: 'full' });
    expect(json).toMatchObject({ totals: { gross: 15_000 }, writeOffTakenBack: 10_000 });
    expect(unapplied()).toEqual([0, 5_000]);
    expect(await account()).toMatchObject({ receivable: -5_000, exposure: -5_000 });
    const item = await openItem();
    expect(item).toMatchObject({ status: 'paid', balance: 0 });
    expect(item).not.toHaveProperty('writtenOff');
    await expectOrder();
  });

  it('settles what is still owed before what was written off', async () => {
    await writeOff(480);
    const { json } = await credit({ ...why, scope: 'goodwill', gross: 15_100 });
    expect(json).toMatchObject({ writeOffTakenBack: 100 });
    expect(await openItem()).toMatchObject({ status: 'paid', balance: 0, writtenOff: 380 });
    expect(unapplied()).toEqual([0]);
    await expectOrder();
  });

  it('does so for goods that come back too', async () => {
    await offerDiscount();
    await earlyPayer();
    const lines = [{ sku: 'MUG-1', quantity: 10, condition: 'scrap' }];
    const body = { customerId: 'cus_harbour', invoiceId, reason: 'chipped', lines };
    const { json } = await post('createReturn', {}, body);
    // Ten mugs and no postage: 150.00 of 154.80, and of the discount 3.00.
    expect([json.gross, json.applied, ...unapplied()]).toEqual([15_000, 300, 14_700]);
    expect(await account()).toMatchObject({ receivable: -14_700 });
    await expectOrder();
  });

  it('is found out by the auditor where it leaves more than was paid', async () => {
    await offerDiscount();
    await earlyPayer();
    await credit({ ...why, scope: 'full' });
    await settle();
    const items = table.items().map((item) => {
      const { discountTakenBack: _back, ...rest } = item;
      return item['kind'] === 'credit_note' ? rest : item;
    });
    const { violations } = await checkInvariants(items, { settled: true });
    expect(violations).toContainEqual({
      invariant: 'C',
      detail: expect.stringContaining(`discount taken of ${invoiceId}`),
    });
    const greedy = table
      .items()
      .map((item) =>
        item['PK'].startsWith('crn_') && item['SK'] === 'OPEN'
          ? { ...item, applied: [], unapplied: 15_480 }
          : item,
      );
    expect((await checkInvariants(greedy, { settled: true })).violations).toContainEqual({
      invariant: 'C',
      detail: `15480 of the credit of ${invoiceId} is the customer's, who paid 15170 and owes 0`,
    });
  });
});

describe('a re-issued invoice', () => {
  it('takes the place of the wrong one, with the right price and reference', async () => {
    const changes = { poNumber: 'PO-9', lines: [{ line: 1, unitPrice: 1_000 }] };
    const { status, json } = await reissue({ ...why, changes });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      number: 'INV-2026-000002',
      creditNoteNumber: 'CN-2026-000001',
      replaces: { number: 'INV-2026-000001' },
      gross: 12_480,
    });
    expect(await openItem()).toMatchObject({ status: 'paid' });
    expect(await openItem(String(json.invoiceId))).toMatchObject({ balance: 12_480, dueOn: '2026-04-02' });
    expect(await account()).toMatchObject({ receivable: 12_480, exposure: 12_480 });
    await expectOrder();
  });

  it('is paid by what was paid on the wrong one', async () => {
    await pay(10_000, 10_000);
    const { json } = await reissue({ reasonCode: 'address', reason: 'moved' });
    expect(await openItem(String(json.invoiceId))).toMatchObject({ total: 15_480, balance: 5_480 });
    expect(await account()).toMatchObject({ receivable: 5_480 });
    await expectOrder();
  });

  it('comes once for a key, and not of an invoice that was credited', async () => {
    const first = await reissue(why, 'once');
    expect((await reissue(why, 'once')).json).toEqual(first.json);
    expect((await reissue(why)).json).toMatchObject({ code: 'invoice_not_creditable' });
    await expectOrder();
  });

  it('can not have more units, or lines that the wrong one had not', async () => {
    const changes = { lines: [{ line: 1, quantity: 11 }, { line: 7 }] };
    expect((await reissue({ ...why, changes })).json).toMatchObject({
      code: 'validation_failed',
      issues: [
        { path: 'changes.lines.0.quantity', message: 'must be at most 10' },
        { path: 'changes.lines.1.line', message: 'is not on the invoice' },
      ],
    });
    await expectOrder();
  });
});
