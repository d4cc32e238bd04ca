import type { Company } from '../company/company.ts';
import type { InvoiceLine } from '../invoice/invoice.ts';
import { type BilledDocument, titleOf } from './billed-document.ts';
import type { DocumentFonts } from './fonts.ts';
import { drawHead, type Sketch } from './invoice-head.ts';
import { drawLines } from './invoice-lines.ts';
import { invoiceWords } from './invoice-words.ts';
import { localeFor } from './language.ts';
import { drawPageNumber, drawRunningHead, footerPart, furtherPageTop } from './letter.ts';
import { logoFile } from './logo.ts';
import { Paper, sheet } from './paper.ts';
import { type Part, place } from './part.ts';
import { creditPart, paymentPart } from './payment-part.ts';
import { notesPart } from './tax-part.ts';
import { totalsParts } from './totals-part.ts';

export type InvoiceDocument = {
  /** The company as it was when the document was issued. */
  company: Company;
  document: BilledDocument;
  /** All lines of `document`, in order. */
  lines: readonly InvoiceLine[];
  /** Where an invoice is paid online; left out, it only names the bank account. */
  payUrl?: string | undefined;
  fonts: DocumentFonts;
  /** The file of the logo; the company's own, from beside the bundle, unless said otherwise. */
  logo?: string | undefined;
  /** Makes it PDF/A-3b, which may carry an electronic invoice (Factur-X). */
  archival?: boolean | undefined;
};

/**
 * An invoice, credit note or pro forma as a PDF in the buyer's language, with what Directive 2006/112/EC art. 226 asks
 * for. The same input gives the same bytes, so that what was sent can be made again.
 * @throws Error when a font file can't be read
 */
export async function renderInvoicePdf(wanted: InvoiceDocument): Promise<Buffer> {
  const { company, document, lines, payUrl, fonts, archival } = wanted;
  const { language } = document.buyer;
  const words = invoiceWords(language, company.country);
  const title = titleOf(document, words);
  const paper = new Paper(fonts, {
    title,
    author: company.legalName,
    language,
    createdAt: new Date(document.issuedAt),
    archival,
  });
  const sketch: Sketch = {
    paper,
    company,
    document,
    words,
    locale: localeFor(language, company),
    logo: wanted.logo ?? logoFile(company),
  };

  const foot = footerPart(paper, company, words);
  const footTop = sheet.foot - foot.height;
  paper.bottom = footTop - 12;
  paper.onNewPage(() => drawRunningHead(paper, title, document.buyer.name));
  drawHead(sketch);
  const totals = totalsParts(sketch, lines, paper.bottom - furtherPageTop);
  drawLines(sketch, lines, totals[0]?.height ?? 0);
  for (const part of [...totals, notesPart(sketch), closingPart(sketch, payUrl)]) place(paper, part);
  return paper.finish((page, pages) => {
    foot.draw(footTop);
    drawPageNumber(paper, words.page(page, pages), footTop);
  });
}

/** What comes of the document: how it is paid, or what becomes of the credit. */
function closingPart(sketch: Sketch, payUrl: string | undefined): Part {
  const { document } = sketch;
  switch (document.kind) {
    case 'invoice':
      return paymentPart(sketch, document, payUrl);
    case 'credit_note':
      return creditPart(sketch);
    case 'pro_forma':
      return { height: 0, draw: () => undefined };
    default:
      return document satisfies never;
  }
}
