import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { factsIn } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const later = '2026-03-05T15:30:00.000Z';

let company: Trading;
let orderId: string;
beforeEach(async () => {
  company = trading();
  const { done } = company;
  const customer = {
    name: 'Harbour Books',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 100_000,
  };
  await done('putCustomer', { params: { customerId: 'cus_harbour' }, body: customer, at });
  for (const sku of ['MUG', 'LAMP']) {
    await done('putProduct', { params: { sku }, body: { description: sku, prices: { GBP: 1_000 } }, at });
    await done('recordStockMovement', { params: { sku }, body: { quantity: 40, reason: 'received' }, at });
  }
  const lines = [
    { sku: 'MUG', quantity: 4 },
    { sku: 'LAMP', quantity: 2 },
  ];
  ({ orderId } = await done('placeOrder', {
    body: { customerId: 'cus_harbour', currency: 'GBP', lines },
    at,
  }));
});

const ship = (body: object) => company.done('createShipment', { params: { orderId }, body, at });
const tell = (shipmentId: string, body: object) =>
  company.ask('recordDelivery', { params: { orderId, shipmentId }, body, at: later });
const order = () => company.done('getOrder', { params: { orderId } });
const shipments = async () => (await company.done('listShipments', { params: { orderId } })).items;
const told = () =>
  factsIn(company.table)
    .filter(({ type }) =>
      ['shipment.in_transit', 'shipment.delivered', 'shipment.delivery_failed'].includes(type),
    )
    .map(({ type, data }) => [type, data]);

async function expectInvariants() {
  const { violations } = await checkInvariants(company.table.items());
  expect(violations).toEqual([]);
}

describe('a shipment on its way', () => {
  it('arrives as a whole: the order is delivered, and says who took it', async () => {
    const { shipmentId } = await ship({ carrier: 'Royal Mail', trackingNumber: 'RM1000' });
    const { json } = await tell(shipmentId, { proof: { signedBy: 'R. Bell' } });
    expect(json).toEqual({ result: 'applied', status: 'delivered' });
    expect(await order()).toMatchObject({
      status: 'delivered',
      units: { shipped: 6, delivered: 6 },
      lines: [{ units: { delivered: 4 } }, { units: { delivered: 2 } }],
    });
    expect(await shipments()).toMatchObject([
      { delivery: { state: 'delivered', since: later, proof: { signedBy: 'R. Bell' } } },
    ]);
    expect(told()).toEqual([
      [
        'shipment.delivered',
        {
          orderId,
          shipmentId,
          units: 6,
          status: 'delivered',
          deliveredAt: later,
          proof: { signedBy: 'R. Bell' },
        },
      ],
    ]);
    expect((await tell(shipmentId, {})).json).toEqual({ result: 'repeated', status: 'delivered' });
    await expectInvariants();
  });

  it('arrives in part, and says what differs; the rest later counts once', async () => {
    const { shipmentId } = await ship({});
    const some = [
      { line: 1, quantity: 3 },
      { line: 2, quantity: 2 },
    ];
    expect((await tell(shipmentId, { lines: some })).json).toEqual({
      result: 'applied',
      status: 'partly_delivered',
    });
    const all = [{ line: 1, quantity: 4 }];
    expect((await tell(shipmentId, { lines: all })).json).toMatchObject({ status: 'delivered' });
    expect(told().map(([, data]) => data)).toMatchObject([
      { units: 5, discrepancies: [{ line: 1, shipped: 4, delivered: 3 }] },
      { units: 1, status: 'delivered' },
    ]);
    expect(told()[1]?.[1]).not.toHaveProperty('discrepancies');
    await expectInvariants();
  });

  it('counts no more than left, and says that more is said to have come', async () => {
    const { shipmentId } = await ship({});
    const lines = [
      { line: 1, quantity: 5 },
      { line: 2, quantity: 2 },
    ];
    expect((await tell(shipmentId, { lines })).json).toMatchObject({ status: 'delivered' });
    expect(await order()).toMatchObject({ units: { delivered: 6 } });
    expect(told()[0]?.[1]).toMatchObject({ discrepancies: [{ line: 1, shipped: 4, delivered: 5 }] });
    await expectInvariants();
  });

  it('takes news in whatever order they come: what was delivered stays so, of the rest the latest counts', async () => {
    const { shipmentId } = await ship({});
    const on = (day: number) => `2026-03-0${day}T08:00:00.000Z`;
    const results: unknown[] = [];
    for (const body of [
      { outcome: 'failed', occurredAt: on(4), reason: 'Nobody was there' },
      { outcome: 'in_transit', occurredAt: on(3) },
      { outcome: 'in_transit', occurredAt: on(5), place: 'Leith' },
      { outcome: 'in_transit', occurredAt: on(5) },
      { outcome: 'delivered', occurredAt: on(4) },
      { outcome: 'failed', occurredAt: on(5) },
    ])
      results.push((await tell(shipmentId, body)).json.result);
    expect(results).toEqual(['applied', 'outdated', 'applied', 'outdated', 'applied', 'outdated']);
    expect(told().map(([type]) => type)).toEqual([
      'shipment.delivery_failed',
      'shipment.in_transit',
      'shipment.delivered',
    ]);
    expect(await order()).toMatchObject({ status: 'delivered' });
    await expectInvariants();
  });

  it.each([
    ['a line that did not leave with it', { lines: [{ line: 7, quantity: 1 }] }, 'lines.0.line'],
    [
      'a line twice',
      {
        lines: [
          { line: 1, quantity: 1 },
          { line: 1, quantity: 1 },
        ],
      },
      'lines.1.line',
    ],
    ['a package it does not have', { packageNumber: 2 }, 'packageNumber'],
    ['the day after tomorrow', { occurredAt: '2026-03-07T15:30:00.000Z' }, 'occurredAt'],
  ])('refuses news of %s, and writes nothing', async (_, body, path) => {
    const { shipmentId } = await ship({});
    const before = company.table.items();
    const { status, json } = await tell(shipmentId, body);
    expect([status, json.issues[0].path]).toEqual([422, path]);
    expect(company.table.items()).toEqual(before);
  });

  it('refuses news of a shipment that the order does not have', async () => {
    await ship({});
    const { status, json } = await tell('shp_01k0000000000000000000000a', {});
    expect([status, json.code]).toEqual([404, 'shipment_not_found']);
  });
});

