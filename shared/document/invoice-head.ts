import type { Company } from '../company/company.ts';
import { formatMoney } from '../kernel/money.ts';
import { type BilledDocument, factsOf, titleOf } from './billed-document.ts';
import type { Words } from './invoice-words.ts';
import { addressLines, cityLine, countryName, longDate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

/** What every part of the document is drawn from. */
export type Sketch = {
  paper: Paper;
  company: Company;
  document: BilledDocument;
  words: Words;
  locale: string;
  /** The file of the company's logo; without one its name stands there. */
  logo?: string | undefined;
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
const LOGO_HEIGHT = 44;

/** Letterhead, address, facts and title of the first page; leaves `paper.y` where the lines begin. */
export function drawHead(sketch: Sketch): void {
  const { paper } = sketch;
  const top = Math.max(ADDRESS_TOP, drawLetterhead(sketch) + 16);
  paper.y = Math.max(drawBuyer(sketch, top), drawFacts(sketch, top)) + 30;
  drawTitle(sketch);
}

function drawLetterhead(sketch: Sketch): number {
  const { paper, company, locale } = sketch;
  const lines = [
    ...(company.tradingName || sketch.logo ? [company.legalName] : []),
    ...company.addressLines,
    cityLine(company),
    countryName(company.country, locale),
  ].flatMap((line) => paper.wrap(line, HALF, sender));
  const end = paper.writeLines(lines, sheet.right, sheet.top - 6, sender, 'right');
  return Math.max(drawBrand(sketch), end);
}

/** The company's logo, or its name. @returns where it ends */
function drawBrand({ paper, company, logo }: Sketch): number {
  const top = sheet.top - 8;
  if (logo !== undefined) {
    paper.picture(logo, sheet.left, top, HALF, LOGO_HEIGHT);
    return top + LOGO_HEIGHT;
  }
  const name = paper.wrap(company.tradingName ?? company.legalName, HALF, brand);
  return paper.writeLines(name, sheet.left, top, brand);
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

function drawTitle(sketch: Sketch): void {
  const { paper, document, words } = sketch;
  const title = paper.wrap(titleOf(document, words), contentWidth, titleInk);
  paper.y = paper.writeLines(title, sheet.left, paper.y, titleInk) + 1;
  const subtitle = paper.wrap(headlineOf(sketch), contentWidth, headline);
  paper.y = paper.writeLines(subtitle, sheet.left, paper.y, headline);
  const remark = remarkOf(document, words);
  if (remark !== undefined) {
    paper.y += 6;
    for (const line of paper.wrap(remark, contentWidth, small)) {
      paper.ensure(lineHeight(small));
      paper.write(line, sheet.left, paper.y, small);
      paper.y += lineHeight(small);
    }
  }
  paper.y += 16;
}

/** The one thing to know: how much, and until when. */
function headlineOf({ document, words, locale }: Sketch): string {
  const amount = formatMoney(document.totals.gross, document.currency, locale);
  switch (document.kind) {
    case 'invoice': {
      const [first] = document.instalments ?? [];
      if (document.type === 'counter') return words.headlinePaid(amount);
      if (document.totals.gross === 0) return words.headlineNothing(amount);
      if (first && document.instalments) {
        return words.headlineInstalments(amount, document.instalments.length, longDate(first.dueOn, locale));
      }
      if (document.dueOn === document.issuedOn) return words.headlineAtOnce(amount);
      return words.headlineDue(amount, longDate(document.dueOn, locale));
    }
    case 'credit_note':
      return words.headlineCredit(amount);
    case 'pro_forma':
      return amount;
    default:
      return document satisfies never;
  }
}

function remarkOf(document: BilledDocument, words: Words): string | undefined {
  switch (document.kind) {
    case 'invoice':
      return document.type === 'deposit' ? words.depositRemark : undefined;
    case 'credit_note':
      return document.reason.trim() === '' ? undefined : `${words.reason}: ${document.reason}`;
    case 'pro_forma':
      return words.proFormaRemark;
    default:
      return document satisfies never;
  }
}
