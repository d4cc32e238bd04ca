import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { renderXml } from '#shared/e-invoice/render-xml.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { OrderId } from '#shared/kernel/ids.ts';
import { returnUnits } from '#shared/order/move-units.ts';
import { isAccepted } from '#shared/order/order.ts';
import { ReturnedGoods } from '#shared/order/order-movement.ts';
import { returnedActions } from '#shared/order/order-movement-store.ts';
import { loadShippingFile } from '#shared/shipment/shipment-store.ts';
import { factsIn, request } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';
import { drafted } from '../../conformance/draft.ts';

const at = '2026-03-02T09:00:00Z';
const customerId = 'cus_harbour';
const carla = { sub: 'carla', name: 'Carla Credit', roles: ['credit'] } as const;

let company: Trading;

/** Harbour Books may owe GBP 300.00; mugs are 12.50 and plates 20.00 before 20 % tax, forty of each. */
beforeEach(async () => {
  company = trading();
  await openFor(30_000);
});

async function openFor(creditLimit: number, more: object = {}): Promise<void> {
  const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  const harbour = { name: 'Harbour Books', email: 'orders@harbour.example', currency: 'GBP', address };
  await company.done('putCustomer', {
    params: { customerId },
    body: { ...harbour, creditLimit, ...more },
    at,
  });
  for (const [sku, price] of [
    ['MUG', 1_250],
    ['PLATE', 2_000],
  ] as const) {
    const product = { description: sku, prices: { GBP: price } };
    await company.done('putProduct', { params: { sku }, body: product, at });
    await company.done('recordStockMovement', {
      params: { sku },
      body: { quantity: 40, reason: 'received' },
      at,
    });
  }
}

/** Four mugs and two plates: GBP 90.00 before tax, 108.00 with it. */
async function placed(body: object = {}): Promise<string> {
  const lines = [
    { sku: 'MUG', quantity: 4 },
    { sku: 'PLATE', quantity: 2 },
  ];
  const { orderId } = await company.done('placeOrder', {
    body: { customerId, currency: 'GBP', lines, ...body },
    at,
  });
  return orderId;
}

const amend = (orderId: string, body: object, headers = {}) =>
  company.ask('amendOrder', { params: { orderId }, body, headers, at });
const cancel = (orderId: string, lines?: object[]) =>
  company.ask('cancelOrder', {
    params: { orderId },
    body: { reason: 'not needed', ...(lines && { lines }) },
    at,
  });
const ship = (orderId: string, lines?: object[]) =>
  company.done('createShipment', { params: { orderId }, body: { ...(lines && { lines }) }, at });
const read = (orderId: string) => company.done('getOrder', { params: { orderId } });

function stored(SK: string, owner: string) {
  return company.table.items(({ PK, SK: sort }) => PK === owner && sort === SK)[0];
}
const reserved = (sku: string) => stored('STOCK', `sku_${sku}`)?.['reserved'];
const exposure = () => stored('ACCOUNT', customerId)?.['exposure'];
const Totals = z.object({ net: z.int(), gross: z.int() });
const invoices = () =>
  company.table
    .items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT')
    .map((item) => Totals.parse(item['totals']));

async function expectAllWell(): Promise<void> {
  const { violations } = await checkInvariants(company.table.items(), { settled: true });
  expect(violations).toEqual([]);
}

