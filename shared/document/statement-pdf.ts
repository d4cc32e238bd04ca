import type { Company } from '../company/company.ts';
import { startOfDay } from '../kernel/calendar.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { AccountHolder, Statement } from '../statement/statement.ts';
import type { DocumentFonts } from './fonts.ts';
import { groupedIban } from './iban.ts';
import { localeFor, longDate } from './language.ts';
import { drawPageNumber, drawRunningHead, footerPart } from './letter.ts';
import { drawLetterHead, type LetterFact } from './letter-head.ts';
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

const body: Ink = { font: 'regular', size: 9, colour: colours.text };

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
  drawLetterHead({ paper, company, locale }, customer, factsOf(sketch, wanted), title);
  statementTable(sketch, statement);
  if (statement.kind === 'open_item' && statement.total > 0) {
    drawClosing(sketch, words.pay(`${groupedIban(company.iban)} (BIC ${company.bic})`));
  }
  return paper.finish((page, pages) => {
    foot.draw(footTop);
    drawPageNumber(paper, words.page(page, pages), footTop);
  });
}

function factsOf(
  { words, locale }: StatementSketch,
  { customer, statement, today }: StatementDocument,
): LetterFact[] {
  const { kind } = statement;
  return [
    [words.customer, customer.customerId],
    ...(kind === 'period'
      ? [[words.period, `${longDate(statement.from, locale)} – ${longDate(statement.to, locale)}`] as const]
      : []),
    [words.drawnUp, longDate(today, locale)],
  ];
}

function drawClosing({ paper }: StatementSketch, text: string): void {
  const lines = paper.wrap(text, contentWidth, body);
  paper.ensure(lines.length * lineHeight(body) + 14);
  paper.y = paper.writeLines(lines, sheet.left, paper.y + 14, body);
}
