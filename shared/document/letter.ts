import type { Company } from '../company/company.ts';
import { groupedIban } from './iban.ts';
import { cityLine } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';
import type { Part } from './part.ts';

const running: Ink = { font: 'regular', size: 8, colour: colours.muted };
const footer: Ink = { font: 'regular', size: 6.5, colour: colours.muted };
const FOOTER_GAP = 6;
const PAGE_NUMBER_WIDTH = 76;

/** Where a further page begins, below its running head. */
export const furtherPageTop = sheet.top + lineHeight(running) + 2;

/** What stands at the head of every further page; leaves `paper.y` where it goes on. */
export function drawRunningHead(paper: Paper, title: string, name: string): void {
  const bold: Ink = { ...running, font: 'bold' };
  paper.write(title, sheet.left, sheet.top - 10, bold);
  const room = contentWidth - paper.widthOf(title, bold) - 24;
  paper.write(paper.fit(name, room, running), sheet.right, sheet.top - 10, running, 'right');
  paper.y = furtherPageTop;
}

/** The number of the page, beside the foot that begins at `top`. */
export function drawPageNumber(paper: Paper, text: string, top: number): void {
  paper.write(text, sheet.right, top + FOOTER_GAP, footer, 'right');
}

/** The company's data at the foot of every page. It takes the room it needs from the bottom of the pages. */
export function footerPart(
  paper: Paper,
  company: Company,
  words: { readonly vatId: string; readonly registration: string },
): Part {
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
