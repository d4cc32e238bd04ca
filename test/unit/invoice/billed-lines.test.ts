import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billedOf, figuresOf, quotedPartOf } from '#shared/invoice/billed-lines.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Adjustment, OrderLine } from '#shared/order/order.ts';
import { priceDocument } from '#shared/tax/price-document.ts';
import { quotedValue } from '#shared/tax/price-quoted.ts';
import { treatmentKey } from '#shared/tax/tax.ts';
import { anOrder, anOrderLine, aShipment } from '#test/builders/order.ts';
import { currency, lineToPrice, seed } from '#test/builders/pricing.ts';

const shipmentId = (n: number) => newId('shp', new Date(Date.UTC(2026, 2, 1) + n).toISOString());
const shipmentOf = (n: number, lines: { line: number; quantity: number }[]) =>
  aShipment({ shipmentId: shipmentId(n), lines });

describe('what a shipment bills', () => {
  const lines = [
    anOrderLine({ quantity: 3, unitPrice: 100, discount: { percent: '33.3333', amount: 100 }, net: 200 }),
  ];
  const tax = lines[0]?.tax ?? { category: 'S', rate: '20' };
  const order = anOrder({
    adjustments: [
      { kind: 'discount', reason: 'Season', amount: 10, net: 10, tax },
      { kind: 'freight', reason: 'Parcel', amount: 50, net: 50, tax },
    ],
  });
  const shipments = [1, 2, 3].map((n) => shipmentOf(n, [{ line: 1, quantity: 1 }]));
  const bill = (...which: number[]) =>
    billedOf(
      order,
      lines,
      shipments,
      shipments.filter((_, index) => which.includes(index + 1)).map((s) => s.shipmentId),
    );

  it('is its share of every discount; freight goes with the first', () => {
    const figures = [1, 2, 3].map((n) => {
      const { lines: billed, adjustments, totals } = bill(n);
      return [billed[0]?.discount?.amount, adjustments?.map(({ amount }) => amount), totals.net];
    });
    expect(figures).toEqual([
      [33, [3, 50], 114],
      [34, [4], 62],
      [33, [3], 64],
    ]);
    expect(114 + 62 + 64).toBe(200 - 10 + 50);
  });

  it('joins the units of a line that left with several', () => {
    expect(bill(1, 3).lines).toMatchObject([{ line: 1, quantity: 2, discount: { amount: 66 }, net: 134 }]);
    expect(bill(1, 2, 3).totals.net).toBe(240);
  });

  it('can’t be said of a shipment that the order has not', () => {
    expect(() => billedOf(order, lines, [], [shipmentId(1)])).toThrow(RangeError);
  });
});

describe('what shipments of several orders bill', () => {
  it('is worked out once, so that prices with tax stay what they were quoted', () => {
    const cups = [anOrderLine({ quantity: 1, unitPrice: 999, net: 832 })];
    const order = anOrder({ pricesIncludeTax: true });
    const part = (n: number) => {
      const shipment = shipmentOf(n, [{ line: 1, quantity: 1 }]);
      return quotedPartOf(order, cups, [shipment], [shipment.shipmentId]);
    };
    const parts = [1, 2, 3].map(part);
    const { lines, totals, pricesIncludeTax } = figuresOf(
      {
        lines: parts.flatMap((each) => each.lines).map((line, index) => ({ ...line, line: index + 1 })),
        adjustments: parts.flatMap((each) => each.adjustments),
      },
      order,
    );
    expect(pricesIncludeTax).toBe(true);
    expect(totals).toMatchObject({ net: 2_497, tax: 500, gross: 2_997 });
    expect(lines.map(({ line, net }) => [line, net])).toEqual([
      [1, 833],
      [2, 832],
      [3, 832],
    ]);
  });
});

describe('an order shipped in any parts', () => {
  it(`is billed to the cent: its nets, or its gross where prices include tax (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.array(lineToPrice, { minLength: 1, maxLength: 6 }),
        fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { maxLength: 3 }),
        fc.integer({ min: 0, max: 999 }),
        fc.boolean(),
        currency,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }),
        (toPrice, discounts, freight, pricesIncludeTax, of, sizes) => {
          const base = priceDocument({ lines: toPrice, pricesIncludeTax: false, currency: of }).totals.net;
          let left = base;
          const taken = discounts.flatMap((part) => {
            const amount = Math.min(left, Math.floor(base * part));
            left -= amount;
            return [{ kind: 'discount' as const, reason: 'agreed', amount }];
          });
          const priced = priceDocument({
            lines: toPrice,
            adjustments: [...taken, { kind: 'freight', reason: 'Parcel', amount: freight }],
            pricesIncludeTax,
            currency: of,
          });
          const lines = priced.lines.map((line, index) => anOrderLine({ ...line, line: index + 1 }));
          const order = anOrder({
            currency: of,
            ...(pricesIncludeTax && { pricesIncludeTax: true }),
            ...(priced.adjustments.length > 0 && { adjustments: priced.adjustments }),
            totals: priced.totals,
          });
          const shipments = partition(lines, sizes);
          const bills = shipments.map((shipment) => billedOf(order, lines, shipments, [shipment.shipmentId]));
          const sums = new Map<string, { net: number; gross: number }>();
          for (const bill of bills) {
            for (const group of bill.totals.groups) {
              const sum = sums.get(treatmentKey(group)) ?? { net: 0, gross: 0 };
              expect(group.net).toBeGreaterThanOrEqual(0);
              sums.set(treatmentKey(group), {
                net: sum.net + group.net,
                gross: sum.gross + group.net + group.tax,
              });
            }
          }
          for (const group of priced.totals.groups) {
            const sum = sums.get(treatmentKey(group)) ?? { net: 0, gross: 0 };
            if (pricesIncludeTax) expect(sum.gross).toBe(group.net + group.tax);
            else expect(sum.net).toBe(group.net);
          }
          expect(sumOf(bills.flatMap((bill) => bill.lines.map(quotedValue)))).toBe(
            sumOf(lines.map(quotedValue)),
          );
          expect(amounts(bills.flatMap((bill) => bill.adjustments ?? []))).toEqual(
            amounts(priced.adjustments),
          );
          const whole = billedOf(
            order,
            lines,
            shipments,
            shipments.map((shipment) => shipment.shipmentId),
          );
          expect(whole.totals.gross).toBe(priced.totals.gross);
        },
      ),
      { seed, numRuns: 500 },
    );
  });
});

/** Shipments of a few units of a line each, one line after the other, until all have left. */
function partition(lines: readonly OrderLine[], sizes: readonly number[]) {
  const left = new Map(lines.map(({ line, quantity }) => [line, quantity]));
  const shipments: ReturnType<typeof shipmentOf>[] = [];
  for (let turn = 0; [...left.values()].some((units) => units > 0); turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const open = [...left].filter(([, units]) => units > 0).slice(0, 1 + (turn % 3));
    const part = open.map(([line, units]) => ({ line, quantity: Math.min(units, size) }));
    for (const { line, quantity } of part) left.set(line, (left.get(line) ?? 0) - quantity);
    shipments.push(shipmentOf(turn, part));
  }
  return shipments;
}

function amounts(adjustments: readonly Adjustment[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { kind, amount, tax } of adjustments) {
    const key = `${kind} ${treatmentKey(tax)}`;
    sums[key] = (sums[key] ?? 0) + amount;
  }
  return sums;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
