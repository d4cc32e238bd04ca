import { expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';

it('goods go back on the shelf of the warehouse that takes them, where that ever kept them', async () => {
  const { table, ask, done } = trading();
  const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  const customer = {
    name: 'Harbour',
    email: 'a@b.example',
    address,
    currency: 'GBP',
    creditLimit: 1_000_000,
  };
  await done('putCustomer', { params: { customerId: 'cus_harbour' }, body: customer, at });
  const warehouses = [
    { id: 'main', name: 'Main' },
    { id: 'north', name: 'North' },
  ];
  await done('putPolicy', {
    params: { name: 'warehouses' },
    body: { effectiveFrom: '2026-03-03', policy: { warehouses } },
    at,
  });
  for (const [sku, warehouse] of [
    ['MUG', 'north'],
    ['LAMP', 'main'],
  ]) {
    const params = { sku: sku ?? '' };
    await done('putProduct', { params, body: { description: sku, prices: { GBP: 1_250 } }, at });
    const body = { quantity: 10, reason: 'came', warehouse };
    await done('recordStockMovement', { params, body, at });
  }
  const returned = (sku: string) =>
    ask('createReturn', {
      body: {
        customerId: 'cus_harbour',
        currency: 'GBP',
        reason: 'not needed',
        warehouse: 'north',
        lines: [{ sku, quantity: 2, unitPrice: 1_250 }],
      },
      at,
    });
  const before = table.items();
  const refused = await returned('LAMP');
  expect([refused.json.code, refused.json.issues]).toEqual([
    'warehouse_not_found',
    [{ path: 'lines.0.sku', message: 'LAMP was never kept in north' }],
  ]);
  expect(table.items()).toEqual(before);
  const { status, json } = await returned('MUG');
  expect([status, json.warehouse]).toEqual([201, 'north']);
  const { stock } = await done('getProduct', { params: { sku: 'MUG' }, at });
  expect(stock.warehouses).toMatchObject([
    { warehouse: 'main', onHand: 0 },
    { warehouse: 'north', onHand: 12 },
  ]);
  expect((await checkInvariants(table.items())).violations).toEqual([]);
});
