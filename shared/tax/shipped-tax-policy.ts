import { TaxPolicy } from './tax.ts';

// Rates: European Commission, "Taxes in Europe Database"; GB: HMRC, "VAT rates" (20 % since 2011-01-04).
// Membership: Treaty of Accession dates; GB left the union's VAT area at the end of 2020.
const since2007 = 'AT BE BG CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

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
  ],
  union: [
    ...since2007.map((country) => ({ country, from: '2007-01-01' })),
    { country: 'HR', from: '2013-07-01' },
    { country: 'GB', from: '1973-01-01', to: '2020-12-31' },
  ],
});
