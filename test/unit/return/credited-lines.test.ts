import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credited } from '#shared/invoice/invoice.ts';
import { percentOf } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { creditedDiscounts } from '#shared/return/credited-discounts.ts';
import {
  addCredited,
  creditFromInvoice,
  creditFromPrices,
  creditTotals,
  type ReturnedInvoice,
} from '#shared/return/credited-lines.ts';
import { ReturnRequest } from '#shared/return/return-api.ts';
import { priceDocument } from '#shared/tax/price-document.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { totalsOf } from '#shared/tax/tax.ts';
import { aCompany } from '../../builders/company.ts';
import { aCharge, aCustomer, aProduct } from '../../builders/customer.ts';
import { anInvoice } from '../../builders/invoice.ts';
import { anOrderLine } from '../../builders/order.ts';

type LineInput = { sku: string; quantity: number; unitPrice?: number; condition?: 'restock' | 'scrap' };

const requested = (...lines: LineInput[]) =>
  ReturnRequest.parse({ customerId: 'cus_harbour', reason: 'broken', lines }).lines;

/** Mugs on two lines, 4 at 12.50 and 2 at 11.00, and postage of 4.00. */
const twoMugLines = [
  anOrderLine(),
  anOrderLine({ line: 2, quantity: 2, unitPrice: 1_100, net: 2_200 }),
  anOrderLine({ line: 3, kind: 'charge', sku: 'POST', quantity: 1, unitPrice: 400, net: 400 }),
];
const invoiced = (credited?: Credited): ReturnedInvoice => ({
  invoice: anInvoice(),
  lines: twoMugLines,
  credited,
});
const quantities = (
  lines: readonly { line: number; invoiceLine?: number; quantity: number; net: number }[],
) => lines.map(({ line, invoiceLine, quantity, net }) => [line, invoiceLine, quantity, net]);

/** The invoice after `lines` of it were credited, and the totals of that credit note. */
function credit(basis: ReturnedInvoice, ...lines: LineInput[]) {
  const credited = creditFromInvoice(requested(...lines), basis);
  const totals = creditTotals(credited, basis.credited?.groups ?? [], 'GBP');
  return { totals, after: { ...basis, credited: addCredited(basis, credited, totals) } };
}

describe('goods returned from an invoice', () => {
  it('are credited at the price and tax they were invoiced with', () => {
    expect(creditFromInvoice(requested({ sku: 'POST', quantity: 1 }), invoiced())).toEqual([
      {
        line: 1,
        kind: 'charge',
        sku: 'POST',
        description: 'Mug, blue glaze',
        quantity: 1,
        unitPrice: 400,
        net: 400,
        tax: { category: 'S', rate: '20' },
        condition: 'restock',
        invoiceLine: 3,
      },
    ]);
  });

  it('are taken from one line of the SKU after the other', () => {
    const credited = creditFromInvoice(requested({ sku: 'MUG-1', quantity: 5 }), invoiced());
    expect(quantities(credited)).toEqual([
      [1, 1, 4, 5_000],
      [2, 2, 1, 1_100],
    ]);
  });

  it('are taken from the line with the stated price first', () => {
    const credited = creditFromInvoice(
      requested({ sku: 'MUG-1', quantity: 3, unitPrice: 1_100 }),
      invoiced(),
    );
    expect(quantities(credited)).toEqual([
      [1, 2, 2, 2_200],
      [2, 1, 1, 1_100],
    ]);
  });

  it('may come in several conditions, which share what is left', () => {
    const lines = requested({ sku: 'MUG-1', quantity: 4, condition: 'scrap' }, { sku: 'MUG-1', quantity: 2 });
    expect(
      creditFromInvoice(lines, invoiced()).map(({ condition, quantity }) => [condition, quantity]),
    ).toEqual([
      ['scrap', 4],
      ['restock', 2],
    ]);
  });

  it.each([
    [{ sku: 'MUG-1', quantity: 7 }, 'lines.0.quantity', 'only 6 of MUG-1 left to credit'],
    [{ sku: 'MUG-1', quantity: 1, unitPrice: 1_251 }, 'lines.0.unitPrice', 'was invoiced at 1250'],
    [{ sku: 'MUG-1', quantity: 5, unitPrice: 1_200 }, 'lines.0.quantity', 'only 4 of MUG-1 left to credit'],
    [{ sku: 'BOWL-1', quantity: 1 }, 'lines.0.sku', 'BOWL-1 is not on INV-2026-000001'],
  ])('never exceed what was invoiced: %j', (line, path, message) => {
    expect(() => creditFromInvoice(requested(line), invoiced())).toThrow(
      expect.objectContaining({ code: 'return_exceeds_invoice', issues: [{ path, message }] }),
    );
  });

  it('never exceed what is left after earlier returns', () => {
    const basis = credit(invoiced(), { sku: 'MUG-1', quantity: 3 }).after;
    expect(basis.credited).toEqual({
      invoiceId: 'inv_01k0000000000000000000000b',
      quantities: { '1': 3 },
      groups: [{ category: 'S', rate: '20', net: 3_750, tax: 750 }],
      version: 1,
    });
    expect(quantities(creditFromInvoice(requested({ sku: 'MUG-1', quantity: 3 }), basis))).toEqual([
      [1, 1, 1, 1_250],
      [2, 2, 2, 2_200],
    ]);
    expect(() => creditFromInvoice(requested({ sku: 'MUG-1', quantity: 4 }), basis)).toThrow(
      expect.objectContaining({
        issues: [{ path: 'lines.0.quantity', message: 'only 3 of MUG-1 left to credit' }],
      }),
    );
  });
});

