import type { Company } from '../company/company.ts';
import { type CreditNote, type Invoice, poNumbersOf } from '../invoice/invoice.ts';
import { formatMoney } from '../kernel/money.ts';
import type { invoiceWords } from './invoice-words.ts';
import { addressLines, cityLine, countryName, longDate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

/** What every part of the document is drawn from. */
export type Sketch = {
  paper: Paper;
  company: Company;
  document: Invoice | CreditNote;
  words: (typeof invoiceWords)['en'];
  locale: string;
};

const brand: Ink = { font: 'bold', size: 15, colour: colours.accent };
const sender: Ink = { font: 'regular', size: 7.5, colour: colours.muted };
const returnLine: Ink = { font: 'regular', size: 6, colour: colours.muted };
const buyerName: Ink = { font: 'bold', size: 9.5, colour: colours.text };
const body: Ink = { font: 'regular', size: 9, colour: colours.text };
const factLabel: Ink = { font: 'regular', size: 8, colour: colours.muted };
const factValue: Ink = { font: 'regular', size: 8, colour: colours.text };
const titleInk: Ink = { font: 'bold', size: 17, colour: colours.text };
const headline: Ink = { font: 'regular', size: 11, colour: colours.accent };
const small: Ink = { font: 'regular', size: 8.5, colour: colours.text };

/** Top of the address field for window envelopes, 45 mm below the edge (DIN 5008, form B). */
const ADDRESS_TOP = 127.6;
const HALF = contentWidth / 2 - 14;

/** Letterhead, address, facts and title of the first page; leaves `paper.y` where the lines begin. */
export function drawHead(sketch: Sketch): void {
  const { paper } = sketch;
  const top = Math.max(ADDRESS_TOP, drawLetterhead(sketch) + 16);
  paper.y = Math.max(drawBuyer(sketch, top), drawFacts(sketch, top)) + 30;
  drawTitle(sketch);
}

function drawLetterhead({ paper, company, locale }: Sketch): number {
  const name = paper.wrap(company.tradingName ?? company.legalName, HALF, brand);
  const nameEnd = paper.writeLines(name, sheet.left, sheet.top - 8, brand);
  const lines = [
    ...(company.tradingName ? [company.legalName] : []),
    ...company.addressLines,
    cityLine(company),
    countryName(company.country, locale),
  ].flatMap((line) => paper.wrap(line, HALF, sender));
  return Math.max(nameEnd, paper.writeLines(lines, sheet.right, sheet.top - 6, sender, 'right'));
}

function drawBuyer({ paper, company, document, words, locale }: Sketch, top: number): number {
  const { buyer } = document;
  const from = [company.legalName, ...company.addressLines, cityLine(company)].join(' · ');
  const senderLine = paper.fit(from, HALF, returnLine);
  paper.write(senderLine, sheet.left, top, returnLine);
  paper.rule(top + 9, { to: sheet.left + paper.widthOf(senderLine, returnLine), weight: 0.4 });

  const named = paper.writeLines(paper.wrap(buyer.name, HALF, buyerName), sheet.left, top + 16, buyerName);
  const address = addressLines(buyer.address, company, locale).flatMap((line) =>
    paper.wrap(line, HALF, body),
  );
  const end = paper.writeLines(address, sheet.left, named, body);
  if (buyer.vatId === undefined) return end;
  const vatId = paper.wrap(`${words.vatId} ${buyer.vatId}`, HALF, sender);
  return paper.writeLines(vatId, sheet.left, end + 5, sender);
}

function drawFacts({ paper, document, words, locale }: Sketch, top: number): number {
  const rows = factsOf(document, words, locale);
  const labelWidth = paper.widest(
    rows.map(([label]) => label),
    factLabel,
  );
  const left = sheet.right - HALF;
  let y = top - 1;
  for (const [label, value] of rows) {
    paper.write(label, left, y, factLabel);
    const lines = paper.wrap(value, HALF - labelWidth - 12, factValue);
    y = paper.writeLines(lines, sheet.right, y, factValue, 'right') + 4;
  }
  return y;
}

function factsOf(document: Sketch['document'], words: Sketch['words'], locale: string): [string, string][] {
  const common: [string, string][] = [
    [words.number, document.number],
    [words.issued, longDate(document.issuedOn, locale)],
  ];
  const customer: [string, string] = [words.customer, document.customerId];
  switch (document.kind) {
    case 'invoice':
      return [
        ...common,
        [words.supplied, longDate(document.suppliedOn, locale)],
        [words.due, longDate(document.dueOn, locale)],
        customer,
        [words.order, document.orders.map(({ orderId }) => orderId).join(', ')],
        ...optional(words.purchaseOrder, poNumbersOf(document)),
      ];
    case 'credit_note':
      return [...common, customer, ...optional(words.corrects, document.corrects?.number)];
    default:
      return document satisfies never;
  }
}

function optional(label: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[label, value]];
}

function drawTitle({ paper, document, words, locale }: Sketch): void {
  const title = paper.wrap(titleOf(document, words), contentWidth, titleInk);
  paper.y = paper.writeLines(title, sheet.left, paper.y, titleInk) + 1;
  const amount = formatMoney(document.totals.gross, document.currency, locale);
  paper.y = paper.writeLines(
    headlineLines(paper, headlineOf(document, words, amount, locale)),
    sheet.left,
    paper.y,
    headline,
  );
  if (document.kind === 'credit_note' && document.reason.trim() !== '') {
    const reason = paper.wrap(`${words.reason}: ${document.reason}`, contentWidth, small);
    for (const line of ['', ...reason]) {
      paper.ensure(lineHeight(small));
      paper.write(line, sheet.left, paper.y, small);
      paper.y += line === '' ? 6 : lineHeight(small);
    }
  }
  paper.y += 16;
}

function headlineLines(paper: Paper, text: string): string[] {
  return paper.wrap(text, contentWidth, headline);
}

function headlineOf(
  document: Sketch['document'],
  words: Sketch['words'],
  amount: string,
  locale: string,
): string {
  if (document.kind === 'credit_note') return words.headlineCredit(amount);
  if (document.dueOn === document.issuedOn) return words.headlineAtOnce(amount);
  return words.headlineDue(amount, longDate(document.dueOn, locale));
}

/** E.g. `Invoice INV-2026-000042`. */
export function titleOf(document: Sketch['document'], words: Sketch['words']): string {
  return `${document.kind === 'invoice' ? words.invoice : words.creditNote} ${document.number}`;
}
