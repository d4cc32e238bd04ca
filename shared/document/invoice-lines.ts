import type { InvoiceLine } from '../invoice/invoice.ts';
import { formatAmount } from '../kernel/money.ts';
import type { Sketch } from './invoice-head.ts';
import { formatCount, formatRate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

type Row = {
  position: string;
  sku: string;
  description: string;
  quantity: string;
  unitPrice: string;
  rate: string;
  net: string;
};

/** The table's type sizes and the left edge of each left-aligned, right edge of each right-aligned column. */
type Columns = {
  text: Ink;
  label: Ink;
  position: number;
  sku: number;
  skuWidth: number;
  description: number;
  descriptionWidth: number;
  quantity: number;
  unitPrice: number;
  rate: number;
  net: number;
};

const GAP = 11;
const PAD = 3.2;
/** A description narrower than this is no pleasure to read: smaller type then, for amounts of many digits. */
const NARROWEST_DESCRIPTION = 112;
const WIDEST_SKU = 92;
const SIZES = [8, 7.5, 7, 6.5, 6, 5.5] as const;

/**
 * The table of lines, over as many pages as it takes, each with the header and the sum carried over.
 * @param closing height of what must stand on one page with the last line
 */
export function drawLines(sketch: Sketch, lines: readonly InvoiceLine[], closing: number): void {
  const { paper, document, locale, words } = sketch;
  const { currency } = document;
  const rows = lines.map((line) => rowOf(line, currency, locale));
  const columns = columnsFor(sketch, rows);
  const carryHeight = lineHeight(columns.text) + 2 * PAD;
  const carry = (label: string, amount: number) => {
    paper.write(label, columns.description, paper.y + PAD, { ...columns.text, colour: colours.muted });
    paper.write(formatAmount(amount, currency, locale), columns.net, paper.y + PAD, columns.text, 'right');
    paper.y += carryHeight;
  };

  drawHeader(sketch, columns);
  let sum = 0;
  rows.forEach((row, index) => {
    const cells = {
      sku: paper.wrap(row.sku, columns.skuWidth, columns.text),
      description: paper.wrap(row.description, columns.descriptionWidth, columns.text),
    };
    const height = Math.max(cells.sku.length, cells.description.length) * lineHeight(columns.text) + 2 * PAD;
    const isLast = index === rows.length - 1;
    if (paper.y + height + (isLast ? closing : carryHeight) > paper.bottom) {
      if (index > 0) carry(words.carried, sum);
      paper.newPage();
      drawHeader(sketch, columns);
      if (index > 0) {
        carry(words.brought, sum);
        paper.rule(paper.y);
      }
    }
    drawRow(paper, columns, row, cells);
    paper.y += height;
    paper.rule(paper.y, isLast ? { colour: colours.text, weight: 0.8 } : {});
    sum += lines[index]?.net ?? 0;
  });
}

function rowOf(line: InvoiceLine, currency: string, locale: string): Row {
  return {
    position: String(line.line),
    sku: line.sku,
    description: line.description,
    quantity: formatCount(line.quantity, locale),
    unitPrice: formatAmount(line.unitPrice, currency, locale),
    rate: formatRate(line.tax.rate, locale),
    net: formatAmount(line.net, currency, locale),
  };
}

/** Columns as wide as what stands in them, in the largest type that leaves the description enough room. */
function columnsFor({ paper, words, document, locale }: Sketch, rows: readonly Row[]): Columns {
  const total = formatAmount(document.totals.net, document.currency, locale);
  const layouts = SIZES.map((size) => {
    const text: Ink = { font: 'regular', size, colour: colours.text };
    const label: Ink = { font: 'bold', size: Math.min(size, 7.5), colour: colours.accent };
    const widthOf = (heading: string, values: readonly string[]) =>
      Math.max(paper.widthOf(heading, label), paper.widest(values, text));

    const position = sheet.left;
    const sku = position + widthOf(words.position, longest(rows, 'position')) + GAP;
    const skuWidth = Math.min(WIDEST_SKU, widthOf(words.sku, longest(rows, 'sku')));
    const description = sku + skuWidth + GAP;
    const net = sheet.right;
    const rate = net - widthOf(`${words.net} ${document.currency}`, [...longest(rows, 'net'), total]) - GAP;
    const unitPrice = rate - widthOf(words.taxRate, longest(rows, 'rate')) - GAP;
    const quantity = unitPrice - widthOf(words.unitPrice, longest(rows, 'unitPrice')) - GAP;
    const descriptionEnd = quantity - widthOf(words.quantity, longest(rows, 'quantity')) - GAP;
    const descriptionWidth = descriptionEnd - description;
    return {
      text,
      label,
      position,
      sku,
      skuWidth,
      description,
      descriptionWidth,
      quantity,
      unitPrice,
      rate,
      net,
    };
  });
  const fitting =
    layouts.find(({ descriptionWidth }) => descriptionWidth >= NARROWEST_DESCRIPTION) ?? layouts.at(-1);
  if (fitting === undefined) throw new RangeError(`no columns fit into ${contentWidth} points`);
  return fitting;
}

/** The few longest texts of a column: the widest is among them, and measuring 700 would take longer than drawing. */
function longest(rows: readonly Row[], column: keyof Row): string[] {
  const texts = [...new Set(rows.map((row) => row[column]))].sort((a, b) => b.length - a.length);
  return texts.slice(0, 12);
}

function drawHeader({ paper, words, document }: Sketch, columns: Columns): void {
  const height = lineHeight(columns.label) + 2 * PAD + 1;
  paper.box(sheet.left - 5, paper.y, contentWidth + 10, height, colours.tint, 2);
  const y = paper.y + PAD + 1;
  const { label } = columns;
  paper.write(words.position, columns.position, y, label);
  paper.write(words.sku, columns.sku, y, label);
  paper.write(words.description, columns.description, y, label);
  paper.write(words.quantity, columns.quantity, y, label, 'right');
  paper.write(words.unitPrice, columns.unitPrice, y, label, 'right');
  paper.write(words.taxRate, columns.rate, y, label, 'right');
  paper.write(`${words.net} ${document.currency}`, columns.net, y, label, 'right');
  paper.y += height;
}

type Cells = { sku: readonly string[]; description: readonly string[] };

function drawRow(paper: Paper, columns: Columns, row: Row, cells: Cells): void {
  const y = paper.y + PAD;
  const { text } = columns;
  paper.write(row.position, columns.position, y, { ...text, colour: colours.muted });
  paper.writeLines(cells.sku, columns.sku, y, text);
  paper.writeLines(cells.description, columns.description, y, text);
  paper.write(row.quantity, columns.quantity, y, text, 'right');
  paper.write(row.unitPrice, columns.unitPrice, y, text, 'right');
  paper.write(row.rate, columns.rate, y, text, 'right');
  paper.write(row.net, columns.net, y, text, 'right');
}
