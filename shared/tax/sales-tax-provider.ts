import type { Address } from '../customer/customer.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { Exemption, Taxable, TaxTreatment } from './tax.ts';

/** A sale that a provider of sales tax is asked about, before it is priced: rates do not depend on amounts. */
export type SaleToTax = {
  readonly seller: { readonly country: string; readonly postalCode: string };
  readonly shipTo: Address;
  /** Why the buyer is exempt: it sells on what it buys, for instance, and has shown its certificate. */
  readonly exemption?: Exemption | undefined;
  readonly date: CalendarDate;
  /** `sku` is missing for a charge. */
  readonly lines: readonly (Taxable & { readonly sku?: string | undefined })[];
};

/**
 * Says how sales are taxed in the United States, where each address has its own rate. An adapter of a provider such as
 * Avalara or TaxJar has this shape; the sandbox has it from a table.
 */
export type SalesTaxProvider = {
  /** The treatment of each line, in their order, with the jurisdictions its rate is the sum of. */
  readonly quote: (sale: SaleToTax) => Promise<readonly TaxTreatment[]>;
};
