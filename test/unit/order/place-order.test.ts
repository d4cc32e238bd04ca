import { describe, expect, it } from 'vitest';
import { instant } from '#shared/kernel/time.ts';
import { PlaceOrderRequest } from '#shared/order/order-api.ts';
import { placeOrder } from '#shared/order/place-order.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCharge, aCustomer, aProduct } from '#test/builders/customer.ts';

const products = new Map(
  [aProduct(), aCharge(), aProduct({ sku: 'FREE-1', prices: { EUR: 900 } })].map((product) => [
    product.sku,
    product,
  ]),
);

function place(request: object, customer = aCustomer(), mayAgreePrices = false) {
  return placeOrder(PlaceOrderRequest.parse({ currency: 'GBP', ...request }), {
    company: aCompany(),
    customer,
    products,
    tax: shippedTaxPolicy,
    actor: 'orders@harbour.example',
    mayAgreePrices,
    channel: 'api',
    at: instant('2026-03-02T09:00:00Z'),
  });
}

describe('placing an order', () => {
  it('prices four mugs and postage from the list and adds 20 % tax once', () => {
    const { order, lines } = place({
      lines: [
        { sku: 'MUG-1', quantity: 4 },
        { sku: 'POST', quantity: 1 },
      ],
    });
    expect(lines.map(({ line, kind, unitPrice, net }) => [line, kind, unitPrice, net])).toEqual([
      [1, 'goods', 1_250, 5_000],
      [2, 'charge', 400, 400],
    ]);
    expect(order.totals).toEqual({
      net: 5_400,
      tax: 1_080,
      gross: 6_480,
      groups: [{ category: 'S', rate: '20', net: 5_400, tax: 1_080 }],
    });
    expect(order).toMatchObject({
      status: 'placed',
      lineCount: 2,
      openUnits: 5,
      claim: 0,
      reservation: 'reserved',
      version: 1,
    });
  });

  it('keeps the same SKU twice as two lines', () => {
    const { lines } = place({
      lines: [
        { sku: 'MUG-1', quantity: 1 },
        { sku: 'MUG-1', quantity: 2 },
      ],
    });
    expect(lines.map(({ line, quantity }) => [line, quantity])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('charges no tax on an export to the United States', () => {
    const abroad = aCustomer({ address: { lines: ['1 Main Street'], country: 'US' } });
    expect(place({ lines: [{ sku: 'MUG-1', quantity: 4 }] }, abroad).order.totals).toMatchObject({
      net: 5_000,
      tax: 0,
      groups: [{ category: 'G', rate: '0' }],
    });
  });

  it('lets sales agree a price, even none at all', () => {
    const { order } = place({ lines: [{ sku: 'MUG-1', quantity: 4, unitPrice: 0 }] }, aCustomer(), true);
    expect(order.totals.gross).toBe(0);
  });

  it('refuses a price that a customer states, and says where', () => {
    expect(() => place({ lines: [{ sku: 'MUG-1', quantity: 4, unitPrice: 1 }] })).toThrow(
      expect.objectContaining({
        code: 'price_not_allowed',
        issues: [{ path: 'lines.0', message: expect.any(String) }],
      }),
    );
  });

  it('names every product there is not', () => {
    expect(() =>
      place({
        lines: [
          { sku: 'NO-1', quantity: 1 },
          { sku: 'MUG-1', quantity: 1 },
          { sku: 'NO-2', quantity: 1 },
        ],
      }),
    ).toThrow(
      expect.objectContaining({
        code: 'product_not_found',
        issues: [
          expect.objectContaining({ path: 'lines.0.sku' }),
          expect.objectContaining({ path: 'lines.2.sku' }),
        ],
      }),
    );
  });

  it.each([
    [
      'another currency than the customer is served in',
      { currency: 'EUR', lines: [{ sku: 'MUG-1', quantity: 1 }] },
      'currency_mismatch',
    ],
    [
      'a product without a price in the currency',
      { lines: [{ sku: 'FREE-1', quantity: 1 }] },
      'product_price_missing',
    ],
    [
      '1,001 lines',
      { lines: Array.from({ length: 1_001 }, () => ({ sku: 'MUG-1', quantity: 1 })) },
      'too_many_lines',
    ],
  ])('refuses %s', (_, request, code) => {
    expect(() => place(request)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses more than a million million minor units', () => {
    const dear = { lines: [{ sku: 'MUG-1', quantity: 1_000_000, unitPrice: 1_000_001 }] };
    expect(() => place(dear, aCustomer(), true)).toThrow(
      expect.objectContaining({ code: 'amount_too_large' }),
    );
  });

  it('refuses a blocked customer', () => {
    expect(() => place({ lines: [{ sku: 'MUG-1', quantity: 1 }] }, aCustomer({ status: 'blocked' }))).toThrow(
      expect.objectContaining({ code: 'customer_blocked' }),
    );
  });

  it.each([0, -1, 1.5, 1e12])('does not even read a quantity of %s', (quantity) => {
    expect(
      PlaceOrderRequest.safeParse({ currency: 'GBP', lines: [{ sku: 'MUG-1', quantity }] }).success,
    ).toBe(false);
  });
});
