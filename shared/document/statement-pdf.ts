import type { Company } from '../company/company.ts';
import { startOfDay } from '../kernel/calendar.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { AccountHolder, Statement } from '../statement/statement.ts';
import type { DocumentFonts } from './fonts.ts';
import { groupedIban } from './iban.ts';
import { addressLines, cityLine, localeFor, longDate } from './language.ts';
import { drawPageNumber, drawRunningHead, footerPart } from './letter.ts';
import { colours, contentWidth, type Ink, lineHeight, Paper, sheet } from './paper.ts';
import { type StatementSketch, statementTable } from './statement-table.ts';
import { statementWords } from './statement-words.ts';

export type StatementDocument = {
  company: Company;
  customer: AccountHolder;
  statement: Statement;
  /** The day it is drawn up. */
  today: CalendarDate;
  fonts: DocumentFonts;
};

const brand: Ink = { font: 'bold', size: 15, colour: colours.accent };
const sender: Ink = { font: 'regular', size: 7.5, colour: colours.muted };
const buyerName: Ink = { font: 'bold', size: 9.5, colour: colours.text };
const body: Ink = { font: 'regular', size: 9, colour: colours.text };
const factLabel: Ink = { font: 'regular', size: 8, colour: colours.muted };
const factValue: Ink = { font: 'regular', size: 8, colour: colours.text };
const titleInk: Ink = { font: 'bold', size: 17, colour: colours.text };

/** Top of the address field for window envelopes, 45 mm below the edge (DIN 5008, form B). */
const ADDRESS_TOP = 127.6;
const HALF = contentWidth / 2 - 14;

/** A statement of account as a PDF in the customer's language. The same input gives the same bytes. */
export async function renderStatementPdf(wanted: StatementDocument): Promise<Buffer> {
  const { company, customer, statement, today, fonts } = wanted;
  const words = statementWords[customer.language];
  const locale = localeFor(customer.language, company);
  const title = words.titles[statement.kind];
  const paper = new Paper(fonts, {
    title: `${title} ${customer.customerId}`,
    author: company.legalName,
    language: customer.language,
    createdAt: new Date(startOfDay(today, company.timeZone)),
  });
  const sketch: StatementSketch = { paper, words, locale, currency: statement.currency };
  const foot = footerPart(paper, company, words);
  const footTop = sheet.foot - foot.height;
  paper.bottom = footTop - 12;
  paper.onNewPage(() => drawRunningHead(paper, `${title} · ${longDate(today, locale)}`, customer.name));
  drawHead(sketch, wanted, title);
  statementTable(sketch, statement);
  if (statement.kind === 'open_item' && statement.total > 0) {
    drawClosing(sketch, words.pay(`${groupedIban(company.iban)} (BIC ${company.bic})`));
  }
  return paper.finish((page, pages) => {
    foot.draw(footTop);
    drawPageNumber(paper, words.page(page, pages), footTop);
  });
}

function drawHead({ paper, words, locale }: StatementSketch, wanted: StatementDocument, title: string): void {
  const { company, customer, statement, today } = wanted;
  const name = paper.wrap(company.tradingName ?? company.legalName, HALF, brand);
  const nameEnd = paper.writeLines(name, sheet.left, sheet.top - 8, brand);
  const own = [company.legalName, ...company.addressLines, cityLine(company), company.email];
  const ownLines = own.flatMap((line) => paper.wrap(line, HALF, sender));
  const ownEnd = paper.writeLines(ownLines, sheet.right, sheet.top - 6, sender, 'right');
  const top = Math.max(ADDRESS_TOP, Math.max(nameEnd, ownEnd) + 16);

  const named = paper.writeLines(paper.wrap(customer.name, HALF, buyerName), sheet.left, top, buyerName);
  const address = addressLines(customer.address, company, locale);
  const wrapped = address.flatMap((line) => paper.wrap(line, HALF, body));
  const addressEnd = paper.writeLines(wrapped, sheet.left, named, body);

  const facts: [string, string][] = [
    [words.customer, customer.customerId],
    ...(statement.kind === 'period'
      ? [
          [words.period, `${longDate(statement.from, locale)} – ${longDate(statement.to, locale)}`] as [
            string,
            string,
          ],
        ]
      : []),
    [words.drawnUp, longDate(today, locale)],
  ];
  const labelWidth = paper.widest(
    facts.map(([label]) => label),
    factLabel,
  );
  let y = top;
  for (const [label, value] of facts) {
    paper.write(label, sheet.right - HALF, y, factLabel);
    const lines = paper.wrap(value, HALF - labelWidth - 12, factValue);
    y = paper.writeLines(lines, sheet.right, y, factValue, 'right') + 4;
  }
  paper.y = Math.max(addressEnd, y) + 30;
  paper.write(title, sheet.left, paper.y, titleInk);
  paper.y += lineHeight(titleInk) + 10;
}

function drawClosing({ paper }: StatementSketch, text: string): void {
  const lines = paper.wrap(text, contentWidth, body);
  paper.ensure(lines.length * lineHeight(body) + 14);
  paper.y = paper.writeLines(lines, sheet.left, paper.y + 14, body);
}
