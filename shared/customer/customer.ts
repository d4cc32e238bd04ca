import * as z from 'zod';
import { InvoiceDelivery, PeppolId } from '../delivery/preference.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { PriceListId } from '../pricing/price-list.ts';
import { Exemption } from '../tax/tax.ts';
import { PaymentTerms } from '../terms/terms.ts';

/** What an invoice covers: a shipment, a whole order, or all that left for the customer in a week or a month. */
export const Invoicing = z.enum(['shipment', 'order', 'weekly', 'monthly']);
export type Invoicing = z.infer<typeof Invoicing>;

export const Address = z.strictObject({
  lines: z.array(z.string().min(1).max(100)).min(1).max(4),
  city: z.string().min(1).max(60).optional(),
  postalCode: z.string().min(1).max(20).optional(),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'),
});
export type Address = z.infer<typeof Address>;

/** Whether two addresses read alike. */
export function sameAddress(one: Address, other: Address): boolean {
  const text = ({ lines, city, postalCode, country }: Address) =>
    JSON.stringify([lines, city, postalCode, country]);
  return text(one) === text(other);
}

/** What sales and credit say of a customer. `creditLimit` in minor units of `currency`, tax included. */
export const CustomerInput = z.strictObject({
  name: z.string().min(1).max(120),
  email: z.email(),
  address: Address,
  vatId: z.string().min(4).max(20).optional(),
  currency: Currency,
  /** Its prices are quoted, and add up, with tax in them. */
  pricesIncludeTax: z.literal(true).optional(),
  /** Why it is charged no tax at home. */
  taxExemption: Exemption.optional(),
  /** Net days from the invoice's date; 0 is due at once. */
  paymentTermDays: z.int().min(0).max(365).default(30),
  /** When its invoices are due, where that is not simply so many days after them. */
  terms: PaymentTerms.optional(),
  /** What its invoices cover; each shipment has its own when left out. */
  invoicing: Invoicing.optional(),
  creditLimit: Minor.min(0).max(MAX_AMOUNT),
  /** What its accounting wants to read on every invoice (EN 16931 BT-10). */
  reference: z.string().min(1).max(60).optional(),
  /** Where it takes electronic invoices. */
  peppolId: PeppolId.optional(),
  /** How it gets its invoices; by mail as PDF when left out. */
  invoiceDelivery: InvoiceDelivery.optional(),
  /** What money of it settles that names no invoice: exactly what it fits, when left out, or the oldest first. */
  applyCash: z.enum(['oldest_first', 'exact']).optional(),
  /** What is out of stock waits until it comes, unless an order says otherwise; refused when left out. */
  backorder: z.enum(['allow', 'refuse']).optional(),
  /** The price list that holds for it before all other prices. */
  priceListId: PriceListId.optional(),
  /** Its orders have to name a purchase order. */
  purchaseOrderRequired: z.literal(true).optional(),
  /** It wants no mail about payments received. */
  receipts: z.literal(false).optional(),
  language: z.enum(['en', 'de']).default('en'),
  status: z.enum(['active', 'blocked']).default('active'),
});
export type CustomerInput = z.infer<typeof CustomerInput>;

export const Customer = CustomerInput.extend({ customerId: CustomerId, version: z.int().min(1) });
export type Customer = z.infer<typeof Customer>;

/** The customer as the tax law sees it: where its goods go to decides, not where it sits. */
export function taxedBuyer({ address, vatId, taxExemption }: Customer, shipTo: Address = address) {
  return { country: shipTo.country, vatId, taxExemption };
}

/**
 * What a customer owes and may owe, in minor units of its currency.
 * `exposure` = value of accepted orders not yet invoiced + `receivable`;
 * `receivable` = open invoices − unapplied payments and credit notes.
 */
export const Account = z.strictObject({
  customerId: CustomerId,
  currency: Currency,
  creditLimit: Minor,
  exposure: Minor,
  receivable: Minor,
});
export type Account = z.infer<typeof Account>;
