import { describe, expect, it } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { shippedTaxPolicy } from '#shared/tax/shipped-tax-policy.ts';
import { type Taxable, taxTreatment, totalsOf } from '#shared/tax/tax.ts';

const treat = (
  seller: string,
  buyer: Parameters<typeof taxTreatment>[1],
  date: string,
  sold: Taxable = { taxClass: 'standard' },
) => taxTreatment({ country: seller }, buyer, sold, shippedTaxPolicy, CalendarDate.parse(date));

/** Why nothing is charged, by the category. */
const codes: Record<string, string> = { K: 'VATEX-EU-IC', G: 'VATEX-EU-G', AE: 'VATEX-EU-AE' };
const medical = { code: 'VATEX-EU-132-1B', reason: 'Hospital and medical care' };
const embassy = { code: 'VATEX-EU-151-1A', reason: 'Diplomatic mission' };
const french = { country: 'FR', vatId: 'FR40303265045' };

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
    const code = codes[category];
    expect(treat(seller, buyer, date)).toEqual({ category, rate, ...(code && { exemption: { code } }) });
  });

  it.each([
    [
      'a service to a French business',
      french,
      { taxClass: 'standard', supply: 'service' },
      'AE',
      'VATEX-EU-AE',
    ],
    ['goods to a French business', french, { taxClass: 'standard' }, 'K', 'VATEX-EU-IC'],
    [
      'an exempt product at home',
      { country: 'DE' },
      { taxClass: 'exempt', exemption: medical },
      'E',
      medical.code,
    ],
    [
      'what is outside the scope of VAT',
      { country: 'DE' },
      { taxClass: 'exempt', exemption: { code: 'VATEX-EU-O' } },
      'O',
      'VATEX-EU-O',
    ],
    [
      'goods to an embassy at home',
      { country: 'DE', taxExemption: embassy },
      { taxClass: 'standard' },
      'E',
      embassy.code,
    ],
    [
      'goods to an embassy abroad',
      { country: 'US', taxExemption: embassy },
      { taxClass: 'standard' },
      'G',
      'VATEX-EU-G',
    ],
  ] as const)('from Germany, %s', (_, buyer, sold, category, code) => {
    expect(treat('DE', buyer, '2026-03-02', sold)).toMatchObject({
      category,
      rate: '0',
      exemption: { code },
    });
  });

  it('a service to a private buyer of the union, and at home, is taxed', () => {
    const service: Taxable = { taxClass: 'standard', supply: 'service' };
    expect(treat('DE', { country: 'FR' }, '2026-03-02', service)).toEqual({ category: 'S', rate: '19' });
    expect(treat('DE', { country: 'DE', vatId: 'DE811907980' }, '2026-03-02', service).category).toBe('S');
  });

  it('is zero rated as Z, for an exempt customer too', () => {
    const zero: Taxable = { taxClass: 'zero' };
    expect(treat('GB', { country: 'GB', taxExemption: embassy }, '2026-03-02', zero)).toEqual({
      category: 'Z',
      rate: '0',
    });
  });

  it('is refused where an exempt product does not say why', () => {
    expect(() => treat('DE', { country: 'DE' }, '2026-03-02', { taxClass: 'exempt' })).toThrow(
      expect.objectContaining({ code: 'policy_invalid' }),
    );
  });

  it('every member of the union has a standard rate in 2026, and one only', () => {
    const today = CalendarDate.parse('2026-06-30');
    const members = shippedTaxPolicy.union.filter(({ to }) => to === undefined || to >= today);
    expect(members.length).toBe(27);
    for (const { country } of members) {
      const rates = shippedTaxPolicy.rates.filter(
        (rate) =>
          rate.country === country &&
          rate.taxClass === 'standard' &&
          rate.from <= today &&
          (rate.to === undefined || rate.to >= today),
      );
      expect([country, rates.length]).toEqual([country, 1]);
    }
  });

  it.each([
    ['FI', '2024-08-31', '24'],
    ['FI', '2024-09-01', '25.5'],
    ['RO', '2025-08-01', '21'],
    ['SK', '2025-01-01', '23'],
    ['EE', '2025-07-01', '24'],
    ['LU', '2023-06-01', '16'],
  ])('in %s on %s is %s %%', (country, date, rate) => {
    expect(treat(country, { country }, date)).toEqual({ category: 'S', rate });
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