describe('packages', () => {
  const packages = [
    {
      trackingNumber: 'RM2001',
      weightGrams: 1_250,
      dimensionsMm: [300, 200, 150],
      lines: [{ line: 1, quantity: 4 }],
    },
    { trackingNumber: 'RM2002', weightGrams: 900, lines: [{ line: 2, quantity: 2 }] },
  ];

  it('say what leaves, and arrive one by one', async () => {
    const { shipmentId } = await ship({ carrier: 'Royal Mail', packages });
    expect((await tell(shipmentId, { packageNumber: 2 })).json).toMatchObject({ status: 'partly_delivered' });
    expect(await shipments()).toMatchObject([
      {
        packages: [
          { packageNumber: 1, trackingNumber: 'RM2001', weightGrams: 1_250 },
          { packageNumber: 2, delivery: { state: 'delivered', lines: [{ line: 2, quantity: 2 }] } },
        ],
      },
    ]);
    expect((await tell(shipmentId, { lines: [{ line: 1, quantity: 4 }] })).json.issues).toEqual([
      { path: 'lines', message: 'need packageNumber: the shipment has several packages' },
    ]);
    // The rest of it, whatever that is.
    expect((await tell(shipmentId, {})).json).toEqual({ result: 'applied', status: 'delivered' });
    expect(await order()).toMatchObject({ units: { delivered: 6 } });
    await expectInvariants();
  });

  it('must hold what leaves, and have numbers of their own', async () => {
    const wrong = [
      { trackingNumber: 'RM2001', lines: [{ line: 1, quantity: 3 }] },
      { trackingNumber: 'RM2001', lines: [{ line: 2, quantity: 2 }] },
    ];
    const lines = [
      { line: 1, quantity: 4 },
      { line: 2, quantity: 2 },
    ];
    const before = company.table.items();
    const { status, json } = await company.ask('createShipment', {
      params: { orderId },
      body: { packages: wrong, lines },
      at,
    });
    expect([status, json.code]).toEqual([422, 'packages_differ']);
    expect(json.issues).toEqual([
      { path: 'packages', message: 'hold 3 units of line 1; 4 leave' },
      { path: 'packages.1.trackingNumber', message: 'is that of another package' },
    ]);
    expect(company.table.items()).toEqual(before);
  });
});
