import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
import type { Customer } from '#shared/customer/customer.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { assertOwn } from '#shared/http/caller.ts';
import { type Answer, type Call, httpFunction, operation } from '#shared/http/http-function.ts';
import { type InvoiceFile, loadCreditNoteFile, loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { ReturnId, type Sku, twinId } from '#shared/kernel/ids.ts';
import { type CalendarDate, dateIn } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import type { Product } from '#shared/product/product.ts';
import { loadProducts } from '#shared/product/product-store.ts';
import { creditFromInvoice, creditFromPrices } from '#shared/return/credited-lines.ts';
import { assertSameReturn, draftReturn } from '#shared/return/draft-return.ts';
import { createReturn, getReturn, type ReturnRequest, receiptOf, viewOf } from '#shared/return/return-api.ts';
import { loadReturn, ReferenceTaken, returnWithReference, takeReturn } from '#shared/return/return-store.ts';
import { MAIN } from '#shared/stock/warehouse-policy.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { quotedTreatments, salesTaxProviderFor } from '#shared/tax/sales-tax.ts';
import { taxPolicy } from '#shared/tax/shipped-tax-policy.ts';

const table = dynamoTable();
const company = companyFromEnv();
const salesTaxProvider = salesTaxProviderFor(company);

const noReturn = () => new DomainError('return_not_found', 'There is no such return.');
const unknown = (code: 'customer_not_found' | 'invoice_not_found', path: string, message: string) =>
  new DomainError(code, 'The return names something that does not exist.', { issues: [{ path, message }] });

type CreateCall = Call<typeof createReturn>;

const create = operation(
  createReturn,
  async (call) => {
    try {
      return await onFreshRead(() => takeOrRepeat(call));
    } catch (error) {
      // Someone else took it under the same reference just now: reading again finds that return.
      if (error instanceof ReferenceTaken) return takeOrRepeat(call);
      throw error;
    }
  },
  {
    replay: async (returnId) => {
      const taken = await loadReturn(table, ReturnId.parse(returnId));
      if (!taken) throw noReturn();
      return { body: receiptOf(taken) };
    },
  },
);

async function takeOrRepeat({ body: request, caller, at, remember }: CreateCall): Promise<Answer> {
  const { customerId, reference, invoiceId } = request;
  const today = dateIn(company.timeZone, at);
  await refuseUnstocked(request);
  const [seller, earlier, customer, next, from, prices] = await Promise.all([
    sellerOf(table, company),
    reference === undefined ? undefined : returnWithReference(table, customerId, reference),
    loadCustomer(table, customerId),
    nextNumber(table, 'creditNote', today),
    invoiceId === undefined ? undefined : loadInvoiceFile(table, invoiceId, { consistent: true }),
    invoiceId === undefined ? loadPriceBasis(request, request.documentDate ?? today) : undefined,
  ]);
  if (earlier) {
    assertSameReturn(request, earlier);
    return { body: receiptOf(earlier), headers: { 'idempotency-replayed': 'true' } };
  }
  if (!customer) throw unknown('customer_not_found', 'customerId', `there is no customer ${customerId}`);
  const credited = prices
    ? creditFromPrices(request.lines, prices.products, {
        company,
        customer,
        ...prices.tax,
        salesTax: await salesTaxOn(prices.products, customer, prices.tax.date),
      })
    : creditFromInvoice(request.lines, ownInvoice(from, request));
  const draft = draftReturn({
    request,
    credited,
    customer,
    from,
    today,
    at,
    actor: caller.name,
    seller,
  });
  return { status: 201, body: receiptOf(await takeReturn(table, draft, next, remember)) };
}

/**
 * Goods go back to where they are kept: a product that was never stocked in the warehouse is sold from there by nobody.
 * @throws DomainError `warehouse_not_found`
 */
async function refuseUnstocked({ lines, warehouse = MAIN }: ReturnRequest): Promise<void> {
  if (warehouse === MAIN) return;
  const skus = lines.filter(({ condition }) => condition === 'restock').map(({ sku }) => sku);
  const products = await loadProducts(table, [...new Set(skus)]);
  const issues = lines.flatMap(({ sku, condition }, index) =>
    condition === 'scrap' || products.get(sku)?.stockedIn?.includes(warehouse)
      ? []
      : [{ path: `lines.${index}.sku`, message: `${sku} was never kept in ${warehouse}` }],
  );
  if (issues.length === 0) return;
  throw new DomainError(
    'warehouse_not_found',
    `Some of the goods are not kept in ${warehouse}. Take them back to another warehouse, or transfer some there first.`,
    { issues },
  );
}

/** What decides price and tax where no invoice does. */
async function loadPriceBasis({ lines }: ReturnRequest, date: CalendarDate) {
  const skus = [...new Set<Sku>(lines.map(({ sku }) => sku))];
  const [products, { policy }] = await Promise.all([
    loadProducts(table, skus),
    policyInForce(table, taxPolicy, date),
  ]);
  return { products, tax: { policy, date } };
}

/** What the provider of sales tax says of `products`; undefined where none is asked. */
async function salesTaxOn(
  products: ReadonlyMap<string, Product>,
  { address, taxExemption }: Customer,
  date: CalendarDate,
) {
  if (!salesTaxProvider) return undefined;
  return quotedTreatments(salesTaxProvider, {
    seller: company,
    shipTo: address,
    exemption: taxExemption,
    date,
    lines: [...products.values()],
  });
}

/** @throws DomainError `invoice_not_found` unless there is the invoice and it is the customer's */
function ownInvoice(file: InvoiceFile | undefined, { customerId, invoiceId }: ReturnRequest): InvoiceFile {
  if (file?.invoice.customerId === customerId) return file;
  throw unknown('invoice_not_found', 'invoiceId', `${customerId} has no invoice ${invoiceId}`);
}

const get = operation(getReturn, async ({ params: { returnId }, caller }) => {
  const creditNoteId = twinId('crn', returnId);
  const [taken, file] = await Promise.all([
    loadReturn(table, returnId),
    loadCreditNoteFile(table, creditNoteId),
  ]);
  if (!taken || !file) throw noReturn();
  assertOwn(caller, taken.customerId, noReturn);
  return { body: viewOf(taken, file) };
});

/** `/v1/returns`: take goods back, read. */
export const handler = httpFunction(table, [create, get]);
