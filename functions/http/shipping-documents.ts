import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { documentRenderer } from '#shared/document/render-client.ts';
import { assertOwn, type Caller } from '#shared/http/caller.ts';
import { fileAnswer, negotiateFormat } from '#shared/http/document-format.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { OrderId, ShipmentId } from '#shared/kernel/ids.ts';
import { composeCommercialInvoice } from '#shared/shipment/commercial-invoice.ts';
import { composePackingSlip } from '#shared/shipment/packing-slip.ts';
import { getCommercialInvoice, getPackingSlip } from '#shared/shipment/shipment-documents-api.ts';
import { loadShippingFile } from '#shared/shipment/shipment-store.ts';
import { shipmentNotFound } from '#shared/shipment/tracking-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const render = documentRenderer(process.env['RENDER_FUNCTION'] ?? '');

const orderNotFound = () => new DomainError('order_not_found', 'There is no such order.');

const packingSlip = operation(getPackingSlip, async (call) => {
  const { params, query, headers, caller } = call;
  const format = negotiateFormat(getPackingSlip.produces, headers['accept'], query.format);
  const { file, shipment, customer } = await loadSent(params, caller);
  const slip = composePackingSlip(file, shipment, customer, timeZone);
  return format === 'json'
    ? { body: slip }
    : fileAnswer(await render({ kind: 'packing_slip', id: params.shipmentId, format, slip }));
});

const commercialInvoice = operation(getCommercialInvoice, async (call) => {
  const { params, query, headers, caller } = call;
  const format = negotiateFormat(getCommercialInvoice.produces, headers['accept'], query.format);
  const { file, shipment, customer } = await loadSent(params, caller);
  const invoice = composeCommercialInvoice(file, shipment, customer, timeZone);
  return format === 'json'
    ? { body: invoice }
    : fileAnswer(await render({ kind: 'commercial_invoice', id: params.shipmentId, format, invoice }));
});

export const handler = httpFunction(table, [packingSlip, commercialInvoice]);

/** A shipment of the caller's, with its order and customer. */
async function loadSent(
  { orderId, shipmentId }: { orderId: OrderId; shipmentId: ShipmentId },
  caller: Caller,
) {
  const file = await loadShippingFile(table, orderId);
  if (!file) throw orderNotFound();
  assertOwn(caller, file.order.customerId, orderNotFound);
  const shipment = file.shipments.find((each) => each.shipmentId === shipmentId);
  if (!shipment) throw shipmentNotFound();
  const customer = await loadCustomer(table, file.order.customerId);
  if (!customer) throw new Error(`${file.order.customerId} has an order, but is not to be found`);
  return { file, shipment, customer };
}
