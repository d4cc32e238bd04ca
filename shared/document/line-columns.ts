import { formatAmount } from '../kernel/money.ts';
import type { Sketch } from './invoice-head.ts';
import { colours, contentWidth, type Ink, sheet } from './paper.ts';

/** A line of an invoice as it is written. */
export type Row = {
  position: string;
  sku: string;
  description: string;
  discount?: string;
  quantity: string;
  unitPrice: string;
  rate: string;
  net: string;
};

/** The table's type sizes and the left edge of each left-aligned, right edge of each right-aligned column. */
export type Columns = {
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
/** A description narrower than this is no pleasure to read: smaller type then, for amounts of many digits. */
const NARROWEST_DESCRIPTION = 112;
const WIDEST_SKU = 92;
const SIZES = [8, 7.5, 7, 6.5, 6, 5.5] as const;

/**
 * Columns as wide as what stands in them, in the largest type that leaves the description enough room.
 * @param sum of all lines before tax, minor units
 */
export function columnsFor(sketch: Sketch, rows: readonly Row[], sum: number): Columns {
  const { paper, words, document, locale } = sketch;
  const total = formatAmount(sum, document.currency, locale);
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
    const quantity = unitPrice - widthOf(priceHeading(document, words), longest(rows, 'unitPrice')) - GAP;
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

/** What stands over the unit prices. */
export function priceHeading({ pricesIncludeTax }: Sketch['document'], words: Sketch['words']): string {
  return pricesIncludeTax ? words.unitPriceGross : words.unitPrice;
}

/** The few longest texts of a column: the widest is among them, and measuring 700 would take longer than drawing. */
function longest(rows: readonly Row[], column: Exclude<keyof Row, 'discount'>): string[] {
  const texts = [...new Set(rows.map((row) => row[column]))].sort((a, b) => b.length - a.length);
  return texts.slice(0, 12);
}
