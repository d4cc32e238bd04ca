import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Fact } from '#shared/fact/fact.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { OrderLine } from '#shared/order/order.ts';
import { keys, queuePartitions } from '#shared/table/keys.ts';
import { expireReservations, factsIn, react, request } from '#test/builders/house.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';

const Placed = z.looseObject({ orderId: z.string(), status: z.string(), lines: z.array(OrderLine) });
const address = { lines: ['Quay 3'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };

let table: MemoryTable;
let created = 0;
let told = 0;

const create = (operationId: 'placeOrder' | 'recordStockMovement' | 'createShipment', options: object) =>
  request(table, operationId, { headers: { 'idempotency-key': `key-${++created}` }, ...options });
const stock = (sku: string, quantity: number, more: object = {}) =>
  create('recordStockMovement', { params: { sku }, body: { quantity, reason: 'counted', ...more } });
const shelf = (sku: string, warehouse = 'main') => table.get(keys.stock(sku, warehouse));
const place = async (lines: [string, number][], more: object = {}) => {
  const response = await create('placeOrder', {
    at: new Date(Date.parse('2026-03-31T10:00:00.000Z') + 1000 * ++created).toISOString(),
    body: {
      customerId: 'cus_harbour',
      currency: 'GBP',
      lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
      ...more,
    },
  });
  return response;
};
const placed = async (...call: Parameters<typeof place>) => Placed.parse((await place(...call)).json);
const ship = (orderId: string, body: object = {}) => create('createShipment', { params: { orderId }, body });
const order = async (orderId: string) => (await request(table, 'getOrder', { params: { orderId } })).json;
const product = (sku: string, more: object = {}) =>
  request(table, 'putProduct', {
    params: { sku },
    body: { description: sku, prices: { GBP: 100 }, ...more },
  });

/** Lets the bus bring what was recorded to whoever listens. */
async function settle(): Promise<void> {
  for (let facts = untold(); facts.length > 0; facts = untold())
    for (const fact of facts) await react(table, fact);
}
function untold(): Fact[] {
  const facts = factsIn(table).slice(told);
  told += facts.length;
  return facts;
}
async function expectInvariants() {
  expect((await checkInvariants(table.items(), { settled: true })).violations).toEqual([]);
}

beforeEach(async () => {
  table = memoryTable();
  told = 0;
  await request(table, 'putCustomer', {
    params: { customerId: 'cus_harbour' },
    body: { name: 'Harbour Books', email: 'a@harbour.example', address, currency: 'GBP', creditLimit: 1e8 },
  });
  await request(table, 'putPolicy', {
    params: { name: 'warehouses' },
    body: {
      effectiveFrom: '2026-01-01',
      policy: {
        warehouses: [
          { id: 'main', name: 'Bristol', preference: 1 },
          { id: 'north', name: 'Leeds', preference: 2 },
          { id: 'south', name: 'Dover', preference: 3 },
        ],
      },
    },
    at: '2026-01-01T09:00:00.000Z',
  });
  for (const sku of ['MUG', 'LAMP']) await product(sku);
});

describe('goods in several warehouses', () => {
  it('are received, transferred and lost by warehouse, and shown to staff one by one', async () => {
    await stock('MUG', 10);
    await stock('MUG', 4, { warehouse: 'north', code: 'receipt', reference: 'DN-1' });
    expect(await stock('MUG', 3, { warehouse: 'south', code: 'transfer', from: 'main' })).toMatchObject({
      status: 201,
      json: { sku: 'MUG', quantity: 3, warehouse: 'south', from: 'main', movement: 1 },
    });
    expect((await stock('MUG', -1, { warehouse: 'north', code: 'damage' })).status).toBe(201);
    const { json } = await request(table, 'getProduct', { params: { sku: 'MUG' } });
    expect(json.stock).toEqual({
      available: 13,
      onHand: 13,
      reserved: 0,
      warehouses: [
        { warehouse: 'main', onHand: 7, reserved: 0, available: 7 },
        { warehouse: 'north', onHand: 3, reserved: 0, available: 3 },
        { warehouse: 'south', onHand: 3, reserved: 0, available: 3 },
      ],
    });
    const as = { sub: 'b', roles: ['customer'], customerId: 'cus_harbour' } as const;
    expect((await request(table, 'getProduct', { params: { sku: 'MUG' }, as })).json.stock).toEqual({
      available: 13,
    });
    await settle();
    await expectInvariants();
  });

  it.each([
    [
      'from a warehouse that has too few',
      3,
      { warehouse: 'north', code: 'transfer', from: 'main' },
      'insufficient_stock',
    ],
    ['to a warehouse nobody knows', 1, { warehouse: 'west' }, 'warehouse_not_found'],
    ['from itself', 1, { code: 'transfer', from: 'main' }, 'validation_failed'],
    ['as a transfer from nowhere', 1, { code: 'transfer', warehouse: 'north' }, 'validation_failed'],
    ['as damage that adds', 1, { code: 'damage' }, 'validation_failed'],
  ])('are not moved %s', async (_, quantity, more, code) => {
    await stock('MUG', 2);
    const before = table.items();
    expect((await stock('MUG', quantity, more)).json.code).toBe(code);
    expect(table.items()).toEqual(before);
  });

  it('leave the one that has all of the order, in one parcel', async () => {
    await stock('MUG', 10);
    await stock('MUG', 10, { warehouse: 'north' });
    await stock('LAMP', 1, { warehouse: 'north' });
    const { orderId } = await placed([
      ['MUG', 2],
      ['LAMP', 1],
    ]);
    await settle();
    expect(await order(orderId)).toMatchObject({ status: 'confirmed', warehouse: 'north' });
    expect(await shelf('MUG', 'north')).toMatchObject({ reserved: 2, available: 8 });
    expect(await ship(orderId)).toMatchObject({ status: 201, json: { warehouse: 'north', complete: true } });
    expect(await shelf('MUG', 'north')).toMatchObject({ onHand: 8, reserved: 0 });
    expect(await shelf('MUG')).toMatchObject({ onHand: 10, reserved: 0 });
    await settle();
    await expectInvariants();
  });

  it('leave several, one shipment each, when none has it all', async () => {
    await stock('MUG', 2);
    await stock('MUG', 3, { warehouse: 'south' });
    const { orderId } = await placed([['MUG', 5]]);
    await settle();
    expect((await ship(orderId)).json).toMatchObject({
      code: 'warehouse_ambiguous',
      issues: [{ message: 'main has 2 units' }, { message: 'south has 3 units' }],
    });
    expect((await ship(orderId, { warehouse: 'main', lines: [{ line: 1, quantity: 3 }] })).json.code).toBe(
      'shipment_exceeds_order',
    );
    expect(await ship(orderId, { warehouse: 'south' })).toMatchObject({
      json: { warehouse: 'south', complete: false, lines: [{ line: 1, quantity: 3 }] },
    });
    expect(await ship(orderId)).toMatchObject({
      json: { complete: true, lines: [{ line: 1, quantity: 2 }] },
    });
    await settle();
    expect(await order(orderId)).toMatchObject({ status: 'shipped' });
    await expectInvariants();
  });

  it('are free again in their own warehouse when the order is cancelled', async () => {
    await stock('MUG', 2);
    await stock('MUG', 3, { warehouse: 'south' });
    const { orderId } = await placed([['MUG', 5]]);
    await settle();
    const headers = { 'idempotency-key': 'cancel' };
    await request(table, 'cancelOrder', { params: { orderId }, headers, body: { reason: 'twice' } });
    await settle();
    expect(await shelf('MUG')).toMatchObject({ reserved: 0, available: 2 });
    expect(await shelf('MUG', 'south')).toMatchObject({ reserved: 0, available: 3 });
    await expectInvariants();
  });

  it('come from where sales wish', async () => {
    await stock('MUG', 9);
    await stock('MUG', 9, { warehouse: 'south' });
    expect(await placed([['MUG', 5]], { warehouse: 'south' })).toMatchObject({ warehouse: 'south' });
    expect((await place([['MUG', 1]], { warehouse: 'west' })).json.code).toBe('warehouse_not_found');
  });

  it('are reserved for orders longer than a transaction', async () => {
    const skus = Array.from({ length: 100 }, (_, index) => `PEN-${index + 1}`);
    for (const sku of skus) {
      await product(sku);
      await stock(sku, 2, { warehouse: 'north' });
    }
    const { orderId } = await placed(skus.map((sku) => [sku, 1]));
    await settle();
    expect(await order(orderId)).toMatchObject({ status: 'confirmed', warehouse: 'north' });
    expect(await shelf('PEN-100', 'north')).toMatchObject({ reserved: 1, available: 1 });
    await ship(orderId);
    await settle();
    expect(await shelf('PEN-100', 'north')).toMatchObject({ onHand: 1, reserved: 0 });
    await expectInvariants();
  });
});

describe('an order that may wait', () => {
  const allow = { backorder: 'allow' };

  it('is accepted with what there is; the rest fills by age when stock arrives', async () => {
    await stock('MUG', 3);
    const first = await placed([['MUG', 5]], allow);
    expect(first).toMatchObject({ backordered: 2, lines: [{ quantity: 5, backordered: 2 }] });
    const second = await placed([['MUG', 2]], allow);
    await settle();
    expect(await order(first.orderId)).toMatchObject({ status: 'confirmed', backordered: 2 });
    expect((await place([['MUG', 1]])).json.code).toBe('insufficient_stock');
    const queued = await Promise.all(
      queuePartitions('backorder').map((partition) => table.query({ index: 'byDue', partition })),
    );
    expect(queued.flatMap(({ items }) => items.map(({ due }) => due))).toMatchObject([
      { orderId: first.orderId, sku: 'MUG', units: 2 },
      { orderId: second.orderId, sku: 'MUG', units: 2 },
    ]);

    expect((await ship(first.orderId, { lines: [{ line: 1, quantity: 4 }] })).json.code).toBe(
      'shipment_exceeds_order',
    );
    expect(await ship(first.orderId)).toMatchObject({
      json: { complete: false, lines: [{ line: 1, quantity: 3 }] },
    });
    expect((await ship(first.orderId)).json.code).toBe('order_not_shippable');

    await stock('MUG', 3);
    await settle();
    expect(await order(first.orderId)).not.toHaveProperty('backordered');
    expect(await order(second.orderId)).toMatchObject({ backordered: 1 });
    expect(await shelf('MUG')).toMatchObject({ onHand: 3, reserved: 3, available: 0 });
    expect(await ship(first.orderId)).toMatchObject({ json: { complete: true } });
    await settle();
    await expectInvariants();
  });

  it('is served before older ones where its priority is higher', async () => {
    const older = await placed([['MUG', 1]], allow);
    const urgent = await placed([['MUG', 1]], { ...allow, priority: 'high' });
    await stock('MUG', 1);
    await settle();
    expect(await order(urgent.orderId)).not.toHaveProperty('backordered');
    expect(await order(older.orderId)).toMatchObject({ backordered: 1 });
    await expectInvariants();
  });

  it('gets what another order gives up, and gives up what it waits for when it is cancelled', async () => {
    await stock('MUG', 2);
    const holder = await placed([['MUG', 2]]);
    const waiter = await placed([['MUG', 1]], allow);
    const other = await placed([['MUG', 1]], allow);
    await settle();
    const cancel = (orderId: string) =>
      request(table, 'cancelOrder', {
        params: { orderId },
        headers: { 'idempotency-key': `cancel-${orderId}` },
        body: { reason: 'not wanted' },
      });
    await cancel(other.orderId);
    await cancel(holder.orderId);
    await settle();
    expect(await order(waiter.orderId)).not.toHaveProperty('backordered');
    expect(await shelf('MUG')).toMatchObject({ reserved: 1, available: 1 });
    await expectInvariants();
  });

  it('is told the same again once its goods have come', async () => {
    const body = {
      customerId: 'cus_harbour',
      currency: 'GBP',
      backorder: 'allow',
      lines: [{ sku: 'MUG', quantity: 2 }],
    };
    const headers = { 'idempotency-key': 'again' };
    const first = await request(table, 'placeOrder', { headers, body });
    await stock('MUG', 2);
    await settle();
    expect((await request(table, 'placeOrder', { headers, body })).json).toEqual(first.json);
  });

  it('is as agreed with the customer, but never for a product that does not come again', async () => {
    await request(table, 'putCustomer', {
      params: { customerId: 'cus_harbour' },
      body: {
        name: 'Harbour Books',
        email: 'a@harbour.example',
        address,
        currency: 'GBP',
        creditLimit: 1e8,
        backorder: 'allow',
      },
    });
    await product('LAST', { backorderable: false });
    expect((await place([['LAST', 1]])).json.code).toBe('insufficient_stock');
    expect((await place([['MUG', 1]])).status).toBe(201);
    expect((await place([['MUG', 1]], { backorder: 'refuse' })).json.code).toBe('insufficient_stock');
  });

  it.each([1, 2, 3, 4, 5, 6])('is filled exactly once though the process dies at write %i', async (nth) => {
    const first = await placed([['MUG', 2]], allow);
    await placed([['MUG', 2]], allow);
    await settle();
    await stock('MUG', 3);
    for (const fact of untold()) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const client = table.client();
        client.faults[fault](nth);
        await react(client, fact).catch(() => {});
      }
      await Promise.all([react(table, fact), react(table, fact)]);
    }
    await settle();
    expect(await order(first.orderId)).not.toHaveProperty('backordered');
    expect(await shelf('MUG')).toMatchObject({ reserved: 3, available: 0 });
    expect(factsIn(table).filter(({ type }) => type === 'stock.backorder_filled')).toHaveLength(2);
    await expectInvariants();
  });

  it('is long and waits for some of it, and gets that, too', async () => {
    const skus = Array.from({ length: 100 }, (_, index) => `PEN-${index + 1}`);
    for (const sku of skus) {
      await product(sku);
      if (sku !== 'PEN-7') await stock(sku, 1);
    }
    const { orderId } = await placed(
      skus.map((sku) => [sku, 1]),
      allow,
    );
    await stock('PEN-7', 1);
    await settle();
    expect(await order(orderId)).toMatchObject({ status: 'confirmed' });
    expect(await order(orderId)).not.toHaveProperty('backordered');
    const headers = { 'idempotency-key': 'cancel' };
    await request(table, 'cancelOrder', { params: { orderId }, headers, body: { reason: 'not wanted' } });
    await settle();
    for (const sku of ['PEN-1', 'PEN-7', 'PEN-100'])
      expect(await shelf(sku)).toMatchObject({ reserved: 0, available: 1 });
    await expectInvariants();
  });
});

