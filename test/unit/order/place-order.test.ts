import { describe, expect, it } from 'vitest';
import { instant } from '#shared/kernel/time.ts';
import { PlaceOrderRequest } from '#shared/order/order-api.ts';
import { placeOrder } from '#shared/order/place-order.ts';
import { VerificationPolicy } from '#shared/order/verification-policy.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCharge, aCustomer, aProduct } from '#test/builders/customer.ts';

const products = new Map(
  [
    aProduct(),
    aCharge(),
    aProduct({ sku: 'FREE-1', prices: { EUR: 900 } }),
    aProduct({ sku: 'CUP-1', pricesIncludingTax: { GBP: 999 } }),
    aCharge({ sku: 'FINE-1', taxClass: 'exempt', exemption: { code: 'VATEX-EU-O' } }),
  ].map((product) => [product.sku, product]),
);

type SalesTax = Parameters<typeof placeOrder>[1]['salesTax'];

function place(request: object, customer = aCustomer(), mayAgreePrices = false, salesTax?: SalesTax) {
  return placeOrder(PlaceOrderRequest.parse({ currency: 'GBP', ...request }), {
    company: aCompany(),
    customer,
    products,
    tax: shippedTaxPolicy,
    verification: VerificationPolicy.parse({}),
    salesTax,
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

describe('discounts and charges', () => {
  const lines = [
    { sku: 'MUG-1', quantity: 4, discount: { percent: '10', reason: 'Second choice' } },
    { sku: 'POST', quantity: 1 },
  ];
  const adjustments = [
    { kind: 'discount', reason: 'Season', amount: 490 },
    { kind: 'freight', reason: 'Parcel', amount: 300, taxClass: 'reduced' },
  ];

  it('are agreed by sales, line by line and for the whole order', () => {
    const placed = place({ lines, adjustments }, aCustomer(), true);
    expect(placed.lines.map(({ discount, net }) => [discount, net])).toEqual([
      [{ percent: '10', amount: 500, reason: 'Second choice' }, 4_500],
      [undefined, 400],
    ]);
    expect(placed.order.adjustments).toEqual([
      { kind: 'discount', reason: 'Season', amount: 490, net: 490, tax: { category: 'S', rate: '20' } },
      { kind: 'freight', reason: 'Parcel', amount: 300, net: 300, tax: { category: 'S', rate: '5' } },
    ]);
    expect(placed.order.totals).toMatchObject({ net: 4_710, tax: 882 + 15, gross: 5_607 });
  });

  it('are not for customers to state', () => {
    expect(() => place({ lines, adjustments })).toThrow(
      expect.objectContaining({
        code: 'price_not_allowed',
        issues: [
          expect.objectContaining({ path: 'lines.0' }),
          expect.objectContaining({ path: 'adjustments' }),
        ],
      }),
    );
  });

  it('never take off more than there is', () => {
    const all = [{ kind: 'discount', reason: 'Gift', amount: 4_901 }];
    expect(() => place({ lines, adjustments: all }, aCustomer(), true)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        issues: [expect.objectContaining({ path: 'adjustments.0' })],
      }),
    );
  });

  it.each([
    ['both percent and amount', { kind: 'discount', reason: 'x', percent: '1', amount: 1 }],
    ['neither of both', { kind: 'charge', reason: 'x' }],
    ['a tax class of a discount', { kind: 'discount', reason: 'x', amount: 1, taxClass: 'zero' }],
    ['more than all', { kind: 'discount', reason: 'x', percent: '100.1' }],
  ])('are not even read with %s', (_, adjustment) => {
    const request = { currency: 'GBP', lines: [{ sku: 'MUG-1', quantity: 1 }], adjustments: [adjustment] };
    expect(PlaceOrderRequest.safeParse(request).success).toBe(false);
  });
});

describe('a customer whose prices include tax', () => {
  const consumer = aCustomer({ pricesIncludeTax: true });

  it('pays the price with tax, to the penny', () => {
    const { order, lines } = place({ lines: [{ sku: 'CUP-1', quantity: 3 }] }, consumer);
    expect(lines[0]).toMatchObject({ unitPrice: 999, net: 2_497 });
    expect(order).toMatchObject({ pricesIncludeTax: true, totals: { net: 2_497, tax: 500, gross: 2_997 } });
  });

  it('is not sold what has no such price', () => {
    expect(() => place({ lines: [{ sku: 'MUG-1', quantity: 1 }] }, consumer)).toThrow(
      expect.objectContaining({ code: 'product_price_missing' }),
    );
  });
});

describe('the tax category of an order', () => {
  it('is that of the customer’s exemption at home', () => {
    const taxExemption = { code: 'VATEX-EU-151-1A', reason: 'Diplomatic mission' };
    const { order } = place({ lines: [{ sku: 'MUG-1', quantity: 4 }] }, aCustomer({ taxExemption }));
    expect(order.totals.groups).toEqual([
      { category: 'E', rate: '0', exemption: taxExemption, net: 5_000, tax: 0 },
    ]);
  });

  it('is what a provider of sales tax said, where one was asked', () => {
    const jurisdictions = [
      { name: 'Texas', rate: '6.25' },
      { name: 'Austin', rate: '2' },
    ];
    const request = {
      lines: [{ sku: 'MUG-1', quantity: 4 }],
      adjustments: [{ kind: 'freight', reason: 'Parcel', amount: 400, taxClass: 'standard' }],
    };
    const { order } = place(request, aCustomer(), true, ({ sku }) =>
      sku === 'MUG-1' ? { category: 'S', rate: '8.25', jurisdictions } : { category: 'Z', rate: '0' },
    );
    expect(order.totals.groups).toEqual([
      { category: 'S', rate: '8.25', jurisdictions, net: 5_000, tax: 412 },
      { category: 'Z', rate: '0', net: 400, tax: 0 },
    ]);
  });

  it('outside the scope of VAT stands alone', () => {
    expect(place({ lines: [{ sku: 'FINE-1', quantity: 1 }] }).order.totals.groups[0]?.category).toBe('O');
    const mixed = [
      { sku: 'FINE-1', quantity: 1 },
      { sku: 'MUG-1', quantity: 1 },
    ];
    expect(() => place({ lines: mixed })).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});
