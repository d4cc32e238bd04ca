import { renderFacturX } from '../e-invoice/render-factur-x.ts';
import { renderXml } from '../e-invoice/render-xml.ts';
import { documentMediaTypes } from '../http/document-format.ts';
import { DomainError } from '../kernel/errors.ts';
import { type InvoiceDocument, renderInvoicePdf } from './invoice-pdf.ts';
import type { RenderedFormat } from './render-request.ts';

/** A file to send or to hand out. */
export type DocumentFile = { filename: string; contentType: string; content: Buffer };

/**
 * A document in one of its forms: the one place where files are made, so that what is mailed and what the API hands out
 * are the same bytes.
 * @throws DomainError `not_acceptable` for a form it does not come in, `e_invoice_not_possible` where the standard has
 *   none for this document
 */
export async function renderFile(wanted: InvoiceDocument, format: RenderedFormat): Promise<DocumentFile> {
  const name = nameOf(wanted.document);
  const contentType = documentMediaTypes[format];
  if (format === 'pdf') {
    return { filename: `${name}.pdf`, contentType, content: await renderInvoicePdf(wanted) };
  }
  const { document, lines, company: seller } = wanted;
  if (document.kind === 'pro_forma') {
    throw new DomainError('not_acceptable', `${name} does not come as ${contentType}: it is no invoice.`);
  }
  const file = { document, lines, seller };
  if (format !== 'factur-x') {
    return { filename: `${name}.xml`, contentType, content: Buffer.from(renderXml(format, file).content) };
  }
  const pages = await renderInvoicePdf({ ...wanted, archival: true });
  return { filename: `${name}.pdf`, contentType, content: renderFacturX(file, pages) };
}

/** What the file is called: by the document's number, and a pro forma, which has none, by its order. */
function nameOf(document: InvoiceDocument['document']): string {
  const name = document.kind === 'pro_forma' ? `pro-forma-${document.orderId}` : document.number;
  return name.replace(/[^\w.-]/g, '_');
}