describe('amending an order', () => {
  it('moves stock and credit with the quantities, and says what was before', async () => {
    const orderId = await placed();
    const { status, json } = await amend(orderId, {
      lines: [
        { line: 1, quantity: 6 },
        { line: 2, quantity: 1 },
      ],
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'confirmed',
      totals: { net: 9_500, gross: 11_400 },
      units: { ordered: 8, cancelled: 1, shipped: 0 },
      lines: [
        { quantity: 6, net: 7_500 },
        { quantity: 1, net: 2_000, units: { ordered: 2, cancelled: 1 } },
      ],
    });
    expect([reserved('MUG'), reserved('PLATE'), exposure()]).toEqual([6, 1, 11_400]);
    expect(factsIn(company.table).find(({ type }) => type === 'order.amended')?.data).toMatchObject({
      status: 'confirmed',
      lines: [
        { line: 1, sku: 'MUG', from: 4, to: 6 },
        { line: 2, sku: 'PLATE', from: 2, to: 1 },
      ],
      gross: { from: 10_800, to: 11_400 },
    });
    await expectAllWell();
  });

  it('changes nothing and writes nothing where it is like that already', async () => {
    const orderId = await placed();
    const before = company.table.items();
    const { status } = await amend(orderId, { lines: [{ line: 1, quantity: 4 }], requestedOn: null });
    expect(status).toBe(200);
    expect(company.table.items()).toEqual(before);
  });

  it('is refused at another version than the caller saw', async () => {
    const orderId = await placed();
    const { status, headers } = await company.ask('getOrder', { params: { orderId } });
    expect([status, headers?.['etag']]).toEqual([200, '"2"']);
    const late = await amend(orderId, { lines: [{ line: 1, quantity: 5 }] }, { 'if-match': '"1"' });
    expect([late.status, late.json.code]).toEqual([412, 'precondition_failed']);
    expect((await amend(orderId, { lines: [{ line: 1, quantity: 5 }] }, { 'if-match': '"2"' })).status).toBe(
      200,
    );
  });

  it('refuses more than is in stock, and nothing of it is done', async () => {
    await openFor(1_000_000);
    const orderId = await placed();
    const { json } = await amend(orderId, {
      lines: [
        { line: 1, quantity: 90 },
        { line: 2, quantity: 1 },
      ],
    });
    expect(json).toMatchObject({ status: 409, code: 'insufficient_stock' });
    expect([reserved('MUG'), reserved('PLATE')]).toEqual([4, 2]);
  });

  it('refuses what the credit does not bear, to the cent, and leaves the order as it was', async () => {
    await openFor(12_299);
    const orderId = await placed();
    const more = { lines: [{ line: 1, quantity: 5 }] };
    expect((await amend(orderId, more)).json).toMatchObject({ status: 409, code: 'credit_limit_exceeded' });
    expect([reserved('MUG'), exposure()]).toEqual([4, 10_800]);
    await openFor(12_300);
    expect((await amend(orderId, more)).status).toBe(200);
    expect(exposure()).toBe(12_300);
  });

  it('has the whole order wait where the caller asks for that, until someone else releases it', async () => {
    await openFor(12_299);
    const orderId = await placed();
    const more = { lines: [{ line: 1, quantity: 5 }], onInsufficientCredit: 'hold' };
    expect((await amend(orderId, more)).json).toMatchObject({
      status: 'held',
      reasons: [{ code: 'credit_limit_exceeded' }],
      totals: { gross: 12_300 },
    });
    expect([reserved('MUG'), exposure()]).toEqual([5, 0]);
    const release = { params: { orderId }, body: { reason: 'pays on Friday' }, at };
    const own = await company.ask('releaseOrder', release);
    expect([own.status, own.json.code]).toEqual([403, 'approval_by_requester']);
    await company.done('releaseOrder', { ...release, as: carla });
    expect(await read(orderId)).toMatchObject({ status: 'confirmed' });
    expect(exposure()).toBe(12_300);
    await expectAllWell();
  });

  it('decides about a held order anew', async () => {
    await openFor(9_000);
    const orderId = await placed();
    expect(await read(orderId)).toMatchObject({ status: 'held' });
    await amend(orderId, { lines: [{ line: 2, quantity: 1 }] });
    expect(await read(orderId)).toMatchObject({ status: 'confirmed', totals: { gross: 8_400 } });
    expect(exposure()).toBe(8_400);
    await expectAllWell();
  });

  it('never takes back what has shipped, and says the figures', async () => {
    const orderId = await placed();
    await ship(orderId, [{ line: 1, quantity: 3 }]);
    expect((await amend(orderId, { lines: [{ line: 1, quantity: 2 }] })).json).toMatchObject({
      status: 409,
      code: 'amendment_below_shipped',
      issues: [{ path: 'lines.0.quantity', message: '3 of 4 have shipped: must be at least 3' }],
    });
    expect((await amend(orderId, { lines: [{ line: 1, quantity: 5 }] })).json.code).toBe(
      'order_not_amendable',
    );
    expect((await amend(orderId, { lines: [{ line: 1, quantity: 3 }] })).json).toMatchObject({
      status: 'partly_shipped',
      units: { ordered: 6, cancelled: 1, shipped: 3 },
    });
    await expectAllWell();
  });

  it('changes where the goods go and when, but not to where they are taxed otherwise', async () => {
    const orderId = await placed();
    const depot = { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };
    expect((await amend(orderId, { shipTo: depot, requestedOn: '2026-03-20' })).json).toMatchObject({
      shipTo: depot,
      requestedOn: '2026-03-20',
    });
    const abroad = { lines: ['Rue 1'], city: 'Lyon', postalCode: '69001', country: 'FR' };
    expect((await amend(orderId, { shipTo: abroad })).json.code).toBe('ship_to_changes_tax');
    expect((await amend(orderId, { requestedOn: null })).json).not.toHaveProperty('requestedOn');
    await expectAllWell();
  });

  it('is not for what leaves nothing of the order', async () => {
    const orderId = await placed();
    const none = {
      lines: [
        { line: 1, quantity: 0 },
        { line: 2, quantity: 0 },
      ],
    };
    expect((await amend(orderId, none)).json.code).toBe('order_not_amendable');
  });

  it('is taxed by where the goods go to from the start', async () => {
    const orderId = await placed({ shipTo: { lines: ['Rue 1'], city: 'Lyon', country: 'FR' } });
    expect(await read(orderId)).toMatchObject({
      totals: { net: 9_000, tax: 0, groups: [{ category: 'G' }] },
    });
  });
});