describe('the tax of credit notes', () => {
  // Nine pence at 20 % is 1.8p of tax: 2p. Each 3p on its own would be 0.6p: 1p, three times.
  const basis: ReturnedInvoice = {
    invoice: anInvoice(),
    lines: [anOrderLine({ quantity: 3, unitPrice: 3, net: 9 })],
    credited: undefined,
  };

  it('adds up to the invoice’s when it comes back piece by piece', () => {
    const taxes: number[] = [];
    let file = basis;
    for (let piece = 1; piece <= 3; piece++) {
      const { totals, after } = credit(file, { sku: 'MUG-1', quantity: 1 });
      taxes.push(totals.tax);
      file = after;
    }
    expect(taxes).toEqual([1, 0, 1]);
    expect(totalsOf(basis.lines, 'GBP').tax).toBe(2);
  });

  it('in whatever pieces an invoice comes back, net, tax and units credited are those invoiced', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      unitPrice: fc.integer({ min: 0, max: 999 }),
      rate: fc.constantFrom('20', '5', '7.75', '0'),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 }),
        (lines, sizes) => {
          const all = lines.map(({ quantity, unitPrice, rate }, index) =>
            anOrderLine({
              line: index + 1,
              sku: `SKU-${index}`,
              quantity,
              unitPrice,
              net: unitPrice * quantity,
              tax: { category: rate === '0' ? 'Z' : 'S', rate },
            }),
          );
          let file: ReturnedInvoice = { invoice: anInvoice(), lines: all, credited: undefined };
          const sum = { net: 0, tax: 0, gross: 0, units: 0 };
          for (let turn = 0; ; turn++) {
            const open = all.find(
              ({ line: number, quantity }) => (file.credited?.quantities[String(number)] ?? 0) < quantity,
            );
            if (!open) break;
            const left = open.quantity - (file.credited?.quantities[String(open.line)] ?? 0);
            const quantity = Math.min(left, sizes[turn % sizes.length] ?? 1);
            const { totals, after } = credit(file, { sku: open.sku, quantity });
            expect(totals.tax).toBeGreaterThanOrEqual(0);
            sum.net += totals.net;
            sum.tax += totals.tax;
            sum.gross += totals.gross;
            sum.units += quantity;
            file = after;
          }
          const { net, tax, gross } = totalsOf(all, 'GBP');
          const units = all.reduce((total, { quantity }) => total + quantity, 0);
          expect(sum).toEqual({ net, tax, gross, units });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('goods returned from an invoice with discounts or prices that include tax', () => {
  const tax = { category: 'S', rate: '20' } as const;
  const priced = (pricesIncludeTax: boolean): ReturnedInvoice => {
    const { lines, adjustments, totals } = priceDocument({
      lines: [
        { ...anOrderLine({ quantity: 3, unitPrice: 100 }), discount: { amount: 100 } },
        { ...anOrderLine({ line: 2, sku: 'CUP-1', quantity: 7, unitPrice: 999 }), discount: undefined },
      ],
      adjustments: [
        { kind: 'discount', reason: 'Season', percent: '10', amount: undefined },
        { kind: 'freight', reason: 'Parcel', amount: 500, tax },
      ],
      pricesIncludeTax,
      currency: 'GBP',
    });
    const invoice = anInvoice({ adjustments, totals, ...(pricesIncludeTax && { pricesIncludeTax: true }) });
    return { invoice, lines, credited: undefined };
  };

  it('credit a unit at its share of the line’s discount and of the document’s', () => {
    const basis = priced(false);
    const credited = creditFromInvoice(requested({ sku: 'MUG-1', quantity: 1 }), basis);
    expect(credited[0]).toMatchObject({ unitPrice: 100, discount: { amount: 33 }, net: 67 });
    expect(creditedDiscounts(credited, basis)).toEqual([
      { kind: 'discount', reason: 'Season', percent: '10', amount: 7, net: 7, tax },
    ]);
  });

  it('never credit a price above what a unit came to', () => {
    expect(() =>
      creditFromInvoice(requested({ sku: 'MUG-1', quantity: 1, unitPrice: 67 }), priced(false)),
    ).toThrow(
      expect.objectContaining({ issues: [{ path: 'lines.0.unitPrice', message: 'was invoiced at 66' }] }),
    );
    const [line] = creditFromInvoice(requested({ sku: 'CUP-1', quantity: 1, unitPrice: 500 }), priced(true));
    expect(line).toMatchObject({ unitPrice: 500, net: 417 });
  });

  it.each([false, true])(
    'add up to all of it but freight, unit by unit (prices include tax: %s)',
    (pricesIncludeTax) => {
      const basis = priced(pricesIncludeTax);
      let file = basis;
      const sum = { net: 0, tax: 0 };
      for (const sku of [
        'CUP-1',
        'MUG-1',
        'CUP-1',
        'CUP-1',
        'MUG-1',
        'MUG-1',
        'CUP-1',
        'CUP-1',
        'CUP-1',
        'CUP-1',
      ]) {
        const credited = creditFromInvoice(requested({ sku, quantity: 1 }), file);
        const discounts = creditedDiscounts(credited, file);
        const totals = creditTotals(credited, file.credited?.groups ?? [], 'GBP', discounts, file.invoice);
        expect(totals.net).toBe(netOf(credited) - netOf(discounts));
        sum.net += totals.net;
        sum.tax += totals.tax;
        file = { invoice: file.invoice, lines: file.lines, credited: addCredited(file, credited, totals) };
      }
      const { totals, adjustments = [] } = basis.invoice;
      const freight = netOf(adjustments.filter(({ kind }) => kind === 'freight'));
      expect(sum.net).toBe(totals.net - freight);
      expect(sum.tax).toBeLessThanOrEqual(totals.tax);
      expect(Math.abs(sum.tax - percentOf(sum.net, '20', 'GBP'))).toBeLessThanOrEqual(1);
    },
  );
});

function netOf(parts: readonly { net: number }[]): number {
  return parts.reduce((sum, { net }) => sum + net, 0);
}

describe('goods returned without an invoice', () => {
  const products = new Map([
    ['MUG-1', aProduct()],
    ['POST', aCharge()],
  ]);
  const basis = {
    company: aCompany(),
    customer: aCustomer(),
    policy: shippedTaxPolicy,
    date: CalendarDate.parse('2011-12-05'),
  };

  it('are credited at the stated price, with the tax of the document’s day', () => {
    const lines = requested({ sku: 'MUG-1', quantity: 2, unitPrice: 295 });
    expect(creditFromPrices(lines, products, basis)).toMatchObject([
      { line: 1, net: 590, tax: { category: 'S', rate: '20' }, description: 'Mug, blue glaze' },
    ]);
    const before2011 = { ...basis, date: CalendarDate.parse('2010-12-05') };
    expect(creditFromPrices(lines, products, before2011)).toMatchObject([{ tax: { rate: '17.5' } }]);
  });

  it('need a price and a product on every line', () => {
    expect(() => creditFromPrices(requested({ sku: 'MUG-1', quantity: 1 }), products, basis)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        issues: [{ path: 'lines.0.unitPrice', message: 'is required without invoiceId' }],
      }),
    );
    const unknown = requested(
      { sku: 'POST', quantity: 1, unitPrice: 1 },
      { sku: 'BOWL-1', quantity: 1, unitPrice: 1 },
    );
    expect(() => creditFromPrices(unknown, products, basis)).toThrow(
      expect.objectContaining({
        code: 'product_not_found',
        issues: [{ path: 'lines.1.sku', message: 'there is no product BOWL-1' }],
      }),
    );
  });

  it('are refused for a day the tax policy knows no rate of', () => {
    const lines = requested({ sku: 'MUG-1', quantity: 1, unitPrice: 100 });
    const long = { ...basis, date: CalendarDate.parse('1990-01-01') };
    expect(() => creditFromPrices(lines, products, long)).toThrow(
      expect.objectContaining({ code: 'policy_invalid' }),
    );
  });
});
