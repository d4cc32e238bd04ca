import { describe, expect, it } from 'vitest';
import { netTerms, PaymentTerms } from '#shared/terms/terms.ts';

const issuesOf = (terms: unknown) =>
  PaymentTerms.safeParse(terms).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('payment terms', () => {
  it.each([
    { kind: 'net', days: 30, discount: { percent: '2', days: 10 } },
    { kind: 'end_of_month', days: 30, businessDays: 'following' },
    { kind: 'fixed_day', day: 15, minDays: 20 },
    {
      kind: 'instalments',
      parts: [
        { percent: '33.3333', days: 0 },
        { percent: '33.3333', days: 30 },
        { percent: '33.3334', days: 60 },
      ],
    },
  ])('are taken: $kind', (terms) => {
    expect(PaymentTerms.parse(terms)).toEqual(terms);
  });

  it('are net days by their short form', () => {
    expect(PaymentTerms.parse(netTerms(14))).toEqual({ kind: 'net', days: 14 });
  });

  it('refuse instalments that come to 99.9999 per cent', () => {
    const parts = [
      { percent: '50', days: 0 },
      { percent: '49.9999', days: 30 },
    ];
    expect(issuesOf({ kind: 'instalments', parts })).toEqual(['parts: the percentages must add up to 100']);
  });

  it('refuse instalments out of order', () => {
    const parts = [
      { percent: '50', days: 30 },
      { percent: '50', days: 30 },
    ];
    expect(issuesOf({ kind: 'instalments', parts })).toEqual([
      'parts: each instalment must be due later than the one before it',
    ]);
  });

  it('refuse a discount of nothing or of all', () => {
    for (const percent of ['0', '0.0', '100']) {
      expect(issuesOf({ kind: 'net', days: 30, discount: { percent, days: 10 } })).toEqual([
        'discount.percent: must be more than 0 and less than 100',
      ]);
    }
  });
});
