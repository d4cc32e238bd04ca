import type { PolicyDefinition } from '../policy/policy-definition.ts';
import { TaxPolicy } from './tax.ts';

// Standard rates of the union as they stand in 2026, each from the day its country put it in force, and those before it
// where the rate changed of late; reduced and zero rates of the countries most sold from. A company that sells with
// another rate puts its own policy in force.
// Rates: European Commission, "Taxes in Europe Database"; GB: HMRC, "VAT rates" (20 % since 2011-01-04).
// Membership: Treaty of Accession dates; GB left the union's VAT area at the end of 2020.
const since2007 = 'AT BE BG CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** Country, rate, the first day it holds and the last, where that is past. */
const standardRates = (
  [
    ['AT', '20', '1984-01-01'],
    ['BE', '21', '1996-01-01'],
    ['BG', '20', '1999-01-01'],
    ['CY', '19', '2014-01-13'],
    ['CZ', '21', '2013-01-01'],
    ['DK', '25', '1992-01-01'],
    ['EE', '20', '2009-07-01', '2023-12-31'],
    ['EE', '22', '2024-01-01', '2025-06-30'],
    ['EE', '24', '2025-07-01'],
    ['ES', '21', '2012-09-01'],
    ['FI', '24', '2013-01-01', '2024-08-31'],
    ['FI', '25.5', '2024-09-01'],
    ['GR', '24', '2016-06-01'],
    ['HR', '25', '2012-03-01'],
    ['HU', '27', '2012-01-01'],
    ['IT', '22', '2013-10-01'],
    ['LT', '21', '2009-09-01'],
    ['LU', '17', '2015-01-01', '2022-12-31'],
    ['LU', '16', '2023-01-01', '2023-12-31'],
    ['LU', '17', '2024-01-01'],
    ['LV', '21', '2012-07-01'],
    ['MT', '18', '2004-01-01'],
    ['PL', '23', '2011-01-01'],
    ['PT', '23', '2011-01-01'],
    ['RO', '19', '2017-01-01', '2025-07-31'],
    ['RO', '21', '2025-08-01'],
    ['SE', '25', '1990-07-01'],
    ['SI', '22', '2013-07-01'],
    ['SK', '20', '2011-01-01', '2024-12-31'],
    ['SK', '23', '2025-01-01'],
  ] as const
).map(([country, rate, from, to]) => ({ country, taxClass: 'standard', rate, from, to }));

/** What holds until the company puts its own rates in force. */
export const shippedTaxPolicy = TaxPolicy.parse({
  rates: [
    { country: 'GB', taxClass: 'standard', rate: '17.5', from: '2010-01-01', to: '2011-01-03' },
    { country: 'GB', taxClass: 'standard', rate: '20', from: '2011-01-04' },
    { country: 'GB', taxClass: 'reduced', rate: '5', from: '1997-09-01' },
    { country: 'GB', taxClass: 'zero', rate: '0', from: '1973-04-01' },
    { country: 'DE', taxClass: 'standard', rate: '19', from: '2007-01-01', to: '2020-06-30' },
    { country: 'DE', taxClass: 'standard', rate: '16', from: '2020-07-01', to: '2020-12-31' },
    { country: 'DE', taxClass: 'standard', rate: '19', from: '2021-01-01' },
    { country: 'DE', taxClass: 'reduced', rate: '7', from: '1983-07-01', to: '2020-06-30' },
    { country: 'DE', taxClass: 'reduced', rate: '5', from: '2020-07-01', to: '2020-12-31' },
    { country: 'DE', taxClass: 'reduced', rate: '7', from: '2021-01-01' },
    { country: 'DE', taxClass: 'zero', rate: '0', from: '2007-01-01' },
    { country: 'FR', taxClass: 'standard', rate: '19.6', from: '2000-04-01', to: '2013-12-31' },
    { country: 'FR', taxClass: 'standard', rate: '20', from: '2014-01-01' },
    { country: 'FR', taxClass: 'reduced', rate: '5.5', from: '1982-07-01' },
    { country: 'FR', taxClass: 'zero', rate: '0', from: '2007-01-01' },
    { country: 'IE', taxClass: 'standard', rate: '23', from: '2012-01-01', to: '2020-08-31' },
    { country: 'IE', taxClass: 'standard', rate: '21', from: '2020-09-01', to: '2021-02-28' },
    { country: 'IE', taxClass: 'standard', rate: '23', from: '2021-03-01' },
    { country: 'IE', taxClass: 'zero', rate: '0', from: '2007-01-01' },
    { country: 'NL', taxClass: 'standard', rate: '21', from: '2012-10-01' },
    { country: 'NL', taxClass: 'reduced', rate: '9', from: '2019-01-01' },
    { country: 'NL', taxClass: 'zero', rate: '0', from: '2007-01-01' },
    ...standardRates,
  ],
  union: [
    ...since2007.map((country) => ({ country, from: '2007-01-01' })),
    { country: 'HR', from: '2013-07-01' },
    { country: 'GB', from: '1973-01-01', to: '2020-12-31' },
  ],
});

export const taxPolicy: PolicyDefinition<TaxPolicy> = {
  name: 'tax',
  schema: TaxPolicy,
  shipped: shippedTaxPolicy,
};
