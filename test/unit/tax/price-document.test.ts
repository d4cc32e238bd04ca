import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf } from '#shared/kernel/money.ts';
import { splitInProportion } from '#shared/kernel/split.ts';
import { type AdjustmentToPrice, type LineToPrice, priceDocument } from '#shared/tax/price-document.ts';
import { quotedValue, taxWithin } from '#shared/tax/price-quoted.ts';
import { sameTreatment, treatmentKey } from '#shared/tax/tax.ts';
import { adjustmentPlan, currency, lineToPrice, seed } from '#test/builders/pricing.ts';

const standard = { category: 'S', rate: '20' } as const;
const reduced = { category: 'S', rate: '5' } as const;

const price = (
  lines: LineToPrice[],
  adjustments: AdjustmentToPrice[] = [],
  pricesIncludeTax = false,
  of = 'GBP',
) => priceDocument({ lines, adjustments, pricesIncludeTax, currency: of });

describe('a split in proportion', () => {
  it('gives what is left to those that lost most by rounding, the first of equals first', () => {
    expect(splitInProportion(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitInProportion(100, [199, 1, 300])).toEqual([40, 0, 60]);
    expect(splitInProportion(0, [])).toEqual([]);
  });

  it('can’t be made in the proportion of nothing', () => {
    expect(() => splitInProportion(1, [0])).toThrow(RangeError);
  });
});

describe('pricing a document', () => {
  it('takes line discounts off in per cent and in money', () => {
    const { lines, totals } = price([
      { quantity: 3, unitPrice: 999, tax: standard, discount: { percent: '10' } },
      { quantity: 1, unitPrice: 500, tax: standard, discount: { amount: 50, reason: 'scratched' } },
    ]);
    expect(lines.map(({ discount, net }) => [discount, net])).toEqual([
      [{ percent: '10', amount: 300 }, 2_697],
      [{ amount: 50, reason: 'scratched' }, 450],
    ]);
    expect(totals).toEqual({
      net: 3_147,
      tax: 629,
      gross: 3_776,
      groups: [{ ...standard, net: 3_147, tax: 629 }],
    });
  });

  it('splits a discount of the whole over the tax groups, in proportion', () => {
    const { adjustments, totals } = price(
      [
        { quantity: 1, unitPrice: 6_667, tax: standard },
        { quantity: 1, unitPrice: 3_333, tax: reduced },
      ],
      [{ kind: 'discount', reason: 'Season', percent: '10' }],
    );
    expect(adjustments).toEqual([
      { kind: 'discount', reason: 'Season', percent: '10', amount: 667, net: 667, tax: standard },
      { kind: 'discount', reason: 'Season', percent: '10', amount: 333, net: 333, tax: reduced },
    ]);
    expect(totals.groups).toEqual([
      { ...standard, net: 6_000, tax: 1_200 },
      { ...reduced, net: 3_000, tax: 150 },
    ]);
  });

  it('taxes freight like the goods, unless it has a class of its own', () => {
    const lines = [{ quantity: 1, unitPrice: 1_000, tax: reduced }];
    const freight = { kind: 'freight', reason: 'Parcel', amount: 400 } as const;
    expect(price(lines, [freight]).totals.groups).toEqual([{ ...reduced, net: 1_400, tax: 70 }]);
    expect(price(lines, [{ ...freight, tax: standard }]).totals.groups).toEqual([
      { ...reduced, net: 1_000, tax: 50 },
      { ...standard, net: 400, tax: 80 },
    ]);
  });

  it('takes the tax out of prices that have it: three at 9.99 are 29.97, to the cent', () => {
    const { lines, totals } = price([{ quantity: 3, unitPrice: 999, tax: standard }], [], true);
    expect(lines[0]?.net).toBe(2_497);
    expect(totals).toMatchObject({ net: 2_497, tax: 500, gross: 2_997 });
  });

  it('never takes off more than there is', () => {
    expect(() => price([{ quantity: 2, unitPrice: 10, tax: standard, discount: { amount: 21 } }])).toThrow(
      expect.objectContaining({ issues: [{ path: 'lines.0.discount', message: 'must be at most 20' }] }),
    );
    expect(() =>
      price(
        [{ quantity: 2, unitPrice: 10, tax: standard }],
        [
          { kind: 'discount', reason: 'one', amount: 20 },
          { kind: 'discount', reason: 'two', amount: 1 },
        ],
      ),
    ).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path: 'adjustments.1' })] }));
  });

  it(`adds up line by line, group by group and in total, however prices are quoted (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.array(lineToPrice, { minLength: 1, maxLength: 12 }),
        adjustmentPlan,
        fc.boolean(),
        currency,
        (lines, plan, pricesIncludeTax, of) => {
          const adjustments = agreedOf(lines, plan, of);
          const document = price(lines, adjustments, pricesIncludeTax, of);
          checkAddsUp(document, pricesIncludeTax, of);
          expect(document.lines.length).toBe(lines.length);
        },
      ),
      { seed, numRuns: 1_000 },
    );
  });
});

/** The plan as a request: later discounts are left out where they no longer fit. */
function agreedOf(
  lines: readonly LineToPrice[],
  plan: readonly {
    kind: 'discount' | 'charge' | 'freight';
    percent?: string;
    part?: number;
    amount?: number;
  }[],
  of: string,
): AdjustmentToPrice[] {
  const base = priceDocument({ lines, pricesIncludeTax: false, currency: of }).totals.net;
  let left = base;
  return plan.flatMap(({ part, ...adjustment }): AdjustmentToPrice[] => {
    const { percent } = adjustment;
    const amount =
      percent === undefined
        ? (adjustment.amount ?? Math.floor(base * (part ?? 0)))
        : percentOf(base, percent, of);
    if (adjustment.kind === 'discount') {
      if (amount > left) return [];
      left -= amount;
    }
    const common = { ...adjustment, reason: 'agreed' };
    return [
      percent === undefined ? { ...common, percent, amount } : { ...common, percent, amount: undefined },
    ];
  });
}

function checkAddsUp(
  { lines, adjustments, totals }: ReturnType<typeof priceDocument>,
  pricesIncludeTax: boolean,
  of: string,
): void {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const sign = (kind: string) => (kind === 'discount' ? -1 : 1);
  for (const line of lines) {
    expect(line.net).toBeGreaterThanOrEqual(0);
    expect(line.net).toBeLessThanOrEqual(quotedValue(line));
    if (!pricesIncludeTax) expect(line.net).toBe(quotedValue(line));
  }
  for (const adjustment of adjustments) {
    expect(adjustment.net).toBeGreaterThanOrEqual(0);
    expect(adjustment.net).toBeLessThanOrEqual(adjustment.amount);
  }
  for (const group of totals.groups) {
    const own = lines.filter(({ tax }) => sameTreatment(tax, group));
    const adjusting = adjustments.filter(({ tax }) => sameTreatment(tax, group));
    const net = sum(own.map((line) => line.net)) + sum(adjusting.map((each) => sign(each.kind) * each.net));
    const quoted = sum(own.map(quotedValue)) + sum(adjusting.map((each) => sign(each.kind) * each.amount));
    expect(group.net).toBe(net);
    expect(group.net).toBeGreaterThanOrEqual(0);
    if (pricesIncludeTax) {
      expect(group.net + group.tax).toBe(quoted);
      expect(group.tax).toBe(taxWithin(quoted, group.rate));
    } else {
      expect(group.net).toBe(quoted);
    }
    // EN 16931 BR-CO-17: the group's tax is its net times its rate; taken out of a gross, it may differ by one unit.
    const onTop = percentOf(group.net, group.rate, of);
    expect(Math.abs(group.tax - onTop)).toBeLessThanOrEqual(pricesIncludeTax ? 1 : 0);
  }
  expect(new Set(totals.groups.map(treatmentKey)).size).toBe(totals.groups.length);
  expect(totals.net).toBe(sum(totals.groups.map((group) => group.net)));
  expect(totals.tax).toBe(sum(totals.groups.map((group) => group.tax)));
  expect(totals.gross).toBe(totals.net + totals.tax);
}
