import { describe, expect, it } from 'vitest';
import { calculationOf } from '#shared/invoice/calculation.ts';
import { priceDocument } from '#shared/tax/price-document.ts';
import { anOrderLine } from '#test/builders/order.ts';

const tax = { category: 'S', rate: '20' } as const;

describe('how the figures of an invoice came about', () => {
  it('is told line by line and group by group', () => {
    const { lines, adjustments, totals } = priceDocument({
      lines: [{ ...anOrderLine({ quantity: 4, unitPrice: 1_250 }), discount: { percent: '10' } }],
      adjustments: [
        { kind: 'discount', reason: 'Season', amount: 500 },
        { kind: 'freight', reason: 'Parcel', amount: 300, tax },
      ],
      pricesIncludeTax: false,
      currency: 'GBP',
    });
    expect(calculationOf({ adjustments, totals }, lines)).toEqual({
      quoted: 'before_tax',
      lines: [
        {
          line: 1,
          quantity: 4,
          unitPrice: 1_250,
          value: 5_000,
          discount: { percent: '10', amount: 500 },
          amount: 4_500,
          net: 4_500,
        },
      ],
      groups: [
        {
          ...tax,
          lines: 4_500,
          adjustments: [
            { kind: 'discount', amount: -500, net: -500 },
            { kind: 'freight', amount: 300, net: 300 },
          ],
          deductions: 0,
          base: 4_300,
          tax: 860,
          gross: 5_160,
        },
      ],
      totals: { net: 4_300, tax: 860, gross: 5_160 },
    });
  });

  it('says that the tax was taken out of prices that have it', () => {
    const { lines, totals } = priceDocument({
      lines: [{ ...anOrderLine({ quantity: 3, unitPrice: 999 }), discount: undefined }],
      pricesIncludeTax: true,
      currency: 'GBP',
    });
    expect(calculationOf({ pricesIncludeTax: true, totals }, lines)).toMatchObject({
      quoted: 'with_tax',
      lines: [{ value: 2_997, amount: 2_997, net: 2_497 }],
      groups: [{ lines: 2_497, base: 2_497, tax: 500, gross: 2_997 }],
    });
  });
});
