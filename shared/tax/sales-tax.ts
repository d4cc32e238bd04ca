import type { SalesTaxProvider, SaleToTax } from './sales-tax-provider.ts';
import { sandboxSalesTax } from './sandbox-sales-tax.ts';
import type { Taxable, TaxTreatment } from './tax.ts';

/** Something sold, by its SKU where it has one. */
export type Sold = Taxable & { readonly sku?: string | undefined };

/**
 * The provider that this deployment asks, named by `SALES_TAX_PROVIDER`; undefined where none is, or where the company
 * is not in the United States: the tax policy then decides, and nobody is asked.
 * @throws RangeError for a name that no provider has: the deployment is broken
 */
export function salesTaxProviderFor(company: { country: string }): SalesTaxProvider | undefined {
  const name = process.env['SALES_TAX_PROVIDER'];
  if (name === undefined || company.country !== 'US') return undefined;
  if (name === 'sandbox') return sandboxSalesTax;
  throw new RangeError(`SALES_TAX_PROVIDER is ${name}, which is no provider`);
}

/**
 * Asks for each thing that is sold, once. @returns what tells the treatment of each of them
 */
export async function quotedTreatments(
  provider: SalesTaxProvider,
  sale: SaleToTax,
): Promise<(sold: Sold) => TaxTreatment> {
  const distinct = [...new Map(sale.lines.map((line) => [nameOf(line), line])).entries()];
  const quoted = await provider.quote({ ...sale, lines: distinct.map(([, line]) => line) });
  const byName = new Map(
    distinct.flatMap(([name], index) => {
      const treatment = quoted[index];
      return treatment ? [[name, treatment] as const] : [];
    }),
  );
  return (sold) => {
    const treatment = byName.get(nameOf(sold));
    if (!treatment) throw new RangeError(`no sales tax was quoted for ${nameOf(sold)}`);
    return treatment;
  };
}

/** A SKU has no space, so that no product is taken for a charge. */
function nameOf({ sku, taxClass }: Sold): string {
  return sku ?? `a ${taxClass} charge`;
}
