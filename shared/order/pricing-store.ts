import type { Company } from '../company/company.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, Sku } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { loadEntries } from '../pricing/price-list-store.ts';
import { loadProducts } from '../product/product-store.ts';
import type { Table } from '../table/table.ts';
import { quotedTreatments } from '../tax/sales-tax.ts';
import type { SalesTaxProvider } from '../tax/sales-tax-provider.ts';
import { taxPolicy } from '../tax/shipped-tax-policy.ts';
import type { TaxClass } from '../tax/tax.ts';
import type { PlaceOrderRequest } from './order-api.ts';
import { verificationPolicy } from './verification-policy.ts';

/** Who sells, and who is asked for sales tax where anybody is. */
export type Seller = { readonly company: Company; readonly salesTax: SalesTaxProvider | undefined };

type ToPrice = { lines: readonly { sku: Sku }[] } & Pick<PlaceOrderRequest, 'adjustments' | 'shipTo'>;

export const customerNotFound = () =>
  new DomainError('customer_not_found', 'There is no such customer.', {
    issues: [{ path: 'customerId', message: 'names no customer' }],
  });

/**
 * What prices and tax of a sale are decided from; one round trip, and one more where the customer has a price list.
 * @throws DomainError `customer_not_found`
 */
export async function loadPricing(
  table: Table,
  { company, salesTax: provider }: Seller,
  customerId: CustomerId,
  wanted: ToPrice,
  date: CalendarDate,
) {
  const skus = [...new Set(wanted.lines.map(({ sku }) => sku))];
  const [customer, products, tax, verification] = await Promise.all([
    loadCustomer(table, customerId),
    loadProducts(table, skus),
    policyInForce(table, taxPolicy, date),
    policyInForce(table, verificationPolicy, date),
  ]);
  if (!customer) throw customerNotFound();
  const { priceListId } = customer;
  const [listed, salesTax] = await Promise.all([
    priceListId && loadEntries(table, priceListId, skus),
    provider &&
      quotedTreatments(provider, {
        seller: company,
        shipTo: wanted.shipTo ?? customer.address,
        exemption: customer.taxExemption,
        date,
        lines: [...products.values(), ...chargesOf(wanted)],
      }),
  ]);
  return {
    company,
    customer,
    products,
    listed,
    tax: tax.policy,
    verification: verification.policy,
    salesTax,
  };
}

/** The classes of the charges that have one of their own. */
function chargesOf({ adjustments = [] }: ToPrice): { taxClass: TaxClass }[] {
  return adjustments.flatMap(({ taxClass }) => (taxClass === undefined ? [] : [{ taxClass }]));
}
