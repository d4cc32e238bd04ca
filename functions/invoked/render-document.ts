import { companyFromEnv } from '#shared/company/company.ts';
import { loadSeller } from '#shared/company/seller-store.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { type InvoiceDocument, renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import {
  MAX_FILE_BYTES,
  type Rendered,
  type RenderedFormat,
  RenderRequest,
} from '#shared/document/render-request.ts';
import { documentMediaTypes } from '#shared/http/document-format.ts';
import { loadCreditNoteFile, loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { isPayable } from '#shared/invoice/payable.ts';
import type { CreditNoteId, InvoiceId, OrderId } from '#shared/kernel/ids.ts';
import { asPlaced, loadOrderFile } from '#shared/order/order-store.ts';
import { proFormaOf } from '#shared/order/pro-forma.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const fonts = fontsFromEnv();
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/**
 * Called by functions that answer the API, which have checked that the caller may see the document: makes its file from
 * the frozen record and the company as it was then, so that the same document has the same bytes whenever it is asked
 * for.
 */
export async function handler(event: unknown): Promise<Rendered> {
  const request = RenderRequest.parse(event);
  const { format } = request;
  switch (request.kind) {
    case 'invoice':
      return fileOf(await loadIssuedInvoice(request.id), format);
    case 'credit_note':
      return fileOf(await loadIssuedCreditNote(request.id), format);
    case 'pro_forma':
      return fileOf(await loadProForma(request.id), format);
    default:
      return request satisfies never;
  }
}

type Printed = { name: string; wanted: InvoiceDocument };

async function loadIssuedInvoice(id: InvoiceId): Promise<Printed> {
  const file = await loadInvoiceFile(table, id);
  if (!file) throw new Error(`${id} is not to be found`);
  const { invoice: document, lines } = file;
  const company = await loadSeller(table, document.seller);
  const payUrl = isPayable(document) ? payLink(publicUrl, await readSecret(), id) : undefined;
  return { name: document.number, wanted: { company, document, lines, payUrl, fonts } };
}

async function loadIssuedCreditNote(id: CreditNoteId): Promise<Printed> {
  const file = await loadCreditNoteFile(table, id);
  if (!file) throw new Error(`${id} is not to be found`);
  const { creditNote: document, lines } = file;
  const company = await loadSeller(table, document.seller);
  return { name: document.number, wanted: { company, document, lines, fonts } };
}

/** An order names no seller yet: its pro forma shows the company and the customer as they are. */
async function loadProForma(id: OrderId): Promise<Printed> {
  const file = await loadOrderFile(table, id);
  const customer = file && (await loadCustomer(table, file.order.customerId));
  if (!file || !customer) throw new Error(`${id} or its customer is not to be found`);
  const company = companyFromEnv();
  const document = proFormaOf(asPlaced(file.order), customer, company.timeZone);
  return { name: `pro-forma-${id}`, wanted: { company, document, lines: file.lines, fonts } };
}

async function fileOf({ name, wanted }: Printed, format: RenderedFormat): Promise<Rendered> {
  if (format !== 'pdf') {
    return { outcome: 'not_acceptable', detail: `${name} does not come as ${documentMediaTypes[format]}.` };
  }
  const bytes = await renderInvoicePdf(wanted);
  if (bytes.length > MAX_FILE_BYTES) {
    const detail = `${name} has ${bytes.length} bytes as ${documentMediaTypes[format]}, more than one answer carries. It was sent by mail; ask for JSON here.`;
    return { outcome: 'not_acceptable', detail };
  }
  const contentType = documentMediaTypes[format];
  return { outcome: 'rendered', contentType, filename: `${name}.pdf`, base64: bytes.toString('base64') };
}
