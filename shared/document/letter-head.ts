import type { Company } from '../company/company.ts';
import type { Address } from '../customer/customer.ts';
import { addressLines, cityLine } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

/** Something known of a letter, such as its date, under what it is called. */
export type LetterFact = readonly [label: string, value: string];

const brand: Ink = { font: 'bold', size: 15, colour: colours.accent };
const sender: Ink = { font: 'regular', size: 7.5, colour: colours.muted };
const recipientName: Ink = { font: 'bold', size: 9.5, colour: colours.text };
const body: Ink = { font: 'regular', size: 9, colour: colours.text };
const factLabel: Ink = { font: 'regular', size: 8, colour: colours.muted };
const factValue: Ink = { font: 'regular', size: 8, colour: colours.text };
const titleInk: Ink = { font: 'bold', size: 17, colour: colours.text };

/** Top of the address field for window envelopes, 45 mm below the edge (DIN 5008, form B). */
const ADDRESS_TOP = 127.6;
const HALF = contentWidth / 2 - 14;

/** Letterhead, address, facts and title of the first page; leaves `paper.y` where the text begins. */
export function drawLetterHead(
  { paper, company, locale }: { paper: Paper; company: Company; locale: string },
  recipient: { name: string; address: Address },
  facts: readonly LetterFact[],
  title: string,
): void {
  const name = paper.wrap(company.tradingName ?? company.legalName, HALF, brand);
  const nameEnd = paper.writeLines(name, sheet.left, sheet.top - 8, brand);
  const own = [company.legalName, ...company.addressLines, cityLine(company), company.email];
  const ownLines = own.flatMap((line) => paper.wrap(line, HALF, sender));
  const ownEnd = paper.writeLines(ownLines, sheet.right, sheet.top - 6, sender, 'right');
  const top = Math.max(ADDRESS_TOP, Math.max(nameEnd, ownEnd) + 16);

  const named = paper.wrap(recipient.name, HALF, recipientName);
  const nameBottom = paper.writeLines(named, sheet.left, top, recipientName);
  const address = addressLines(recipient.address, company, locale);
  const wrapped = address.flatMap((line) => paper.wrap(line, HALF, body));
  const addressEnd = paper.writeLines(wrapped, sheet.left, nameBottom, body);

  paper.y = Math.max(addressEnd, drawFacts(paper, facts, top)) + 30;
  paper.write(title, sheet.left, paper.y, titleInk);
  paper.y += lineHeight(titleInk) + 10;
}

/** @returns where they end */
function drawFacts(paper: Paper, facts: readonly LetterFact[], top: number): number {
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
  return y;
}