describe('a product that runs low', () => {
  const lowFacts = () => factsIn(table).filter(({ type }) => type === 'stock.low');

  it('is told of once until there is enough again, and stands in the queue meanwhile', async () => {
    await product('MUG', { reorderPoints: { main: 5 } });
    await stock('MUG', 8);
    await settle();
    expect(lowFacts()).toEqual([]);
    await placed([['MUG', 4]]);
    await settle();
    await placed([['MUG', 1]]);
    await settle();
    expect(lowFacts()).toMatchObject([
      { data: { sku: 'MUG', warehouse: 'main', available: 4, reorderPoint: 5 } },
    ]);
    expect(await shelf('MUG')).toHaveProperty('due');
    await stock('MUG', 10);
    await settle();
    expect(await shelf('MUG')).not.toHaveProperty('due');
    await placed([['MUG', 9]]);
    await settle();
    expect(lowFacts()).toHaveLength(2);
    await expectInvariants();
  });
});

describe('the last 10 units', () => {
  it('go to exactly 10 of 1,000 orders placed at once', async () => {
    await stock('MUG', 10);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => place([['MUG', 1]])));
    const codes = answers.map(({ status, json }) => (status === 201 ? 'accepted' : json.code));
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(10);
    expect(codes.filter((code) => code === 'insufficient_stock')).toHaveLength(990);
    expect(await shelf('MUG')).toMatchObject({ onHand: 10, reserved: 10, available: 0 });
    await settle();
    await expectInvariants();
  });

  it('in three warehouses go to exactly 10 of 300, and 290 wait where they may', async () => {
    await stock('MUG', 4);
    await stock('MUG', 3, { warehouse: 'north' });
    await stock('MUG', 3, { warehouse: 'south' });
    const refused = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        place([['MUG', 1]], index < 100 ? { backorder: 'allow' } : {}),
      ),
    );
    await settle();
    const accepted = refused.flatMap(({ status, json }) =>
      status === 201 ? [Placed.parse(json).orderId] : [],
    );
    const orders = await Promise.all(accepted.map((orderId) => order(orderId)));
    expect(orders.filter(({ backordered }) => backordered === undefined)).toHaveLength(10);
    const shelves = await Promise.all(['main', 'north', 'south'].map((warehouse) => shelf('MUG', warehouse)));
    expect(shelves.map((each) => each?.['reserved'])).toEqual([4, 3, 3]);
    await expectInvariants();
  });
});

