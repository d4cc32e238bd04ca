import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { Sku, twinId, WarehouseId } from '#shared/kernel/ids.ts';
import { keys } from '#shared/table/keys.ts';
import { factsIn, request } from '#test/builders/house.ts';
import type { RequestOptions } from '#test/builders/http-event.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-31T10:00:00.000Z';
const body = {
  customerId: 'cus_harbour',
  currency: 'GBP',
  lines: [
    { sku: 'MUG-1', quantity: 4 },
    { sku: 'POST', quantity: 1 },
  ],
  method: 'cash',
  reference: 'TILL-2-000815',
};

let shop: Trading;
beforeEach(async () => {
  shop = trading();
  const { done } = shop;
  await done('putCustomer', {
    params: { customerId: 'cus_harbour' },
    body: {
      name: 'Harbour Books',
      email: 'orders@harbour.example',
      address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
      currency: 'GBP',
      creditLimit: 0,
    },
    at,
  });
  const mug = { description: 'Mug, blue glaze', prices: { GBP: 1_250 }, costs: { GBP: 430 } };
  await done('putProduct', { params: { sku: 'MUG-1' }, body: mug, at });
  const post = { description: 'Wrapping', kind: 'charge', prices: { GBP: 400 } };
  await done('putProduct', { params: { sku: 'POST' }, body: post, at });
  await done('recordStockMovement', {
    params: { sku: 'MUG-1' },
    body: { quantity: 10, reason: 'received' },
    at,
  });
});

const sell = (options: RequestOptions) => shop.ask('createCounterSale', { at, body, ...options });
const withKey = (key: string) => ({ 'idempotency-key': key });

async function expectInvariants() {
  const { violations } = await checkInvariants(shop.table.items(), { settled: true });
  expect(violations).toEqual([]);
}