describe('cancelling a part', () => {
  it('bills exactly what is left, discounts in proportion and freight in full', async () => {
    const adjustments = [
      { kind: 'discount', reason: 'spring', percent: '10' },
      { kind: 'freight', reason: 'van', amount: 700 },
    ];
    const lines = [
      { sku: 'MUG', quantity: 4, discount: { amount: 333 } },
      { sku: 'PLATE', quantity: 2 },
    ];
    const orderId = await placed({ adjustments, lines });
    await ship(orderId, [{ line: 1, quantity: 1 }]);
    expect((await cancel(orderId, [{ line: 1, quantity: 2 }])).status).toBe(200);
    await ship(orderId, [{ line: 1, quantity: 1 }]);
    await ship(orderId);
    const order = await read(orderId);
    expect(order).toMatchObject({
      status: 'shipped',
      units: { ordered: 6, cancelled: 2, shipped: 4 },
      lines: [
        {
          quantity: 2,
          discount: { amount: 166 },
          units: { ordered: 4, cancelled: 2, shipped: 2, invoiced: 2 },
        },
        { quantity: 2 },
      ],
    });
    expect(invoices().reduce((sum, { net }) => sum + net, 0)).toBe(order.totals.net);
    await expectAllWell();
  });

  it('gives stock and credit back and goes on with what has shipped', async () => {
    const orderId = await placed();
    await ship(orderId, [{ line: 1, quantity: 3 }]);
    expect((await cancel(orderId)).json).toMatchObject({ status: 'shipped', totals: { gross: 4_500 } });
    expect([reserved('MUG'), reserved('PLATE'), exposure()]).toEqual([0, 0, 4_500]);
    await expectAllWell();
  });

  it('invoices an order that is billed whole once its rest is cancelled', async () => {
    await openFor(30_000, { invoicing: 'order' });
    const orderId = await placed();
    await ship(orderId, [{ line: 1, quantity: 3 }]);
    expect(invoices()).toEqual([]);
    await cancel(orderId);
    expect(invoices()).toMatchObject([{ gross: 4_500 }]);
    await expectAllWell();
  });

  it('invoices an order that is billed whole once it is amended to what has shipped', async () => {
    await openFor(30_000, { invoicing: 'order' });
    const orderId = await placed();
    await ship(orderId, [{ line: 1, quantity: 3 }]);
    const lines = [
      { line: 1, quantity: 3 },
      { line: 2, quantity: 0 },
    ];
    expect((await amend(orderId, { lines })).json).toMatchObject({ status: 'shipped' });
    expect(invoices()).toMatchObject([{ gross: 4_500 }]);
    await expectAllWell();
  });

  it('cancels the order whole where nothing is left of it', async () => {
    const orderId = await placed();
    await cancel(orderId, [{ line: 2, quantity: 2 }]);
    expect((await cancel(orderId, [{ line: 1, quantity: 4 }])).json).toMatchObject({
      status: 'cancelled',
      units: { ordered: 6, cancelled: 6 },
    });
    expect([reserved('MUG'), reserved('PLATE'), exposure()]).toEqual([0, 0, 0]);
    await expectAllWell();
  });

  it('refuses more than is left to ship, with the figures', async () => {
    const orderId = await placed();
    await ship(orderId, [{ line: 1, quantity: 3 }]);
    expect((await cancel(orderId, [{ line: 1, quantity: 2 }])).json).toMatchObject({
      status: 409,
      code: 'cancellation_exceeds_order',
      issues: [{ message: '4 ordered, 3 shipped: at most 1 can be cancelled' }],
    });
  });

  it('leaves enough for the deposits to be taken off', async () => {
    const orderId = await placed();
    await company.done('invoiceDeposit', { params: { orderId }, body: { percent: '50' }, at });
    expect((await cancel(orderId, [{ line: 1, quantity: 4 }])).json.code).toBe('order_has_deposit');
    expect((await cancel(orderId, [{ line: 2, quantity: 1 }])).status).toBe(200);
    await ship(orderId);
    await expectAllWell();
  });

  it('repeats its answer under the same key, whatever becomes of the order since', async () => {
    const orderId = await placed();
    const request = {
      params: { orderId },
      body: { reason: 'not needed', lines: [{ line: 1, quantity: 1 }] },
      headers: { 'idempotency-key': 'once' },
      at,
    };
    const first = await company.done('cancelOrder', request);
    await cancel(orderId, [{ line: 2, quantity: 1 }]);
    expect(await company.done('cancelOrder', request)).toEqual(first);
  });
});

