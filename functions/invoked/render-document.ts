import { companyFromEnv } from '#shared/company/company.ts';
import { loadSeller } from '#shared/company/seller-store.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import type { InvoiceDocument } from '#shared/document/invoice-pdf.ts';
import { renderFile } from '#shared/document/render-file.ts';
import {
  MAX_FILE_BYTES,
  Rendered,
  type RenderedFormat,
  RenderRequest,
} from '#shared/document/render-request.ts';
import { renderCommercialInvoice, renderPackingSlip } from '#shared/document/shipping-pdf.ts';
import { renderStatementPdf } from '#shared/document/statement-pdf.ts';
import { documentMediaTypes } from '#shared/http/document-format.ts';
import { loadCreditNoteFile, loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { isPayable } from '#shared/invoice/payable.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CreditNoteId, InvoiceId, OrderId } from '#shared/kernel/ids.ts';
import { asPlaced } from '#shared/order/as-placed.ts';
import { loadOrderFile } from '#shared/order/order-store.ts';
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
    case 'packing_slip':
      return pdfOf(
        `packing-slip-${request.id}`,
        await renderPackingSlip(companyFromEnv(), request.slip, fonts),
      );
    case 'commercial_invoice':
      return pdfOf(
        `commercial-invoice-${request.id}`,
        await renderCommercialInvoice(companyFromEnv(), request.invoice, fonts),
      );
    case 'statement':
      return statementFile(request);
    default:
      return request satisfies never;
  }
}

type StatementRequest = Extract<RenderRequest, { kind: 'statement' }>;

async function loadIssuedInvoice(id: InvoiceId): Promise<InvoiceDocument> {
  const file = await loadInvoiceFile(table, id);
  if (!file) throw new Error(`${id} is not to be found`);
  const { invoice: document, lines } = file;
  const company = await loadSeller(table, document.seller);
  const payUrl = isPayable(document) ? payLink(publicUrl, await readSecret(), id) : undefined;
  return { company, document, lines, payUrl, fonts };
}

async function loadIssuedCreditNote(id: CreditNoteId): Promise<InvoiceDocument> {
  const file = await loadCreditNoteFile(table, id);
  if (!file) throw new Error(`${id} is not to be found`);
  const { creditNote: document, lines } = file;
  const company = await loadSeller(table, document.seller);
  return { company, document, lines, fonts };
}

/** An order names no seller yet: its pro forma shows the company and the customer as they are. */
async function loadProForma(id: OrderId): Promise<InvoiceDocument> {
  const file = await loadOrderFile(table, id);
  const customer = file && (await loadCustomer(table, file.order.customerId));
  if (!file || !customer) throw new Error(`${id} or its customer is not to be found`);
  const company = companyFromEnv();
  const { order, lines } = asPlaced(file);
  return { company, document: proFormaOf(order, customer, company.timeZone), lines, fonts };
}

/** Refusals are answers: what is thrown would be a failure of the function, and an alarm. */
async function fileOf(wanted: InvoiceDocument, format: RenderedFormat): Promise<Rendered> {
  try {
    return answerOf(await renderFile(wanted, format));
  } catch (error) {
    const refusal = Rendered.safeParse(
      error instanceof DomainError && { outcome: 'refused', code: error.code, detail: error.message },
    );
    if (refusal.success) return refusal.data;
    throw error;
  }
}

/** A statement is of the company and the customer as they are. */
async function statementFile({ id, statement, today }: StatementRequest): Promise<Rendered> {
  const customer = await loadCustomer(table, id);
  if (!customer) throw new Error(`${id} is not to be found`);
  const content = await renderStatementPdf({ company: companyFromEnv(), customer, statement, today, fonts });
  const name = statement.kind === 'period' ? `statement-${statement.to}` : `open-items-${statement.on}`;
  return pdfOf(name, content);
}

const pdfOf = (name: string, content: Buffer) =>
  answerOf({ filename: `${name}.pdf`, contentType: documentMediaTypes.pdf, content });

function answerOf(file: { filename: string; contentType: string; content: Buffer }): Rendered {
  const { filename, contentType, content } = file;
  if (content.length <= MAX_FILE_BYTES) {
    return { outcome: 'rendered', contentType, filename, base64: content.toString('base64') };
  }
  const detail = `${filename} has ${content.length} bytes, more than one answer carries. Ask for another form.`;
  return { outcome: 'refused', code: 'not_acceptable', detail };
}
