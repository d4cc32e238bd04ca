import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const skus = Array.from({ length: 90 }, (_, index) => `SKU-${index}`);
/** As many lines as an order has, over as many products as one transaction reserves. */
const lines = Array.from({ length: 1_000 }, (_, index) => ({ sku: skus[index % 90], quantity: 1 }));

let company: Trading;
beforeEach(async () => {
  company = trading();
  const body = {
    name: 'Harbour Books',
    email: 'a@b.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 100_000_000,
  };
  await company.done('putCustomer', { params: { customerId: 'cus_harbour' }, body, at });
  for (const sku of skus) {
    const params = { sku };
    await company.done('putProduct', { params, body: { description: sku, prices: { GBP: 10 } }, at });
    await company.done('recordStockMovement', { params, body: { quantity: 100, reason: 'came' }, at });
  }
  const rule = {
    name: 'all',
    active: true,
    when: { field: 'gross', is: 'above', value: 0 },
    then: { notify: ['sales@example.com'] },
  };
  await company.done('putRule', { params: { ruleId: 'all' }, body: rule, at });
});

describe('an order that fills its transaction', () => {
  it('is placed whole with all that a rule adds; only that its lines were ordered is then not noted', async () => {
    const body = { customerId: 'cus_harbour', currency: 'GBP', poNumber: 'PO-1', lines };
    const { orderId, status } = await company.done('placeOrder', { body, at });
    expect(status).toBe('placed');
    expect((await company.done('getOrder', { params: { orderId } })).status).toBe('confirmed');
    expect(company.table.items(({ SK }) => SK.startsWith('ORDERED#'))).toEqual([]);
    expect((await checkInvariants(company.table.items())).violations).toEqual([]);
  });

  it('and comes by a quote that needs more is refused with what to do, and stays open', async () => {
    const quote = { customerId: 'cus_harbour', currency: 'GBP', validUntil: '2026-03-31', lines };
    const { quoteId } = await company.done('issueQuote', { body: quote, at });
    const accept = { params: { quoteId }, body: { poNumber: 'PO-1' }, at };
    const { status, json } = await company.ask('acceptQuote', accept);
    expect([status, json.code]).toEqual([422, 'too_many_lines']);
    expect((await company.done('getQuote', { params: { quoteId }, at })).status).toBe('issued');
  });
});
