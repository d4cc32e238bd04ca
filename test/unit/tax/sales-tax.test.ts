import { afterEach, describe, expect, it, vi } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { quotedTreatments, salesTaxProviderFor } from '#shared/tax/sales-tax.ts';
import type { Exemption } from '#shared/tax/tax.ts';

afterEach(() => vi.unstubAllEnvs());

const chicago = { lines: ['1 Lake Street'], city: 'Chicago', postalCode: '60601', country: 'US' };
const mug = { sku: 'MUG-1', taxClass: 'standard' } as const;
const book = { sku: 'BOOK-1', taxClass: 'zero' } as const;

async function quote(shipTo: typeof chicago, exemption?: Exemption) {
  vi.stubEnv('SALES_TAX_PROVIDER', 'sandbox');
  const provider = salesTaxProviderFor({ country: 'US' });
  if (!provider) throw new Error('there is a sandbox');
  return quotedTreatments(provider, {
    seller: { country: 'US', postalCode: '10001' },
    shipTo,
    exemption,
    date: CalendarDate.parse('2026-03-02'),
    lines: [mug, book, mug, { taxClass: 'standard' }],
  });
}

describe('sales tax from the sandbox', () => {
  it('is the sum of what state, county and city take at the address', async () => {
    const treatment = await quote(chicago);
    expect(treatment(mug)).toEqual({
      category: 'S',
      rate: '10.25',
      jurisdictions: [
        { name: 'Illinois', rate: '6.25' },
        { name: 'Cook County', rate: '1.75' },
        { name: 'Chicago', rate: '2.25' },
      ],
    });
    expect(treatment(book)).toEqual({ category: 'Z', rate: '0' });
    expect(treatment({ taxClass: 'standard' }).rate).toBe('10.25');
  });

  it('keeps the digits that a county has', async () => {
    const treatment = await quote({ ...chicago, city: 'New York', postalCode: '10013' });
    expect(treatment(mug).rate).toBe('8.875');
  });

  it('is not charged to who sells on, nor where the seller has no nexus, nor abroad', async () => {
    const resale = { code: 'VATEX-US-RESALE', reason: 'Resale certificate CRT-61' };
    expect((await quote(chicago, resale))(mug)).toEqual({ category: 'E', rate: '0', exemption: resale });
    expect((await quote({ ...chicago, postalCode: '97201' }))(mug)).toEqual({ category: 'Z', rate: '0' });
    expect((await quote({ ...chicago, country: 'DE' }))(mug).category).toBe('G');
  });

  it('is asked for only where it is set up and the company is in the United States', () => {
    expect(salesTaxProviderFor({ country: 'US' })).toBeUndefined();
    vi.stubEnv('SALES_TAX_PROVIDER', 'sandbox');
    expect(salesTaxProviderFor({ country: 'GB' })).toBeUndefined();
    vi.stubEnv('SALES_TAX_PROVIDER', 'somebody');
    expect(() => salesTaxProviderFor({ country: 'US' })).toThrow(RangeError);
  });
});
