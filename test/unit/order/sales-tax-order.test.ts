import { beforeAll, describe, expect, it, vi } from 'vitest';
import { send, type Token } from '#test/builders/http-event.ts';
import { keepCustomer, keepProducts } from '#test/builders/issued-invoices.ts';
import { lambdaTable as table } from '#test/builders/lambda-table.ts';

vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const { aCompany } = await import('#test/builders/company.ts');
const { aCustomer, aCharge, aProduct } = await import('#test/builders/customer.ts');
const seller = aCompany({ country: 'US', postalCode: '10001' });
vi.stubEnv('COMPANY', JSON.stringify(seller));
vi.stubEnv('SALES_TAX_PROVIDER', 'sandbox');
const orders = await import('../../../functions/http/orders.ts');
const returns = await import('../../../functions/http/returns.ts');

const sally: Token = { sub: 'sally', name: 'Sally Sales', roles: ['sales', 'admin'] };
const address = { lines: ['1 Lake Street'], city: 'Chicago', postalCode: '60601', country: 'US' };

describe('a company in the United States', () => {
  beforeAll(async () => {
    await keepCustomer(table, aCustomer({ address, currency: 'USD' }));
    await keepProducts(table, [
      aProduct({ prices: { USD: 1_250 } }),
      aCharge({ prices: { USD: 400 }, taxClass: 'zero' }),
    ]);
    await table.write({
      do: 'update',
      key: { PK: 'sku_MUG-1', SK: 'STOCK' },
      add: { onHand: 10, available: 10 },
    });
  });

  it('charges what state, county and city of the customer take', async () => {
    const { status, json } = await send(orders.handler, 'placeOrder', {
      body: {
        customerId: 'cus_harbour',
        currency: 'USD',
        lines: [
          { sku: 'MUG-1', quantity: 4 },
          { sku: 'POST', quantity: 1 },
        ],
        adjustments: [{ kind: 'freight', reason: 'Parcel', amount: 1_000, taxClass: 'standard' }],
      },
      as: sally,
      headers: { 'idempotency-key': 'us-order-1' },
    });
    expect(status).toBe(201);
    expect(json.totals).toMatchObject({
      net: 6_400,
      tax: 615,
      groups: [
        {
          category: 'S',
          rate: '10.25',
          jurisdictions: [{ name: 'Illinois' }, { name: 'Cook County' }, { name: 'Chicago' }],
          net: 6_000,
        },
        { category: 'Z', net: 400, tax: 0 },
      ],
    });
  });

  it('credits it alike where the invoice is not known', async () => {
    const { status, json } = await send(returns.handler, 'createReturn', {
      body: {
        customerId: 'cus_harbour',
        reason: 'broken',
        lines: [{ sku: 'MUG-1', quantity: 1, unitPrice: 1_250 }],
      },
      as: sally,
      headers: { 'idempotency-key': 'us-return-1' },
    });
    expect([status, json.net, json.tax]).toEqual([201, 1_250, 128]);
  });
});
