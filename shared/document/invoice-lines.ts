import type { InvoiceLine } from '../invoice/invoice.ts';
import { formatAmount } from '../kernel/money.ts';
import type { Sketch } from './invoice-head.ts';
import { formatCount, formatRate, longDate } from './language.ts';
import { type Columns, columnsFor, priceHeading, type Row } from './line-columns.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';

const PAD = 3.2;

/**
 * The table of lines, over as many pages as it takes, each with the header and the sum carried over. Lines of a
 * collective invoice stand under the delivery they come from.
 * @param closing height of what must stand on one page with the last line
 */
export function drawLines(sketch: Sketch, lines: readonly InvoiceLine[], closing: number): void {
  const { paper, document, locale, words } = sketch;
  const { currency } = document;
  const rows = lines.map((line) => rowOf(line, sketch));
  const columns = columnsFor(sketch, rows, sumOf(lines));
  const carryHeight = lineHeight(columns.text) + 2 * PAD;
  const carry = (label: string, amount: number) => {
    paper.write(label, columns.description, paper.y + PAD, { ...columns.text, colour: colours.muted });
    paper.write(formatAmount(amount, currency, locale), columns.net, paper.y + PAD, columns.text, 'right');
    paper.y += carryHeight;
  };

  drawHeader(sketch, columns);
  let sum = 0;
  rows.forEach((row, index) => {
    const line = lines[index];
    const heading = startsDelivery(line, lines[index - 1])
      ? deliveryHeading(sketch, columns, line, lines)
      : undefined;
    const cells = cellsOf(paper, columns, row);
    const height = cellsHeight(cells, columns) + 2 * PAD;
    const isLast = index === rows.length - 1;
    if (paper.y + (heading?.height ?? 0) + height + (isLast ? closing : carryHeight) > paper.bottom) {
      if (index > 0) carry(words.carried, sum);
      paper.newPage();
      drawHeader(sketch, columns);
      if (index > 0) {
        carry(words.brought, sum);
        paper.rule(paper.y);
      }
    }
    heading?.draw();
    drawRow(paper, columns, row, cells);
    paper.y += height;
    paper.rule(paper.y, isLast ? { colour: colours.text, weight: 0.8 } : {});
    sum += line?.net ?? 0;
  });
}

const sumOf = (lines: readonly InvoiceLine[]) => lines.reduce((net, line) => net + line.net, 0);

function rowOf(line: InvoiceLine, { document: { currency }, locale, words }: Sketch): Row {
  return {
    position: String(line.line),
    sku: line.sku,
    description: line.description,
    ...(line.discount && { discount: discountText(line.discount, currency, locale, words) }),
    quantity: formatCount(line.quantity, locale),
    unitPrice: formatAmount(line.unitPrice, currency, locale),
    rate: formatRate(line.tax.rate, locale),
    net: formatAmount(line.net, currency, locale),
  };
}

/** E.g. `Discount 10%, spring offer: −5.00`. */
function discountText(
  { percent, amount, reason }: NonNullable<InvoiceLine['discount']>,
  currency: string,
  locale: string,
  words: Sketch['words'],
): string {
  const rate = percent === undefined ? '' : ` ${formatRate(percent, locale)}`;
  const why = reason === undefined ? '' : `, ${reason}`;
  return `${words.discount}${rate}${why}: ${formatAmount(-amount, currency, locale)}`;
}

type Cells = {
  sku: readonly string[];
  description: readonly string[];
  discount: readonly string[];
};

function cellsOf(paper: Paper, columns: Columns, row: Row): Cells {
  const { text, skuWidth, descriptionWidth } = columns;
  return {
    sku: paper.wrap(row.sku, skuWidth, text),
    description: paper.wrap(row.description, descriptionWidth, text),
    discount: row.discount === undefined ? [] : paper.wrap(row.discount, descriptionWidth, remark(columns)),
  };
}

function cellsHeight({ sku, description, discount }: Cells, columns: Columns): number {
  const described =
    description.length * lineHeight(columns.text) + discount.length * lineHeight(remark(columns));
  return Math.max(sku.length * lineHeight(columns.text), described);
}

const remark = ({ text }: Columns): Ink => ({ ...text, size: text.size - 0.5, colour: colours.muted });

function startsDelivery(line: InvoiceLine | undefined, before: InvoiceLine | undefined): line is InvoiceLine {
  return line?.source !== undefined && line.source.shipmentId !== before?.source?.shipmentId;
}

/** Which order the lines below were delivered for and when, with what they come to. */
function deliveryHeading(
  { paper, document, words, locale }: Sketch,
  columns: Columns,
  { source }: InvoiceLine,
  lines: readonly InvoiceLine[],
) {
  const ink: Ink = { ...columns.text, font: 'bold' };
  const delivered = lines.filter((line) => line.source?.shipmentId === source?.shipmentId);
  const sum = formatAmount(sumOf(delivered), document.currency, locale);
  const label = [
    `${words.order} ${source?.orderId ?? ''}`,
    ...(source?.poNumber === undefined ? [] : [`${words.purchaseOrder} ${source.poNumber}`]),
    ...(source === undefined ? [] : [words.suppliedOn(longDate(source.suppliedOn, locale))]),
  ].join(' · ');
  const room = contentWidth - paper.widthOf(sum, ink) - 16;
  const texts = paper.wrap(label, room, ink);
  const height = texts.length * lineHeight(ink) + 2 * PAD + 4;
  return {
    height,
    draw: () => {
      paper.writeLines(texts, sheet.left, paper.y + PAD + 4, ink);
      paper.write(sum, columns.net, paper.y + PAD + 4, { ...ink, colour: colours.muted }, 'right');
      paper.y += height;
      paper.rule(paper.y);
    },
  };
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
  paper.write(priceHeading(document, words), columns.unitPrice, y, label, 'right');
  paper.write(words.taxRate, columns.rate, y, label, 'right');
  paper.write(`${words.net} ${document.currency}`, columns.net, y, label, 'right');
  paper.y += height;
}

function drawRow(paper: Paper, columns: Columns, row: Row, cells: Cells): void {
  const y = paper.y + PAD;
  const { text } = columns;
  paper.write(row.position, columns.position, y, { ...text, colour: colours.muted });
  paper.writeLines(cells.sku, columns.sku, y, text);
  const below = paper.writeLines(cells.description, columns.description, y, text);
  paper.writeLines(cells.discount, columns.description, below, remark(columns));
  paper.write(row.quantity, columns.quantity, y, text, 'right');
  paper.write(row.unitPrice, columns.unitPrice, y, text, 'right');
  paper.write(row.rate, columns.rate, y, text, 'right');
  paper.write(row.net, columns.net, y, text, 'right');
}
