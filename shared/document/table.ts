import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

/** A column of texts under a label. */
export type TableColumn = { readonly label: string; readonly align: 'left' | 'right' };
/** `carry` is what is brought forward to the next page after it; a row `under` another belongs to it. */
export type TableRow = {
  readonly cells: readonly string[];
  readonly carry?: number;
  readonly muted?: boolean;
};

const GAP = 10;
const PAD = 3.2;
const SIZES = [8, 7.5, 7, 6.5, 6, 5.5] as const;

/** Where a table is drawn, and how it says at a page's foot and head what its rows came to so far. */
export type TableSketch = {
  readonly paper: Paper;
  readonly carrying?: {
    readonly carried: string;
    readonly brought: string;
    readonly format: (amount: number) => string;
  };
};

export const left = (label: string): TableColumn => ({ label, align: 'left' });
export const right = (label: string): TableColumn => ({ label, align: 'right' });

/** Columns as wide as what stands in them, in the largest type in which the widest text column keeps its texts. */
export function drawTable(
  { paper, carrying }: TableSketch,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): void {
  const layout = layoutOf(paper, columns, rows);
  const { text, label, edges, widths } = layout;
  const header = () => {
    const height = lineHeight(label) + 2 * PAD + 1;
    paper.box(sheet.left - 5, paper.y, contentWidth + 10, height, colours.tint, 2);
    columns.forEach((column, index) => {
      paper.write(column.label, edges[index] ?? 0, paper.y + PAD + 1, label, column.align);
    });
    paper.y += height;
  };
  const carryHeight = lineHeight(text) + 2 * PAD;
  const carry = (name: string, amount: string) => {
    paper.write(name, sheet.left, paper.y + PAD, { ...text, colour: colours.muted });
    paper.write(amount, sheet.right, paper.y + PAD, text, 'right');
    paper.y += carryHeight;
  };
  const heightOf = (wrapped: readonly (readonly string[])[]) =>
    Math.max(...wrapped.map((lines) => lines.length)) * lineHeight(text) + 2 * PAD;

  paper.ensure(lineHeight(label) + carryHeight * 3);
  header();
  let carried: number | undefined;
  for (const { cells, carry: sum, muted = false } of rows) {
    const wrapped = cells.map((cell, index) => paper.wrap(cell, widths[index] ?? contentWidth, text));
    const height = heightOf(wrapped);
    if (paper.y + height + carryHeight > paper.bottom) {
      if (carrying && carried !== undefined) carry(carrying.carried, carrying.format(carried));
      paper.newPage();
      header();
      if (carrying && carried !== undefined) carry(carrying.brought, carrying.format(carried));
      paper.rule(paper.y);
    }
    wrapped.forEach((lines, index) => {
      const ink = muted ? { ...text, colour: colours.muted } : text;
      paper.writeLines(lines, edges[index] ?? 0, paper.y + PAD, ink, columns[index]?.align);
    });
    paper.y += height;
    paper.rule(paper.y);
    carried = sum ?? carried;
  }
}

/**
 * The type and the places of columns. What is left of the line goes to the widest left-aligned column, which wraps;
 * the others never do.
 */
function layoutOf(paper: Paper, columns: readonly TableColumn[], rows: readonly TableRow[]) {
  const candidates = SIZES.map((size) => {
    const text: Ink = { font: 'regular', size, colour: colours.text };
    const label: Ink = { font: 'bold', size: Math.min(size, 7.5), colour: colours.accent };
    const natural = columns.map((column, index) =>
      Math.max(paper.widthOf(column.label, label), paper.widest(longest(rows, index), text) + 0.1),
    );
    const flexible = natural.reduce(
      (widest, width, index) =>
        columns[index]?.align === 'left' && width > (natural[widest] ?? 0) ? index : widest,
      0,
    );
    const others = natural.reduce((sum, width, index) => (index === flexible ? sum : sum + width), 0);
    const room = contentWidth - others - GAP * (columns.length - 1);
    const widths = natural.map((width, index) => (index === flexible ? room : width));
    return { text, label, widths, fits: room >= Math.min(natural[flexible] ?? 0, 150) };
  });
  const chosen = candidates.find(({ fits }) => fits) ?? candidates.at(-1);
  if (!chosen) throw new RangeError('there is no type to set the table in');
  let x: number = sheet.left;
  const edges = columns.map(({ align }, index) => {
    const width = chosen.widths[index] ?? 0;
    const edge = align === 'left' ? x : x + width;
    x += width + GAP;
    return edge;
  });
  return { ...chosen, edges };
}

/** The few longest texts of a column: the widest is among them. */
function longest(rows: readonly TableRow[], column: number): string[] {
  const texts = [...new Set(rows.map(({ cells }) => cells[column] ?? ''))];
  return texts.sort((one, other) => other.length - one.length).slice(0, 12);
}
