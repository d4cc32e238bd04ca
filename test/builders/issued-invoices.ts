import type * as z from 'zod';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import type { Customer } from '#shared/customer/customer.ts';
import { saveCustomerActions } from '#shared/customer/customer-store.ts';
import type { Invoice } from '#shared/invoice/invoice.ts';
import { draftInvoice, type InvoiceDraft } from '#shared/invoice/issue-invoice.ts';
import { issueInvoice } from '#shared/invoice/issue-invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { instant } from '#shared/kernel/time.ts';
import type { OrderLine } from '#shared/order/order.ts';
import type { Product } from '#shared/product/product.ts';
import { saveProductActions } from '#shared/product/product-store.ts';
import type { Shipment } from '#shared/shipment/shipment.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompany } from './company.ts';
import { aCharge, aCustomer, aProduct } from './customer.ts';
import { SELLER_ID } from './invoice.ts';
import { anOrder, anOrderLine, aShipment } from './order.ts';

/** First reminder 7 days after the due date, second after 21, then a call after 35. */
const dunning = DunningPolicy.parse({
  steps: [
    { name: 'first reminder', afterDays: 7 },
    { name: 'second reminder', afterDays: 21 },
  ],
  callAfterDays: 35,
});

/** Four mugs and their postage: GBP 54.00 before tax, 64.80 with it. */
export const mugsAndPostage = [
  anOrderLine(),
  anOrderLine({
    line: 2,
    kind: 'charge',
    sku: 'POST',
    description: 'Postage',
    quantity: 1,
    unitPrice: 400,
    net: 400,
  }),
];

/** The id of the `n`-th shipment, 1 to 9999. */
export const shipmentIdOf = (n: number) => `shp_01k0000000000000000000${String(n).padStart(4, '0')}`;

type Shipped = {
  lines?: readonly OrderLine[];
  shipment?: Partial<z.input<typeof Shipment>>;
  customer?: Customer;
  at?: string;
};

/** The draft of the invoice of a shipment of all `lines`, on 3 March 2026. */
export function aDraft({
  lines = mugsAndPostage,
  shipment = {},
  customer = aCustomer(),
  at = '2026-03-03T14:00:05.000Z',
}: Shipped = {}): InvoiceDraft {
  const left = aShipment({
    lines: lines.map(({ line, quantity }) => ({ line, quantity })),
    claim: 6_480,
    ...shipment,
  });
  return draftInvoice({
    order: anOrder({ status: 'shipped', poNumber: 'PO-77' }),
    orderLines: lines,
    shipment: left,
    shipments: [left],
    customer,
    company: aCompany(),
    seller: SELLER_ID,
    at: instant(at),
    dunning,
  });
}

/** Lays down a customer with its account, by default one that may owe GBP 1,000.00. */
export async function keepCustomer(table: Table, customer: Customer = aCustomer()): Promise<void> {
  await commit(
    table,
    saveCustomerActions(undefined, customer, { at: instant('2026-01-01'), actor: 'sales@example.com' }),
  );
}

/** Lays down products, with empty stock where they are goods: by default a mug and postage. */
export async function keepProducts(
  table: Table,
  products: readonly Product[] = [aProduct(), aCharge()],
): Promise<void> {
  for (const product of products) {
    await commit(
      table,
      saveProductActions(undefined, product, { at: instant('2026-01-01'), actor: 'sales@example.com' }),
    );
  }
}

/** Claims the credit that the invoice of `draft` will replace, as accepting its order did. */
export async function claimCredit(table: Table, draft: InvoiceDraft): Promise<void> {
  await table.write({
    do: 'update',
    key: keys.account(draft.invoice.customerId),
    add: { exposure: draft.claim },
  });
}

/** Issues a draft as the function does: the counter is read, then the transaction written. */
export async function issue(table: Table, draft: InvoiceDraft): Promise<Invoice> {
  const next = await nextNumber(table, 'invoice', draft.invoice.issuedOn);
  return issueInvoice(table, draft, next, 'issue-invoice');
}
