import type { Company } from '../company/company.ts';
import type { InvoiceLine } from '../invoice/invoice.ts';
import { type BilledDocument, titleOf } from './billed-document.ts';
import type { DocumentFonts } from './fonts.ts';
import { groupedIban } from './iban.ts';
import { drawHead, type Sketch } from './invoice-head.ts';
import { drawLines } from './invoice-lines.ts';
import { invoiceWords } from './invoice-words.ts';
import { cityLine, localeFor } from './language.ts';
import { logoFile } from './logo.ts';
import { colours, contentWidth, type Ink, lineHeight, Paper, sheet } from './paper.ts';
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

const running: Ink = { font: 'regular', size: 8, colour: colours.muted };
const footer: Ink = { font: 'regular', size: 6.5, colour: colours.muted };
const FOOTER_GAP = 6;
/** Where a further page begins, below its running head. */
const furtherPageTop = sheet.top + lineHeight(running) + 2;
const PAGE_NUMBER_WIDTH = 76;

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

  const foot = footerPart(sketch);
  const footTop = sheet.foot - foot.height;
  paper.bottom = footTop - 12;
  paper.onNewPage(() => drawRunningHead(sketch, title));
  drawHead(sketch);
  const totals = totalsParts(sketch, lines, paper.bottom - furtherPageTop);
  drawLines(sketch, lines, totals[0]?.height ?? 0);
  for (const part of [...totals, notesPart(sketch), closingPart(sketch, payUrl)]) place(paper, part);
  return paper.finish((page, pages) => {
    foot.draw(footTop);
    paper.write(words.page(page, pages), sheet.right, footTop + FOOTER_GAP, footer, 'right');
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

function drawRunningHead({ paper, document }: Sketch, title: string): void {
  paper.write(title, sheet.left, sheet.top - 10, { ...running, font: 'bold' });
  const room = contentWidth - paper.widthOf(title, { ...running, font: 'bold' }) - 24;
  paper.write(paper.fit(document.buyer.name, room, running), sheet.right, sheet.top - 10, running, 'right');
  paper.y = furtherPageTop;
}

/** The company's data at the foot of every page. It takes the room it needs from the bottom of the pages. */
function footerPart({ paper, company, words }: Sketch): Part {
  const columns = [
    [company.legalName, ...company.addressLines, cityLine(company)],
    [
      `${words.vatId} ${company.vatId}`,
      ...(company.registrationNumber === undefined
        ? []
        : [`${words.registration} ${company.registrationNumber}`]),
      company.email,
      ...(company.phone === undefined ? [] : [company.phone]),
    ],
    [company.bankName, groupedIban(company.iban), `BIC ${company.bic}`],
  ];
  const width = (contentWidth - PAGE_NUMBER_WIDTH) / columns.length;
  const wrapped = columns.map((lines) => lines.flatMap((line) => paper.wrap(line, width - 12, footer)));
  return {
    height: Math.max(...wrapped.map((lines) => lines.length)) * lineHeight(footer) + FOOTER_GAP,
    draw: (top) => {
      paper.rule(top, { weight: 0.5 });
      wrapped.forEach((lines, index) => {
        paper.writeLines(lines, sheet.left + index * width, top + FOOTER_GAP, footer);
      });
    },
  };
}