describe('an order that is on hold for too long', () => {
  const lily = { sub: 'lily', name: 'Lily Limit', roles: ['credit', 'admin'] } as const;
  const release = (orderId: string) =>
    request(table, 'releaseOrder', {
      params: { orderId },
      headers: { 'idempotency-key': `release-${orderId}` },
      body: { reason: 'they paid' },
      as: lily,
    });

  /** Of 8 mugs an order on hold has 5, and one that may wait has 3 and waits for 2. */
  async function onHold() {
    await request(table, 'putCustomer', {
      params: { customerId: 'cus_harbour' },
      body: { name: 'Harbour Books', email: 'a@harbour.example', address, currency: 'GBP', creditLimit: 0 },
    });
    await stock('MUG', 8);
    const first = await placed([['MUG', 5]]);
    const second = await placed([['MUG', 5]], { backorder: 'allow' });
    await settle();
    return [first.orderId, second.orderId] as const;
  }

  it('keeps its goods for 14 days, then gives them back, waits on and is told of it', async () => {
    const [first] = await onHold();
    await expireReservations(table.client(), '2026-04-13T04:30:00.000Z');
    expect(await shelf('MUG')).toMatchObject({ reserved: 8 });
    await expireReservations(table.client(), '2026-04-14T04:30:00.000Z');
    await expireReservations(table.client(), '2026-04-14T04:30:00.000Z');
    await settle();
    expect(await order(first)).toMatchObject({ status: 'held' });
    expect(await shelf('MUG')).toMatchObject({ onHand: 8, reserved: 0, available: 8 });
    expect(factsIn(table).filter(({ type }) => type === 'order.reservation_expired')).toHaveLength(2);
    await expectInvariants();
  });

  it('reserves anew once it is released: what there is, and waits for the rest where it may', async () => {
    const [first, second] = await onHold();
    await expireReservations(table.client(), '2026-04-15T04:30:00.000Z');
    await settle();
    await stock('MUG', -4);
    await release(second);
    await settle();
    expect(await order(second)).toMatchObject({ status: 'confirmed', backordered: 1 });
    await release(first);
    await settle();
    expect(await order(first)).toMatchObject({
      status: 'rejected',
      reasons: [{ code: 'insufficient_stock', detail: 'MUG: 5 wanted, 0 available.' }],
    });
    await expectInvariants();
  });

  it('gets nothing until then, whatever a reader saw of it before', async () => {
    const [, second] = await onHold();
    const note = table.items(({ PK, SK }) => PK === 'sku_MUG' && SK.startsWith('BACKORDER#'))[0];
    await expireReservations(table.client(), '2026-04-15T04:30:00.000Z');
    if (note) await table.write({ do: 'put', item: note });
    await settle();
    expect(note).toMatchObject({ due: { orderId: second, units: 2 } });
    expect(await shelf('MUG')).toMatchObject({ reserved: 0, available: 8 });
  });

  /** Its 91 products were reserved in chunks; 90 are left of it, which one transaction gave back. */
  async function expiredOfChunks() {
    await request(table, 'putCustomer', {
      params: { customerId: 'cus_harbour' },
      body: { name: 'Harbour Books', email: 'a@harbour.example', address, currency: 'GBP', creditLimit: 0 },
    });
    const skus = Array.from({ length: 91 }, (_, index) => `PEN-${index + 1}`);
    for (const sku of skus) {
      await product(sku);
      await stock(sku, 2);
    }
    const { orderId } = await placed(skus.map((sku) => [sku, 2]));
    await settle();
    const cancelled = { reason: 'not these', lines: [{ line: 91, quantity: 2 }] };
    const headers = { 'idempotency-key': 'part' };
    await request(table, 'cancelOrder', { params: { orderId }, headers, body: cancelled });
    await settle();
    await expireReservations(table.client(), '2026-04-30T04:30:00.000Z');
    await settle();
    expect(await shelf('PEN-2')).toMatchObject({ reserved: 0 });
    return orderId;
  }

  it('frees nothing a second time when it is cancelled, where it was reserved in chunks', async () => {
    const orderId = await expiredOfChunks();
    const headers = { 'idempotency-key': 'cancel' };
    await request(table, 'cancelOrder', { params: { orderId }, headers, body: { reason: 'gone' } });
    await settle();
    expect(await shelf('PEN-2')).toMatchObject({ reserved: 0, available: 2 });
    await expectInvariants();
  });

  it('reserves anew in chunks where it was reserved in chunks before', async () => {
    const orderId = await expiredOfChunks();
    // One of them lies in two places by now: the order is too long for one transaction again.
    await stock('PEN-1', -1);
    await stock('PEN-1', 1, { warehouse: 'south' });
    await release(orderId);
    await settle();
    expect(await order(orderId)).toMatchObject({ status: 'confirmed' });
    expect(await shelf('PEN-2')).toMatchObject({ reserved: 2 });
    await expectInvariants();
  });

  it('can be cancelled after that, and frees nothing that is not its own', async () => {
    const [first, second] = await onHold();
    await expireReservations(table.client(), '2026-04-15T04:30:00.000Z');
    await release(second);
    await settle();
    const headers = { 'idempotency-key': 'cancel' };
    await request(table, 'cancelOrder', { params: { orderId: first }, headers, body: { reason: 'gone' } });
    await settle();
    expect(await shelf('MUG')).toMatchObject({ reserved: 5, available: 3 });
    await expectInvariants();
  });
});

