import { companyFromEnv } from '#shared/company/company.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import { type Rendered, RenderRequest } from '#shared/document/render-request.ts';
import { loadCreditNoteFile, loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();
const fonts = fontsFromEnv();
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/** Called by functions that answer the API: makes a document's file from its frozen record. */
export async function handler(event: unknown): Promise<Rendered> {
  const request = RenderRequest.parse(event);
  const format = request.format;
  if (format !== 'pdf') {
    return { outcome: 'not_acceptable', detail: `${request.id} does not come as ${format}.` };
  }
  switch (request.kind) {
    case 'invoice': {
      const file = await loadInvoiceFile(table, request.id);
      if (!file) throw new Error(`${request.id} is not to be found`);
      const { invoice: document, lines } = file;
      const payUrl = payLink(publicUrl, await readSecret(), request.id);
      return pdfFile(document.number, await renderInvoicePdf({ company, document, lines, payUrl, fonts }));
    }
    case 'credit_note': {
      const file = await loadCreditNoteFile(table, request.id);
      if (!file) throw new Error(`${request.id} is not to be found`);
      const { creditNote: document, lines } = file;
      return pdfFile(document.number, await renderInvoicePdf({ company, document, lines, fonts }));
    }
    case 'pro_forma':
      return { outcome: 'not_acceptable', detail: `${request.id} does not come as ${format}.` };
    default:
      return request satisfies never;
  }
}

function pdfFile(name: string, bytes: Buffer): Rendered {
  return {
    outcome: 'rendered',
    contentType: 'application/pdf',
    filename: `${name}.pdf`,
    base64: bytes.toString('base64'),
  };
}