describe('what arrives of an order and comes back', () => {
  it('changes its state, stands at its lines, and is checked by the auditor', async () => {
    const orderId = await placed();
    await ship(orderId);
    const { items } = await company.done('listShipments', { params: { orderId } });
    const { shipmentId } = items[0];
    const deliver = (lines: object[]) =>
      company.done('recordDelivery', { params: { orderId, shipmentId }, body: { lines }, at });
    await deliver([{ line: 1, quantity: 3 }]);
    expect(await read(orderId)).toMatchObject({
      status: 'partly_delivered',
      units: { shipped: 6, delivered: 3 },
      lines: [{ units: { shipped: 4, delivered: 3, invoiced: 4 } }, { units: { delivered: 0 } }],
    });
    await deliver([
      { line: 1, quantity: 4 },
      { line: 2, quantity: 2 },
    ]);
    const file = await loadShippingFile(company.table, OrderId.parse(orderId));
    if (!file || !isAccepted(file.order)) throw new Error('the order has not shipped');
    const back = ReturnedGoods.parse({
      orderId,
      returnId: 'ret_01k0000000000000000000000a',
      lines: [{ line: 2, quantity: 1 }],
      at: '2026-03-09T09:00:00.000Z',
    });
    await company.table.transact(returnedActions(file.order, returnUnits(file, back), back));
    expect(await read(orderId)).toMatchObject({
      status: 'partly_returned',
      units: { delivered: 6, returned: 1 },
      lines: [{ units: { delivered: 4 } }, { units: { delivered: 2, returned: 1 } }],
    });
    const { violations } = await checkInvariants(company.table.items());
    // Whoever tells of a return records the fact that goes with it; here nobody does.
    expect(violations.filter(({ invariant }) => invariant === 'K')).toEqual([]);
    const wrong = company.table
      .items()
      .map((item) =>
        item.PK === orderId && item.SK === 'HEAD'
          ? { ...item, units: { ...z.object({}).loose().parse(item['units']), delivered: 5 } }
          : item,
      );
    expect((await checkInvariants(wrong)).violations.map(({ detail }) => detail)).toContain(
      `units delivered of ${orderId}: found 5, expected 6`,
    );
  });
});