describe('an order that is amended', () => {
  const amend = (orderId: string, quantity: number) =>
    request(table, 'amendOrder', {
      params: { orderId },
      headers: { 'idempotency-key': `amend-${quantity}` },
      body: { lines: [{ line: 1, quantity }] },
    });

  it('gives up first what it waits for, then what lies farthest; more comes from its own warehouse', async () => {
    await stock('MUG', 3);
    await stock('MUG', 2, { warehouse: 'south' });
    const { orderId } = await placed([['MUG', 7]], { backorder: 'allow' });
    await settle();
    expect(await order(orderId)).toMatchObject({ backordered: 2 });
    expect((await amend(orderId, 6)).status).toBe(200);
    expect(await order(orderId)).toMatchObject({ backordered: 1 });
    expect((await amend(orderId, 4)).status).toBe(200);
    await settle();
    expect(await order(orderId)).not.toHaveProperty('backordered');
    expect(await shelf('MUG')).toMatchObject({ reserved: 3, available: 0 });
    expect(await shelf('MUG', 'south')).toMatchObject({ reserved: 1, available: 1 });
    expect((await amend(orderId, 5)).json.code).toBe('insufficient_stock');
    await stock('MUG', 1);
    expect((await amend(orderId, 5)).status).toBe(200);
    await settle();
    expect(await shelf('MUG')).toMatchObject({ reserved: 4, available: 0 });
    await expectInvariants();
  });
});
