import { describe, expect, it } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { taxTreatment, totalsOf } from '#shared/tax/tax.ts';

const treat = (seller: string, buyer: { country: string; vatId?: string }, date: string) =>
  taxTreatment({ country: seller }, buyer, 'standard', shippedTaxPolicy, CalendarDate.parse(date));

describe('the tax of a sale of goods', () => {
  it.each([
    ['at home in Britain', 'GB', { country: 'GB' }, '2026-03-02', 'S', '20'],
    ['at home in Britain before 2011-01-04', 'GB', { country: 'GB' }, '2011-01-03', 'S', '17.5'],
    ['at home in Germany in the second half of 2020', 'DE', { country: 'DE' }, '2020-07-01', 'S', '16'],
    [
      'from Germany to a French business',
      'DE',
      { country: 'FR', vatId: 'FR40303265045' },
      '2026-03-02',
      'K',
      '0',
    ],
    ['from Germany to a French private buyer', 'DE', { country: 'FR' }, '2026-03-02', 'S', '19'],
    ['from Britain to a French private buyer in 2011', 'GB', { country: 'FR' }, '2011-12-05', 'S', '20'],
    [
      'from Britain to France since 2021',
      'GB',
      { country: 'FR', vatId: 'FR40303265045' },
      '2021-01-01',
      'G',
      '0',
    ],
    ['from Germany to the United States', 'DE', { country: 'US' }, '2026-03-02', 'G', '0'],
  ])('%s', (_, seller, buyer, date, category, rate) => {
    expect(treat(seller, buyer, date)).toEqual({ category, rate });
  });

  it('is refused where the policy knows no rate', () => {
    expect(() => treat('AU', { country: 'AU' }, '2026-03-02')).toThrow(
      'no standard rate for AU on 2026-03-02',
    );
  });

  it('is rounded once per group, half to even: 2.5 pence are 2', () => {
    const rate = { category: 'S', rate: '5' } as const;
    expect(
      totalsOf(
        [
          { net: 25, tax: rate },
          { net: 25, tax: rate },
        ],
        'GBP',
      ),
    ).toMatchObject({ net: 50, tax: 2, gross: 52 });
  });

  it('keeps rates apart in groups', () => {
    const totals = totalsOf(
      [
        { net: 1_000, tax: { category: 'S', rate: '20' } },
        { net: 1_000, tax: { category: 'Z', rate: '0' } },
      ],
      'GBP',
    );
    expect(totals.groups).toEqual([
      { category: 'S', rate: '20', net: 1_000, tax: 200 },
      { category: 'Z', rate: '0', net: 1_000, tax: 0 },
    ]);
  });
});
