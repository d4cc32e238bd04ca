import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { request, type Served } from '#test/builders/house.ts';
import type { RequestOptions } from '#test/builders/http-event.ts';
import { trading } from '#test/builders/trading.ts';

let company = trading();
const send = (operationId: Served, options: RequestOptions) => company.ask(operationId, options);

/** A British customer that pays 2/10 net 30; mugs at 12.50, postage at 4.00. An order of ten mugs is worth 154.80. */
async function order(terms: Record<string, unknown> = {}): Promise<string> {
  await send('putCustomer', {
    params: { customerId: 'cus_harbour' },
    body: {
      name: 'Harbour Books Ltd',
      email: 'orders@harbour.example',
      address: { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' },
      currency: 'GBP',
      creditLimit: 500_000,
      ...terms,
    },
  });
  for (const [sku, kind, price] of [
    ['MUG-1', 'goods', 1_250],
    ['POST', 'charge', 400],
  ] as const) {
    await send('putProduct', {
      params: { sku },
      body: {
        description: sku,
        kind,
        prices: { GBP: price },
        pricesIncludingTax: { GBP: price * 1.2 },
        ...(kind === 'goods' && { costs: { GBP: 500 } }),
      },
    });
  }
  await send('recordStockMovement', { params: { sku: 'MUG-1' }, body: { quantity: 500, reason: 'opening' } });
  const { json } = await send('placeOrder', {
    body: {
      customerId: 'cus_harbour',
      currency: 'GBP',
      poNumber: 'PO-77',
      lines: [
        { sku: 'MUG-1', quantity: 10 },
        { sku: 'POST', quantity: 1 },
      ],
    },
  });
  return json.orderId;
}

const deposit = (orderId: string, body: Record<string, unknown>) =>
  send('invoiceDeposit', { params: { orderId }, body });
const ship = async (orderId: string, lines?: { line: number; quantity: number }[]) =>
  (await send('createShipment', { params: { orderId }, body: lines ? { lines } : {} })).json;
const invoice = async (invoiceId: string) =>
  (await request(company.table, 'getInvoice', { params: { invoiceId } })).json;
const account = () => company.table.items(({ SK }) => SK === 'ACCOUNT')[0];
const pay = (invoiceId: string, amount: number) =>
  send('recordPayment', {
    body: {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount,
      allocations: [{ invoiceId, amount }],
    },
  });
const credit = (invoiceId: string, body: Record<string, unknown>) =>
  send('createCreditNote', {
    params: { invoiceId },
    body: { reasonCode: 'cancelled', reason: 'agreed', ...body },
  });

async function expectInvariants(): Promise<void> {
  const { violations } = await checkInvariants(company.table.items(), { settled: true });
  expect(violations).toEqual([]);
}

beforeEach(() => {
  company = trading();
});

describe('a deposit', () => {
  it('is a numbered invoice of a part of the order, tax taken out of it, and leaves the exposure as it was', async () => {
    const orderId = await order({ terms: { kind: 'net', days: 30, discount: { percent: '2', days: 10 } } });
    expect(account()).toMatchObject({ exposure: 15_480, receivable: 0 });
    const { status, json } = await deposit(orderId, { percent: '30', dueInDays: 7 });
    expect({ status, json }).toMatchObject({
      status: 201,
      json: { number: 'INV-2026-000001', net: 3_870, tax: 774, gross: 4_644 },
    });
    const issued = await invoice(json.invoiceId);
    expect(issued).toMatchObject({
      type: 'deposit',
      orders: [{ orderId, poNumber: 'PO-77', shipmentIds: [] }],
      terms: { kind: 'net', days: 7 },
      lines: [
        { sku: 'DEPOSIT', description: 'Deposit of 30 % on order PO-77', unitPrice: 4_644, net: 3_870 },
      ],
    });
    expect(issued).not.toHaveProperty('discount');
    expect(account()).toMatchObject({ exposure: 15_480, receivable: 4_644 });
    await expectInvariants();
  });

  it('is taken off by the final invoice, whose terms are of the rest', async () => {
    const orderId = await order({ terms: { kind: 'net', days: 30, discount: { percent: '2', days: 10 } } });
    const { json: asked } = await deposit(orderId, { percent: '30' });
    await pay(asked.invoiceId, 4_644);
    const { invoiceId } = await ship(orderId);
    const issued = await invoice(invoiceId);
    expect(issued).toMatchObject({
      type: 'final',
      totals: { net: 9_030, tax: 1_806, gross: 10_836 },
      discount: { percent: '2', amount: 217 },
      deductions: [{ number: 'INV-2026-000001', net: 3_870, tax: 774 }],
    });
    expect(account()).toMatchObject({ exposure: 10_836, receivable: 10_836 });
    await expectInvariants();
    const { json } = await request(company.table, 'getTrialBalance', {});
    const accounts: { account: string; balance: number }[] = json.balances[0].accounts;
    // Ten mugs cost 5.00 each. The deposit is a liability no more.
    expect(Object.fromEntries(accounts.map(({ account, balance }) => [account, balance]))).toEqual({
      1000: 4_644,
      1100: 10_836,
      1200: -5_000,
      2200: -2_580,
      2300: 0,
      4000: -12_500,
      4050: -400,
      5000: 5_000,
    });
  });

  it('waits with what one shipment can not bear for the next', async () => {
    const orderId = await order();
    await deposit(orderId, { amount: 10_000 });
    const first = await invoice((await ship(orderId, [{ line: 1, quantity: 2 }])).invoiceId);
    expect(first).toMatchObject({ type: 'final', totals: { net: 0, tax: 0, gross: 0 } });
    const second = await invoice((await ship(orderId)).invoiceId);
    // 154.80 − 100.00.
    expect(second).toMatchObject({ totals: { gross: 5_480 } });
    await expectInvariants();
  });

  it('covers a whole order quoted with tax in its prices: nothing is left to pay', async () => {
    const orderId = await order({ pricesIncludeTax: true });
    const { json } = await deposit(orderId, { percent: '100' });
    expect(json).toMatchObject({ gross: 15_480 });
    const final = await invoice((await ship(orderId)).invoiceId);
    expect(final).toMatchObject({ status: 'paid', totals: { net: 0, tax: 0, gross: 0 } });
    await expectInvariants();
  });

  it('is taken off an invoice over all shipments of an order, too', async () => {
    const orderId = await order({ invoicing: 'order' });
    await deposit(orderId, { percent: '50' });
    await ship(orderId, [{ line: 1, quantity: 4 }]);
    const { invoiceId } = await ship(orderId);
    expect(await invoice(invoiceId)).toMatchObject({ type: 'final', totals: { gross: 7_740 } });
    await expectInvariants();
  });

  it('never asks for more than the order, all deposits together', async () => {
    const orderId = await order();
    await deposit(orderId, { percent: '60' });
    expect((await deposit(orderId, { percent: '50' })).json).toMatchObject({
      code: 'deposit_exceeds_order',
      issues: [{ path: 'percent' }],
    });
    expect((await deposit(orderId, { amount: 6_192 })).status).toBe(201);
    expect((await deposit(orderId, { amount: 1 })).json).toMatchObject({ code: 'deposit_exceeds_order' });
    await expectInvariants();
  });

  it('is refused once something has shipped', async () => {
    const orderId = await order();
    await ship(orderId, [{ line: 1, quantity: 1 }]);
    expect((await deposit(orderId, { percent: '30' })).json).toMatchObject({ code: 'deposit_not_possible' });
  });

  it.each([{}, { percent: '30', amount: 5 }, { percent: '0' }, { percent: '101' }, { amount: -1 }])(
    'refuses %j',
    async (body) => {
      const orderId = await order();
      expect((await deposit(orderId, body)).json).toMatchObject({ code: 'validation_failed' });
    },
  );

  it('holds its order until it is credited, and its money stays on the account then', async () => {
    const orderId = await order();
    const { json: asked } = await deposit(orderId, { percent: '30' });
    await pay(asked.invoiceId, 4_644);
    const cancel = () => send('cancelOrder', { params: { orderId }, body: { reason: 'changed its mind' } });
    expect((await cancel()).json).toMatchObject({ code: 'order_has_deposit' });
    expect((await credit(asked.invoiceId, { scope: 'goodwill', gross: 100 })).json).toMatchObject({
      code: 'invoice_not_creditable',
    });
    expect((await credit(asked.invoiceId, { scope: 'full' })).json).toMatchObject({
      totals: { gross: 4_644 },
    });
    expect(account()).toMatchObject({ exposure: 10_836, receivable: -4_644 });
    await expectInvariants();
    expect((await cancel()).status).toBe(200);
    expect(account()).toMatchObject({ exposure: -4_644, receivable: -4_644 });
    await expectInvariants();
  });

  it('is not credited once it is taken off; the final invoice is credited with all it supplied', async () => {
    const orderId = await order();
    const { json: asked } = await deposit(orderId, { percent: '30' });
    const { invoiceId } = await ship(orderId);
    expect((await credit(asked.invoiceId, { scope: 'full' })).json).toMatchObject({
      code: 'invoice_not_creditable',
    });
    await pay(asked.invoiceId, 4_644);
    expect((await credit(invoiceId, { scope: 'full' })).json).toMatchObject({ totals: { gross: 15_480 } });
    expect(account()).toMatchObject({ exposure: -4_644, receivable: -4_644 });
    await expectInvariants();
  });

  it('leaves the order to claim it again where it was written off and is credited', async () => {
    const orderId = await order();
    const { json: asked } = await deposit(orderId, { percent: '30' });
    const params = { invoiceId: asked.invoiceId };
    await send('writeOffInvoice', { params, body: { reason: 'will not be paid' } });
    expect(account()).toMatchObject({ exposure: 10_836, receivable: 0 });
    await credit(asked.invoiceId, { scope: 'full' });
    expect(account()).toMatchObject({ exposure: 15_480, receivable: 0 });
    await expectInvariants();
  });

  it('takes no goods back', async () => {
    const orderId = await order();
    const { json: asked } = await deposit(orderId, { percent: '30' });
    const body = {
      customerId: 'cus_harbour',
      invoiceId: asked.invoiceId,
      reason: 'broken',
      lines: [{ sku: 'DEPOSIT', quantity: 1, condition: 'scrap' }],
    };
    expect((await send('createReturn', { body })).json).toMatchObject({ code: 'return_exceeds_invoice' });
  });

  it('stands on the order and in its timeline', async () => {
    const orderId = await order();
    const { json: asked } = await deposit(orderId, { percent: '30' });
    const { json } = await request(company.table, 'getOrder', { params: { orderId } });
    expect(json.deposits).toMatchObject([{ invoiceId: asked.invoiceId, gross: 4_644, left: 4_644 }]);
    const timeline = await request(company.table, 'getOrderTimeline', { params: { orderId } });
    expect(timeline.json.items.map(({ type }: { type: string }) => type)).toContain('invoice.issued');
  });
});
