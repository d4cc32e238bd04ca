import { formatAmount } from '../kernel/money.ts';
import { type TaxGroup, treatmentKey } from '../tax/tax.ts';
import type { Sketch } from './invoice-head.ts';
import { formatRate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, sheet } from './paper.ts';
import { drawCells, type Part } from './part.ts';
import { taxNote } from './tax-note.ts';

export type SizedPart = Part & { width: number };

const small: Ink = { font: 'regular', size: 8, colour: colours.text };
const muted: Ink = { ...small, size: 7.5, colour: colours.muted };
const heading: Ink = { font: 'bold', size: 8, colour: colours.accent };
const GAP = 14;
const WIDEST_NAME = 150;

type TaxRow = { cells: readonly string[]; ink: Ink };

/** How the tax came about: base × rate = tax of each group, and the jurisdictions that a combined rate is made of. */
export function taxPart({ paper, document, words, locale }: Sketch): SizedPart {
  const amount = (minor: number) => formatAmount(minor, document.currency, locale);
  const rowsOf = (group: TaxGroup): TaxRow[] => [
    {
      cells: [
        words.category[group.category],
        amount(group.net),
        `× ${formatRate(group.rate, locale)}`,
        `= ${amount(group.tax)}`,
      ],
      ink: small,
    },
    ...(group.jurisdictions ?? []).flatMap(({ name, rate }) =>
      paper.wrap(name, WIDEST_NAME, muted).map((line, index) => ({
        cells: [line, '', index === 0 ? formatRate(rate, locale) : '', ''],
        ink: muted,
      })),
    ),
  ];
  const rows = document.totals.groups.flatMap(rowsOf);
  const headings = [words.taxTable, words.net, '%', words.tax];
  const columns = headings.map((name, column) =>
    Math.max(
      paper.widthOf(name, heading),
      ...rows.map(({ cells, ink }) => paper.widthOf(cells[column] ?? '', ink)),
    ),
  );
  const width = columns.reduce((all, one) => all + one, 0) + GAP * (columns.length - 1);
  const grid = { width, columns, gap: GAP };
  const rowHeight = lineHeight(small) + 3;
  return {
    width,
    height: (rows.length + 1) * rowHeight,
    draw: (top) => {
      drawCells(paper, grid, headings, top, heading);
      rows.forEach(({ cells, ink }, index) => {
        drawCells(paper, grid, cells, top + (index + 1) * rowHeight, ink);
      });
    },
  };
}

/** What the law wants said about lines without tax, and what the reader must know about the prices. */
export function notesPart({ paper, company, document, words }: Sketch): Part {
  const { totals, buyer, pricesIncludeTax } = document;
  const notes = new Map(
    totals.groups.map((group) => [treatmentKey(group), taxNote(group, company.country, buyer.language)]),
  );
  const texts = [...new Set([...notes.values(), pricesIncludeTax ? words.pricesIncludeTax : undefined])];
  const lines = texts.flatMap((note) => (note === undefined ? [] : paper.wrap(note, contentWidth, small)));
  if (lines.length === 0) return { height: 0, draw: () => undefined };
  return {
    height: 10 + lines.length * lineHeight(small),
    draw: (y) => {
      paper.writeLines(lines, sheet.left, y + 10, small);
    },
  };
}
