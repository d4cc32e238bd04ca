import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { factOfItem } from '#shared/fact/fact.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { keys } from '#shared/table/keys.ts';
import { tableNames } from '#shared/table/names.ts';
import { factsIn, react, request } from '#test/builders/house.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';

const skus = (count: number) => Array.from({ length: count }, (_, index) => `SKU-${index + 1}`);
const Placed = z.looseObject({ orderId: z.string(), status: z.string() });

/** A customer with room for everything and `stock` units of each of `count` products. */
async function aShop(count: number, stock: number): Promise<MemoryTable> {
  const table = memoryTable();
  const customer = {
    paymentTermDays: 30,
    name: 'Harbour Books',
    email: 'a@harbour.example',
    address: { lines: ['Quay 3'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 100_000_000,
  };
  await request(table, 'putCustomer', { params: { customerId: 'cus_harbour' }, body: customer });
  for (const sku of skus(count)) {
    await request(table, 'putProduct', { params: { sku }, body: { description: sku, prices: { GBP: 100 } } });
    await request(table, 'recordStockMovement', {
      params: { sku },
      headers: { 'idempotency-key': `stock-${sku}` },
      body: { quantity: stock, reason: 'received' },
    });
  }
  return table;
}

const placing = (table: MemoryTable, count: number) => {
  const lines = skus(count).map((sku) => ({ sku, quantity: 1 }));
  return request(table, 'placeOrder', {
    headers: { 'idempotency-key': `order-${count}` },
    body: { customerId: 'cus_harbour', currency: 'GBP', lines },
  });
};
const place = async (table: MemoryTable, count: number) => Placed.parse((await placing(table, count)).json);

/** Lets the bus bring the facts of orders to whoever listens, those that come of it too. */
async function settle(table: MemoryTable): Promise<void> {
  for (const { after } of table.changes()) {
    if (after?.PK.startsWith('ord_') && after.SK.startsWith(tableNames.factPrefix))
      await react(table, factOfItem(after));
  }
}

const stockOf = (table: MemoryTable, sku: string) => table.get(keys.stock(sku));

describe('an order longer than a transaction', () => {
  it.each([1, 90, 91, 100, 721, 1_000])(
    'of %d lines is accepted whole, shipped whole and invoiced whole',
    async (count) => {
      const table = await aShop(count, 3);
      const { orderId } = await place(table, count);
      await settle(table);
      expect((await request(table, 'getOrder', { params: { orderId } })).json).toMatchObject({
        status: 'confirmed',
        lineCount: count,
      });
      expect(await stockOf(table, `SKU-${count}`)).toMatchObject({ onHand: 3, reserved: 1, available: 2 });

      await request(table, 'createShipment', {
        params: { orderId },
        headers: { 'idempotency-key': 'ship' },
        body: {},
      });
      await settle(table);
      expect((await request(table, 'getOrder', { params: { orderId } })).json).toMatchObject({
        status: 'shipped',
      });
      expect(await stockOf(table, `SKU-${count}`)).toMatchObject({ onHand: 2, reserved: 0, available: 2 });
      expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
    },
  );

  it('of 1,001 lines is refused, and nothing is written', async () => {
    const table = await aShop(1_001, 1);
    const before = table.items();
    const response = await placing(table, 1_001);
    expect(response.status).toBe(422);
    expect(response.json).toMatchObject({
      code: 'too_many_lines',
      detail: 'An order has at most 1000 lines. Split it into several orders.',
    });
    expect(table.items()).toEqual(before);
  });

  it('leaves no reservation behind when its last product is short', async () => {
    const table = await aShop(200, 1);
    await request(table, 'recordStockMovement', {
      params: { sku: 'SKU-200' },
      headers: { 'idempotency-key': 'lost' },
      body: { quantity: -1, reason: 'lost' },
    });
    const { orderId } = await place(table, 200);
    await settle(table);
    expect((await request(table, 'getOrder', { params: { orderId } })).json).toMatchObject({
      status: 'rejected',
      reasons: [{ code: 'insufficient_stock', detail: 'SKU-200: 1 wanted, 0 available.' }],
    });
    expect(await stockOf(table, 'SKU-1')).toMatchObject({ reserved: 0, available: 1 });
    expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
  });

  it('gives all its stock back when it is cancelled', async () => {
    const table = await aShop(200, 1);
    const { orderId } = await place(table, 200);
    await settle(table);
    await request(table, 'cancelOrder', {
      params: { orderId },
      headers: { 'idempotency-key': 'cancel' },
      body: { reason: 'ordered twice' },
    });
    await settle(table);
    expect(await stockOf(table, 'SKU-1')).toMatchObject({ reserved: 0, available: 1 });
    expect(await stockOf(table, 'SKU-200')).toMatchObject({ reserved: 0, available: 1 });
    expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
  });

  it('is reserved once, however often the process dies between its chunks', async () => {
    const table = await aShop(200, 1);
    const { orderId } = await place(table, 200);
    const fact = factsIn(table).find(({ type, subject }) => type === 'order.placed' && subject === orderId);
    for (const nth of [1, 2, 3]) {
      const client = table.client();
      client.faults.crashAfter(nth);
      if (fact) await react(client, fact).catch(() => {});
    }
    await settle(table);
    expect((await request(table, 'getOrder', { params: { orderId } })).json).toMatchObject({
      status: 'confirmed',
    });
    expect(await stockOf(table, 'SKU-1')).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
    expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
  });

  it('may be changed by up to 90 SKUs at a time, and gives all that is left back when it is cancelled', async () => {
    const table = await aShop(100, 3);
    const { orderId } = await place(table, 100);
    await settle(table);
    const amend = (from: number, to: number, quantity: number) =>
      request(table, 'amendOrder', {
        params: { orderId },
        body: {
          lines: Array.from({ length: to - from + 1 }, (_, index) => ({ line: from + index, quantity })),
        },
      });
    const tooMany = await amend(1, 91, 0);
    expect(tooMany.json).toMatchObject({ status: 422, code: 'change_too_long' });
    expect((await amend(1, 90, 0)).status).toBe(200);
    expect((await amend(91, 91, 3)).status).toBe(200);
    expect(await stockOf(table, 'SKU-1')).toMatchObject({ available: 3, reserved: 0 });
    expect(await stockOf(table, 'SKU-91')).toMatchObject({ available: 0, reserved: 3 });
    expect((await checkInvariants(table.items())).violations).toEqual([]);
    await request(table, 'cancelOrder', {
      params: { orderId },
      headers: { 'idempotency-key': 'cancel-rest' },
      body: { reason: 'not needed' },
    });
    await settle(table);
    expect(await stockOf(table, 'SKU-91')).toMatchObject({ available: 3, reserved: 0 });
    expect(await stockOf(table, 'SKU-100')).toMatchObject({ available: 3, reserved: 0 });
    expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
  });
});