describe('POST /v1/counter-sales', () => {
  it('writes order, shipment, invoice and payment at once, and nothing follows from them', async () => {
    const before = shop.table.changes().length;
    const { status, json } = await sell({});
    expect(status).toBe(201);
    expect(json).toMatchObject({
      customerId: 'cus_harbour',
      soldAt: at,
      currency: 'GBP',
      totals: { net: 5_400, tax: 1_080, gross: 6_480 },
      invoice: { number: 'INV-2026-000001' },
      payment: { method: 'cash', amount: 6_480, reference: 'TILL-2-000815' },
      links: { order: `/v1/orders/${json.orderId}`, invoice: `/v1/invoices/${json.invoice.invoiceId}` },
    });
    // The key, head and lines of the order, its three facts, stock, shipment, invoice, its fact, number, open item,
    // payment, its fact and two entries. A process writes the company as the seller once before.
    const written = shop.table.changes().slice(before);
    expect(written.filter(({ after }) => !after?.PK.startsWith('com_'))).toHaveLength(16);
    expect(
      factsIn(shop.table)
        .slice(-5)
        .map(({ id, type }) => [type, id]),
    ).toEqual([
      ['order.placed', `${json.orderId}.000001`],
      ['order.confirmed', `${json.orderId}.000002`],
      ['shipment.dispatched', `${json.orderId}.000003`],
      ['invoice.issued', `${json.invoice.invoiceId}.000001`],
      ['payment.received', `${json.payment.paymentId}.000001`],
    ]);
    await expectInvariants();
  });

  it('takes the goods from the warehouse it names, and from none that takes no orders', async () => {
    await shop.done('putPolicy', {
      params: { name: 'warehouses' },
      body: {
        effectiveFrom: '2026-01-01',
        policy: {
          warehouses: [
            { id: 'main', name: 'Leith' },
            { id: 'shop', name: 'High Street' },
            { id: 'closed', name: 'Old shed', active: false },
          ],
        },
      },
      at: '2025-12-31T10:00:00.000Z',
    });
    await shop.done('recordStockMovement', {
      params: { sku: 'MUG-1' },
      body: { quantity: 4, reason: 'received', warehouse: 'shop' },
      at,
    });
    const { orderId } = await shop.done('createCounterSale', { at, body: { ...body, warehouse: 'shop' } });
    expect(await shop.done('listShipments', { params: { orderId } })).toMatchObject({
      items: [{ warehouse: 'shop' }],
    });
    expect(await shop.table.get(keys.stock(Sku.parse('MUG-1'), WarehouseId.parse('shop')))).toMatchObject({
      onHand: 0,
      available: 0,
    });
    expect(await shop.table.get(keys.stock(Sku.parse('MUG-1')))).toMatchObject({ onHand: 10, available: 10 });

    for (const [warehouse, code] of [
      ['shop', 'insufficient_stock'],
      ['closed', 'warehouse_not_found'],
      ['nowhere', 'warehouse_not_found'],
    ]) {
      const before = shop.table.items();
      expect((await sell({ body: { ...body, warehouse } })).json).toMatchObject({ code });
      expect(shop.table.items()).toEqual(before);
    }
    await expectInvariants();
  });

  it('leaves nothing owed, nothing claimed and the goods gone', async () => {
    const { json } = await sell({});
    const order = await shop.done('getOrder', { params: { orderId: json.orderId } });
    expect(order).toMatchObject({ status: 'shipped', channel: 'counter', version: 3 });
    const invoice = await shop.done('getInvoice', { params: { invoiceId: json.invoice.invoiceId } });
    expect(invoice).toMatchObject({ type: 'counter', status: 'paid', balance: 0 });
    const { account } = await shop.done('getCustomer', { params: { customerId: 'cus_harbour' } });
    expect(account).toMatchObject({ exposure: 0, receivable: 0 });
    const { stock } = await shop.done('getProduct', { params: { sku: 'MUG-1' } });
    expect(stock).toMatchObject({ onHand: 6, reserved: 0, available: 6 });
    const sold = twinId('ent', json.invoice.invoiceId);
    const paid = twinId('ent', json.payment.paymentId);
    const [ofInvoice, ofPayment] = [sold, paid].map((id) =>
      shop.table.items((item) => item['entryId'] === id),
    );
    expect(ofInvoice).toMatchObject([
      {
        postings: [
          { account: 'receivables', amount: 6_480 },
          { account: 'sales', amount: -5_000 },
          { account: 'charges', amount: -400 },
          { account: 'output_tax', amount: -1_080 },
          { account: 'cost_of_goods', amount: 1_720 },
          { account: 'inventory', amount: -1_720 },
        ],
      },
    ]);
    expect(ofPayment).toMatchObject([
      {
        postings: [
          { account: 'cash', amount: 6_480 },
          { account: 'receivables', amount: -6_480 },
        ],
      },
    ]);
  });

  it('answers a repetition alike and writes nothing', async () => {
    const first = await sell({ headers: withKey('sale-1') });
    const items = shop.table.items();
    const again = await sell({ headers: withKey('sale-1') });
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect(shop.table.items()).toEqual(items);
    const other = await sell({ headers: withKey('sale-1'), body: { ...body, method: 'card' } });
    expect(other.json.code).toBe('idempotency_key_reused');
  });

  it('sells the last ones once', async () => {
    const seven = { ...body, lines: [{ sku: 'MUG-1', quantity: 7 }] };
    const answers = await Promise.all(
      ['till-1', 'till-2', 'till-3'].map((till) =>
        request(shop.table.client(), 'createCounterSale', { at, body: seven, headers: withKey(till) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409).map(({ json }) => json.code)).toEqual([
      'insufficient_stock',
      'insufficient_stock',
    ]);
    await expectInvariants();
  });

  it.each([
    ['more than there is', { lines: [{ sku: 'MUG-1', quantity: 11 }] }, 409, 'insufficient_stock'],
    ['an unknown SKU', { lines: [{ sku: 'NO-1', quantity: 1 }] }, 422, 'product_not_found'],
    ['another currency', { currency: 'EUR' }, 422, 'currency_mismatch'],
    ['an unknown customer', { customerId: 'cus_nobody' }, 422, 'customer_not_found'],
    ['another way to pay', { method: 'bank_transfer' }, 422, 'validation_failed'],
  ])('refuses %s and writes nothing', async (_, change, status, code) => {
    await sell({ body: { ...body, lines: [{ sku: 'POST', quantity: 1 }] } });
    const items = shop.table.items();
    const refused = await sell({ body: { ...body, ...change } });
    expect([refused.status, refused.json.code]).toEqual([status, code]);
    expect(shop.table.items()).toEqual(items);
  });

  it('refuses a purchase order of the customer that is an order already', async () => {
    await sell({ body: { ...body, poNumber: 'PO-7' } });
    const again = await sell({ body: { ...body, poNumber: 'PO-7' } });
    expect([again.status, again.json.code]).toEqual([409, 'purchase_order_reused']);
  });

  it('is for sales, not for customers', async () => {
    const as = { sub: 'user-2', name: 'Ann', roles: ['customer'], customerId: 'cus_harbour' } as const;
    expect((await sell({ as })).status).toBe(403);
    expect((await sell({ as: { sub: 's', name: 'Sally Sales', roles: ['sales'] } })).status).toBe(201);
  });
});