it('an invoice says where the goods went, where that is not the buyer’s address', async () => {
  const depot = { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };
  const home = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  for (const shipTo of [depot, home]) await ship(await placed({ shipTo }));
  const documents = company.table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT');
  const saying = documents.filter((item) => item['shipTo'] !== undefined);
  expect([documents.length, saying.map((item) => item['shipTo'])]).toEqual([2, [depot]]);
  const lines = [{ quantity: 4, unitPrice: 1_250, tax: { category: 'S', rate: '20' } }] as const;
  const document = drafted({ kind: 'invoice', currency: 'GBP', lines, head: { shipTo: depot } });
  const { content } = renderXml('ubl', document);
  expect(content.replaceAll(/\s+/g, '')).toContain(
    '<cac:DeliveryLocation><cac:Address><cbc:StreetName>Dock4</cbc:StreetName><cbc:CityName>Hull',
  );
});

describe('changes made at the same moment', () => {
  it('never take more credit than there is: of two that fit one by one, one is refused', async () => {
    await openFor(23_100);
    const [one, two] = [await placed(), await placed({ poNumber: 'PO-2' })];
    const answers = await Promise.all(
      [one, two].map((orderId) => amend(orderId, { lines: [{ line: 1, quantity: 5 }] })),
    );
    expect(answers.map(({ status }) => `${status}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '200',
      '409',
    ]);
    expect(answers.find(({ status }) => status === 409)?.json.code).toBe('credit_limit_exceeded');
    expect(exposure()).toBe(10_800 + 12_300);
    await expectAllWell();
  });
});

it('an order being decided about is not changed, but may be cancelled whole', async () => {
  const { headers, ...body } = {
    headers: { 'idempotency-key': 'raw' },
    customerId,
    currency: 'GBP',
    lines: [{ sku: 'MUG', quantity: 4 }],
  };
  const { json } = await request(company.table, 'placeOrder', { body, headers, at });
  const params = { orderId: json.orderId };
  const change = await request(company.table, 'amendOrder', {
    params,
    body: { lines: [{ line: 1, quantity: 5 }] },
    at,
  });
  expect(change.json).toMatchObject({ status: 409, code: 'order_being_decided' });
  const cancelled = await request(company.table, 'cancelOrder', {
    params,
    body: { reason: 'not needed' },
    headers: { 'idempotency-key': 'raw-cancel' },
    at,
  });
  expect(cancelled.json).toMatchObject({ status: 'cancelled' });
});

it('customers change their own orders and no others', async () => {
  const orderId = await placed();
  const as = (customer: string) => ({
    sub: customer,
    name: customer,
    roles: ['customer'] as const,
    customerId: customer,
  });
  const body = { lines: [{ line: 1, quantity: 5 }] };
  const own = await company.ask('amendOrder', { params: { orderId }, body, at, as: as(customerId) });
  const other = await company.ask('amendOrder', { params: { orderId }, body, at, as: as('cus_other') });
  expect([own.status, other.status]).toEqual([200, 404]);
});

it('an order repeated under its key is shown as it was placed, though it was changed since', async () => {
  const body = {
    customerId,
    currency: 'GBP',
    lines: [{ sku: 'MUG', quantity: 4, discount: { percent: '10' } }],
    adjustments: [{ kind: 'discount', reason: 'spring', percent: '5' }],
    requestedOn: '2026-03-20',
  };
  const request = { body, headers: { 'idempotency-key': 'once' }, at };
  const first = await company.done('placeOrder', request);
  await amend(first.orderId, { lines: [{ line: 1, quantity: 6 }], requestedOn: '2026-03-25' });
  await cancel(first.orderId, [{ line: 1, quantity: 3 }]);
  expect(await company.done('placeOrder', request)).toEqual(first);
});

it('more of a line costs what an order of that many would have', async () => {
  const body = (quantity: number) => ({
    lines: [
      { sku: 'MUG', quantity, discount: { percent: '7' } },
      { sku: 'PLATE', quantity: 2 },
    ],
    adjustments: [
      { kind: 'discount', reason: 'spring', percent: '3.5' },
      { kind: 'charge', reason: 'handling', percent: '1' },
    ],
  });
  const grown = await placed(body(3));
  await amend(grown, { lines: [{ line: 1, quantity: 5 }] });
  const { totals, adjustments } = await read(await placed(body(5)));
  expect(await read(grown)).toMatchObject({ totals, adjustments });
  await expectAllWell();
});
