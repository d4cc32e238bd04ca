import type { SalesTaxProvider, SaleToTax } from './sales-tax-provider.ts';
import type { Taxable, TaxTreatment } from './tax.ts';

type Jurisdiction = { readonly name: string; readonly rate: string };

/**
 * Where the sandbox knows a tax, by how the ZIP code begins. It is a sandbox: states are real and their rates near
 * what they are, counties and cities stand for any; nobody should charge by it. What is not here is not taxed, as
 * where a seller has no nexus.
 */
const table: readonly { readonly zip: string; readonly jurisdictions: readonly Jurisdiction[] }[] = [
  {
    zip: '606',
    jurisdictions: [
      { name: 'Illinois', rate: '6.25' },
      { name: 'Cook County', rate: '1.75' },
      { name: 'Chicago', rate: '2.25' },
    ],
  },
  {
    zip: '100',
    jurisdictions: [
      { name: 'New York', rate: '4' },
      { name: 'New York City', rate: '4.5' },
      { name: 'Metropolitan Commuter Transportation District', rate: '0.375' },
    ],
  },
  {
    zip: '900',
    jurisdictions: [
      { name: 'California', rate: '7.25' },
      { name: 'Los Angeles County', rate: '2.25' },
    ],
  },
  {
    zip: '787',
    jurisdictions: [
      { name: 'Texas', rate: '6.25' },
      { name: 'Austin', rate: '2' },
    ],
  },
];

/** What exports are on documents in the standard that they follow. */
const abroad: TaxTreatment = { category: 'G', rate: '0', exemption: { code: 'VATEX-EU-G' } };
const untaxed: TaxTreatment = { category: 'Z', rate: '0' };

/** The sandbox of the sales tax provider: answers at once, from {@link table}, the same whenever it is asked. */
export const sandboxSalesTax: SalesTaxProvider = {
  quote: async (sale) => sale.lines.map((line) => treatmentOf(sale, line)),
};

function treatmentOf({ shipTo, exemption }: SaleToTax, line: Taxable): TaxTreatment {
  if (shipTo.country !== 'US') return abroad;
  if (line.taxClass === 'zero') return untaxed;
  const because = line.exemption ?? exemption;
  if (because) return { category: 'E', rate: '0', exemption: because };
  const found = table.find(({ zip }) => shipTo.postalCode?.startsWith(zip));
  if (!found) return untaxed;
  const { jurisdictions } = found;
  return {
    category: 'S',
    rate: sumOf(jurisdictions.map(({ rate }) => rate)),
    jurisdictions: jurisdictions.map((jurisdiction) => ({ ...jurisdiction })),
  };
}

/** A sum of per cent, as decimal: ten-thousandths are whole numbers. */
function sumOf(rates: readonly string[]): string {
  const tenThousandths = rates.reduce((sum, rate) => sum + Math.round(Number(rate) * 10_000), 0);
  return String(tenThousandths / 10_000);
}
