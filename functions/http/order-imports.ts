import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import * as edi from '#shared/edi/edi-api.ts';
import { type OrderResponse, responseTo, writeOrderResponse } from '#shared/edi/order-response.ts';
import { readUblOrder } from '#shared/edi/read-ubl-order.ts';
import { loadSourceDocument } from '#shared/edi/source-document-store.ts';
import { takeEdiOrder } from '#shared/edi/take-edi-order-store.ts';
import { assertOwn, type Caller, isStaff } from '#shared/http/caller.ts';
import { documentMediaTypes, negotiateFormat } from '#shared/http/document-format.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CustomerId, OrderId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { loadOrderFile } from '#shared/order/order-store.ts';
import { customerNotFound, type Seller } from '#shared/order/pricing-store.ts';
import type { OrderImport, OrderImportId } from '#shared/order-import/order-import.ts';
import * as api from '#shared/order-import/order-import-api.ts';
import {
  importIdOf,
  loadImport,
  loadImportFile,
  loadProgress,
  loadResults,
  openImport,
} from '#shared/order-import/order-import-store.ts';
import { readOrdersCsv, rejectedRows, writeRejects } from '#shared/order-import/read-orders-csv.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { salesTaxProviderFor } from '#shared/tax/sales-tax.ts';

const table = dynamoTable();
const company = companyFromEnv();
const seller: Seller = { company, salesTax: salesTaxProviderFor(company) };

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');

const take = operation(edi.takeEdiOrder, async ({ file, query, headers, caller, at }) => {
  const format = negotiateFormat(edi.takeEdiOrder.produces, headers['accept'], query.format);
  const sender = {
    actor: caller.name,
    actorId: caller.id,
    at,
    own: ownOf(caller),
  };
  const { response, isNew, customerId } = await takeEdiOrder(table, seller, readUblOrder(file), file, sender);
  return { status: isNew ? 201 : 200, ...(await answerOf(response, customerId, format)) };
});

const response = operation(edi.getOrderResponse, async ({ params, query, headers, caller, at }) => {
  const format = negotiateFormat(edi.getOrderResponse.produces, headers['accept'], query.format);
  const { file, source } = await sourced(params.orderId, caller);
  const today = dateIn(company.timeZone, at);
  return answerOf(responseTo(readUblOrder(source.content), file, today), file.order.customerId, format);
});

const sourceDocument = operation(edi.getSourceDocument, async ({ params, caller }) => {
  const { source } = await sourced(params.orderId, caller);
  return fileOf(`order-${params.orderId}.xml`, source.content);
});

const importFile = operation(api.importOrders, async ({ file, caller, at }) => {
  const own = ownOf(caller);
  const importId = importIdOf(file, own);
  const before = await loadImport(table, importId);
  const about = { importId, at, by: caller.name, byId: caller.id, mayAgreePrices: isStaff(caller) };
  const head = before ?? (await openImport(table, file, readOrdersCsv(file, own), about));
  const body = api.orderImportView(head, await loadProgress(table, importId));
  return { status: before ? 200 : 201, headers: { location: `/v1/orders/imports/${importId}` }, body };
});

const progress = operation(api.getOrderImport, async ({ params, caller }) => {
  const head = await ownImport(params.importId, caller);
  return { body: api.orderImportView(head, await loadProgress(table, params.importId)) };
});

const rejects = operation(api.listImportRejects, async ({ params: { importId }, query, caller }) => {
  await ownImport(importId, caller);
  const rejected = (await loadResults(table, importId)).filter(({ reject }) => reject);
  if (query.format === 'json') return { body: { items: rejected } };
  const why = new Map(
    rejected.map(({ customerId, ref, reject }) => [`${customerId} ${ref}`, reject?.detail ?? '']),
  );
  const rows = rejectedRows(await loadImportFile(table, importId), ownOf(caller), why);
  return { text: { contentType: 'text/csv', content: writeRejects(rows) } };
});

const importDocument = operation(api.getImportDocument, async ({ params: { importId }, caller }) => {
  await ownImport(importId, caller);
  const content = (await loadImportFile(table, importId)).toString('utf8');
  return { text: { contentType: 'text/csv', content } };
});

export const handler = httpFunction(table, [
  take,
  response,
  sourceDocument,
  importFile,
  progress,
  rejects,
  importDocument,
]);

/** Whose orders a customer may send; anybody's from staff. @throws DomainError for one bound to no customer */
function ownOf(caller: Caller): CustomerId | undefined {
  if (isStaff(caller)) return undefined;
  if (!caller.customerId) throw customerNotFound();
  return caller.customerId;
}

/** An import; of a customer's only what that sent. @throws DomainError `order_import_not_found` */
async function ownImport(importId: OrderImportId, caller: Caller): Promise<OrderImport> {
  const head = await loadImport(table, importId);
  if (head && (isStaff(caller) || head.byId === caller.id)) return head;
  throw new DomainError('order_import_not_found', 'There is no such import.');
}

/** An order of the caller's with the document it came by. */
async function sourced(orderId: OrderId, caller: Caller) {
  const [file, source] = await Promise.all([
    loadOrderFile(table, orderId),
    loadSourceDocument(table, orderId),
  ]);
  if (!file) throw orderNotFound();
  assertOwn(caller, file.order.customerId, orderNotFound);
  if (!source) throw new DomainError('source_document_not_found', 'The order came by no document.');
  return { file, source };
}

async function answerOf(answer: OrderResponse, customerId: CustomerId, format: 'ubl' | 'json') {
  if (format === 'json') return { body: answer };
  const buyer = await loadCustomer(table, customerId);
  if (!buyer) throw new DomainError('customer_not_found', 'There is no such customer.');
  const xml = writeOrderResponse(answer, company, buyer);
  return fileOf(`order-response-${answer.responseId}.xml`, Buffer.from(xml));
}

function fileOf(filename: string, content: Buffer) {
  const contentType = documentMediaTypes.ubl;
  return {
    file: { contentType, filename: filename.replace(/[^\w.-]/g, '_'), base64: content.toString('base64') },
  };
}
