import fc from 'fast-check';
import type { LineToPrice } from '#shared/tax/price-document.ts';
import type { TaxTreatment } from '#shared/tax/tax.ts';

/** Named in the title of each property, so that any run can be repeated: `SEED=… npx vitest run …`. */
export const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

export const currency = fc.constantFrom('JPY', 'EUR', 'GBP', 'BHD');

const treatment = fc.constantFrom<TaxTreatment>(
  { category: 'S', rate: '20' },
  { category: 'S', rate: '19' },
  { category: 'S', rate: '7.75' },
  { category: 'S', rate: '5.5' },
  { category: 'Z', rate: '0' },
);

const percent = fc.oneof(
  fc.constantFrom('0', '100', '33.3333', '2.5'),
  fc.integer({ min: 0, max: 10_000 }).map((hundredths) => (hundredths / 100).toString()),
);

const price = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1_000_000 }));

/** A line with or without a discount, which never takes off more than there is. */
export const lineToPrice = fc
  .record({
    quantity: fc.integer({ min: 1, max: 40 }),
    unitPrice: price,
    tax: treatment,
    take: fc.option(fc.oneof(percent, fc.double({ min: 0, max: 1, noNaN: true })), { nil: undefined }),
  })
  .map(({ take, ...line }): LineToPrice => {
    if (take === undefined) return line;
    const discount =
      typeof take === 'string'
        ? { percent: take }
        : { amount: Math.floor(line.quantity * line.unitPrice * take), reason: 'second choice' };
    return { ...line, discount };
  });

/** What a document takes off and adds: discounts as parts of a half each, so that two always fit. */
export const adjustmentPlan = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('discount' as const),
      percent: fc.constantFrom('3', '12.5', '33.3333', '50'),
    }),
    fc.record({ kind: fc.constant('discount' as const), part: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
    fc.record({
      kind: fc.constantFrom('charge' as const, 'freight' as const),
      amount: fc.integer({ min: 0, max: 5_000 }),
      tax: fc.option(treatment, { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('charge' as const), percent: fc.constantFrom('1', '2.75') }),
  ),
  { maxLength: 4 },
);
