import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { billingDue } from '#shared/invoice/to-bill.ts';
import { instant } from '#shared/kernel/time.ts';
import { billDue, request, type Served } from '#test/builders/house.ts';
import type { RequestOptions } from '#test/builders/http-event.ts';
import { trading } from '#test/builders/trading.ts';

let company = trading();
let { table } = company;
const send = (operationId: Served, options: RequestOptions) => company.ask(operationId, options);

/** Monday morning after the first week. */
const MONDAY = '2026-03-09T05:30:00.000Z';

/** A British customer, mugs at 12.50 and postage at 4.00. */
async function open(invoicing: string): Promise<void> {
  await send('putCustomer', {
    params: { customerId: 'cus_harbour' },
    body: {
      name: 'Harbour Books Ltd',
      email: 'orders@harbour.example',
      address: { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' },
      currency: 'GBP',
      creditLimit: 500_000,
      invoicing,
    },
  });
  for (const [sku, kind, price] of [
    ['MUG-1', 'goods', 1_250],
    ['POST', 'charge', 400],
  ] as const) {
    await send('putProduct', { params: { sku }, body: { description: sku, kind, prices: { GBP: price } } });
  }
  await send('recordStockMovement', { params: { sku: 'MUG-1' }, body: { quantity: 500, reason: 'opening' } });
}

async function place(mugs: number, poNumber?: string): Promise<string> {
  const { json } = await send('placeOrder', {
    at: '2026-03-02T09:00:00.000Z',
    body: {
      customerId: 'cus_harbour',
      currency: 'GBP',
      ...(poNumber !== undefined && { poNumber }),
      lines: [
        { sku: 'MUG-1', quantity: mugs },
        { sku: 'POST', quantity: 1 },
      ],
    },
  });
  return json.orderId;
}

async function ship(orderId: string, at: string, lines?: { line: number; quantity: number }[]) {
  const { json } = await send('createShipment', {
    params: { orderId },
    at,
    body: lines ? { lines } : {},
  });
  return json;
}

const invoice = async (invoiceId: string) =>
  (await request(table, 'getInvoice', { params: { invoiceId } })).json;

const invoices = () => table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT');

async function expectInvariants(): Promise<void> {
  const { violations } = await checkInvariants(table.items(), { settled: true });
  expect(violations).toEqual([]);
}

beforeEach(() => {
  company = trading();
  ({ table } = company);
});

describe('when a shipment is billed', () => {
  it.each([
    ['weekly', '2026-03-02T09:00:00.000Z', '2026-03-09T00:00:00.000Z'],
    ['weekly', '2026-03-08T23:59:59.000Z', '2026-03-09T00:00:00.000Z'],
    // Summer time begins on the last Sunday of March.
    ['weekly', '2026-03-29T12:00:00.000Z', '2026-03-29T23:00:00.000Z'],
    ['weekly', '2026-03-29T23:00:00.000Z', '2026-04-05T23:00:00.000Z'],
    ['monthly', '2026-02-10T09:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['monthly', '2026-12-31T23:59:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['order', '2026-03-02T09:00:00.000Z', undefined],
  ] as const)('%s: what left at %s is due at %s', (invoicing, at, due) => {
    expect(billingDue(invoicing, instant(at), 'Europe/London')).toBe(due);
  });
});

describe('a customer billed by the week', () => {
  /** Three shipments of two orders: 4 mugs and postage; 1 mug; 2 mugs and postage. */
  async function week() {
    await open('weekly');
    const [one, other] = [await place(5, 'PO-1'), await place(2)];
    return [
      await ship(one, '2026-03-03T14:00:00.000Z', [
        { line: 1, quantity: 4 },
        { line: 2, quantity: 1 },
      ]),
      await ship(other, '2026-03-04T14:00:00.000Z'),
      await ship(one, '2026-03-06T14:00:00.000Z'),
    ];
  }

  it('gets nothing before the week has ended, then one invoice of all that left', async () => {
    const [first, second, third] = await week();
    expect(await billDue(table.client(), '2026-03-08T05:30:00.000Z')).toEqual({ invoices: 0 });
    await expectInvariants();
    expect(await billDue(table.client(), MONDAY)).toEqual({ invoices: 1 });
    const issued = await invoice(first.invoiceId);
    expect(issued).toMatchObject({
      type: 'collective',
      number: 'INV-2026-000001',
      invoiceId: first.invoiceId,
      issuedOn: '2026-03-09',
      suppliedFrom: '2026-03-03',
      suppliedOn: '2026-03-06',
      dueOn: '2026-04-08',
      // 7 mugs at 12.50 and twice 4.00: 95.50, 20 % of it 19.10.
      totals: { net: 9_550, tax: 1_910, gross: 11_460 },
    });
    expect(issued.orders).toEqual([
      {
        orderId: first.orderId,
        poNumber: 'PO-1',
        shipmentIds: [first.shipmentId, third.shipmentId],
      },
      { orderId: second.orderId, shipmentIds: [second.shipmentId] },
    ]);
    expect(
      issued.lines.map((line: Record<string, { suppliedOn?: string }>) => [
        line['line'],
        line['sku'],
        line['quantity'],
        line['net'],
        line['source']?.suppliedOn,
      ]),
    ).toEqual([
      [1, 'MUG-1', 4, 5_000, '2026-03-03'],
      [2, 'POST', 1, 400, '2026-03-03'],
      [3, 'MUG-1', 1, 1_250, '2026-03-06'],
      [4, 'MUG-1', 2, 2_500, '2026-03-04'],
      [5, 'POST', 1, 400, '2026-03-04'],
    ]);
    await expectInvariants();
  });

  it('finds that invoice under the id of each of its shipments', async () => {
    const shipments = await week();
    await billDue(table.client(), MONDAY);
    for (const { invoiceId } of shipments) {
      expect(await invoice(invoiceId)).toMatchObject({ number: 'INV-2026-000001' });
    }
  });

  it('shows it in the timeline of each order, once', async () => {
    const shipments = await week();
    await billDue(table.client(), MONDAY);
    for (const { orderId } of shipments) {
      const { json } = await request(table, 'getOrderTimeline', { params: { orderId } });
      const types = json.items.map(({ type }: { type: string }) => type);
      expect(types.filter((type: string) => type === 'invoice.issued')).toEqual(['invoice.issued']);
    }
  });

  it('is disputed, settled and written off by the id of any of its shipments', async () => {
    const [, second] = await week();
    await billDue(table.client(), MONDAY);
    const params = { invoiceId: second.invoiceId };
    const at = '2026-03-12T10:00:00.000Z';
    const disputed = await send('disputeInvoice', { params, at, body: { reason: 'two mugs broken' } });
    const collective = { number: 'INV-2026-000001', invoiceId: (await invoice(second.invoiceId)).invoiceId };
    expect([disputed.status, disputed.json]).toMatchObject([200, { ...collective, status: 'disputed' }]);
    const settled = await send('resolveDispute', { params, at, body: { resolution: 'mugs were whole' } });
    expect(settled.json).toMatchObject({ ...collective, status: 'open' });
    const lost = await send('writeOffInvoice', { params, at, body: { amount: 100, reason: 'not worth it' } });
    expect(lost.json).toMatchObject({ ...collective, amount: 100, writtenOff: 100 });
    await expectInvariants();
  });

  it('may send goods back by the invoice that a shipment is known by', async () => {
    const [, second] = await week();
    await billDue(table.client(), MONDAY);
    const { status, json } = await send('createReturn', {
      at: '2026-03-12T10:00:00.000Z',
      body: {
        customerId: 'cus_harbour',
        invoiceId: second.invoiceId,
        reason: 'chipped',
        lines: [{ sku: 'MUG-1', quantity: 6, condition: 'scrap' }],
      },
    });
    // 6 of the 7 mugs: 75.00 and 20 % of it.
    expect([status, json.totals ?? json]).toMatchObject([201, { net: 7_500, tax: 1_500, gross: 9_000 }]);
    await expectInvariants();
  });

  it('is billed once however often the schedule runs, and by two at once', async () => {
    await week();
    const runs = await Promise.all([billDue(table.client(), MONDAY), billDue(table.client(), MONDAY)]);
    expect(runs.map(({ invoices: count }) => count).toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect(await billDue(table.client(), MONDAY)).toEqual({ invoices: 0 });
    expect(invoices()).toHaveLength(1);
    await expectInvariants();
  });

  it.each(['crashBefore', 'crashAfter'] as const)(
    'is billed once where a run is killed (%s)',
    async (fault) => {
      await week();
      const client = table.client();
      client.faults[fault](1);
      await expect(billDue(client, MONDAY)).rejects.toThrow('1 of 1 failed');
      await billDue(table.client(), MONDAY);
      expect(invoices()).toHaveLength(1);
      await expectInvariants();
    },
  );

  it('gets an invoice for each period that a missed run left', async () => {
    await week();
    await ship(await place(1), '2026-03-10T10:00:00.000Z');
    expect(await billDue(table.client(), '2026-03-16T05:30:00.000Z')).toEqual({ invoices: 2 });
    await expectInvariants();
  });

  it('gets a further invoice where one would not hold all', async () => {
    await open('weekly');
    const orderId = await place(45);
    for (let n = 0; n < 42; n++) {
      await ship(orderId, `2026-03-03T14:00:${String(n).padStart(2, '0')}.000Z`, [{ line: 1, quantity: 1 }]);
    }
    expect(await billDue(table.client(), MONDAY)).toEqual({ invoices: 2 });
    expect(invoices().map(({ totals }) => totals)).toMatchObject([{ net: 50_000 }, { net: 2_500 }]);
    await expectInvariants();
  });
});

describe('a customer billed by the order', () => {
  it('gets one invoice when the order is complete, the units of a line together', async () => {
    await open('order');
    const orderId = await place(5);
    const first = await ship(orderId, '2026-03-03T14:00:00.000Z', [{ line: 1, quantity: 2 }]);
    expect(invoices()).toEqual([]);
    await expectInvariants();
    const last = await ship(orderId, '2026-03-05T14:00:00.000Z');
    const issued = await invoice(last.invoiceId);
    expect(issued).toMatchObject({
      type: 'standard',
      invoiceId: first.invoiceId,
      suppliedFrom: '2026-03-03',
      suppliedOn: '2026-03-05',
      totals: { net: 6_650, tax: 1_330, gross: 7_980 },
      lines: [
        { line: 1, sku: 'MUG-1', quantity: 5, net: 6_250 },
        { line: 2, sku: 'POST', quantity: 1, net: 400 },
      ],
    });
    expect(await billDue(table.client(), '2026-12-31T05:30:00.000Z')).toEqual({ invoices: 0 });
    await expectInvariants();
  });

  it('is billed on demand for what has shipped, once', async () => {
    await open('order');
    const orderId = await place(5);
    await ship(orderId, '2026-03-03T14:00:00.000Z', [{ line: 1, quantity: 2 }]);
    const wanted = { params: { orderId }, at: MONDAY, headers: { 'idempotency-key': 'now' } };
    const { status, json } = await send('invoiceOrder', wanted);
    expect([status, json.number, json.gross]).toEqual([201, 'INV-2026-000001', 3_000]);
    expect((await send('invoiceOrder', wanted)).json).toEqual(json);
    expect((await send('invoiceOrder', { params: { orderId } })).json).toMatchObject({
      status: 409,
      code: 'nothing_to_invoice',
    });
    await ship(orderId, '2026-03-10T14:00:00.000Z');
    expect(invoices().map(({ totals }) => totals)).toMatchObject([{ gross: 3_000 }, { gross: 4_980 }]);
    await expectInvariants();
  });
});
