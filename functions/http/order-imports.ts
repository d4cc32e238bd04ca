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
import type { Seller } from '#shared/order/pricing-store.ts';
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
    own: isStaff(caller) ? undefined : caller.customerId,
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

export const handler = httpFunction(table, [take, response, sourceDocument]);

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
