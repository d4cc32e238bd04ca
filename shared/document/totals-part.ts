import type { InvoiceLine } from '../invoice/invoice.ts';
import { formatAmount, formatMoney } from '../kernel/money.ts';
import type { Adjustment } from '../order/order.ts';
import type { Sketch } from './invoice-head.ts';
import { formatRate, longDate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, sheet } from './paper.ts';
import { type Part, SPACE_BEFORE } from './part.ts';
import { type SizedPart, taxPart } from './tax-part.ts';

const sum: Ink = { font: 'regular', size: 9, colour: colours.text };
const total: Ink = { font: 'bold', size: 11, colour: colours.text };

/** A label is broken before it takes more: reasons are people's own words. */
const WIDEST_LABEL = 330;
/** Beside the tax table it may be as narrow as this; else the tax table stands below. */
const NARROWEST_LABEL = 150;
const BETWEEN = 24;
const BESIDE = 30;

/**
 * The totals on the right and the tax of each group on the left, or below where both are too wide for a page.
 * @returns parts that may each stand on a page of their own; more than one only where they must
 */
export function totalsParts(sketch: Sketch, lines: readonly InvoiceLine[], pageHeight: number): Part[] {
  const taxes = taxPart(sketch);
  const table = totalsTable(sketch, lines, contentWidth - BESIDE - taxes.width);
  if (table.width + BESIDE + taxes.width <= contentWidth) {
    const beside = together(Math.max(table.height, taxes.height), (top) => {
      table.draw(top);
      taxes.draw(top);
    });
    if (beside.height <= pageHeight) return [beside];
  }
  const below = together(taxes.height, taxes.draw);
  if (table.height + SPACE_BEFORE <= pageHeight) return [together(table.height, table.draw), below];
  return [together(0, () => undefined), ...table.rows, below];
}

function together(height: number, draw: (top: number) => void): Part {
  return { height: SPACE_BEFORE + height, draw: (y) => draw(y + SPACE_BEFORE) };
}

/** @param room what the table may be wide to stand beside the tax table */
function totalsTable(
  sketch: Sketch,
  lines: readonly InvoiceLine[],
  room: number,
): SizedPart & { rows: Part[] } {
  const { paper, document, words, locale } = sketch;
  const { totals, currency } = document;
  const texts = rowsOf(sketch, lines);
  const values = paper.widest(
    texts.map(([, value]) => value),
    sum,
  );
  const label = document.kind === 'credit_note' ? words.creditTotal : words.grossTotal;
  const grand = formatMoney(totals.gross, currency, locale);
  const grandWidth = paper.widthOf(label, total) + paper.widthOf(grand, total) + BETWEEN;
  const besides = room - values - BETWEEN;
  const labelRoom = besides < NARROWEST_LABEL ? WIDEST_LABEL : Math.min(besides, WIDEST_LABEL);
  const written = texts.map(([text, value]) => ({ lines: paper.wrap(text, labelRoom, sum), value }));
  const widths = written.map((row) => paper.widest(row.lines, sum) + paper.widthOf(row.value, sum) + BETWEEN);
  const width = Math.min(contentWidth, Math.max(190, grandWidth, ...widths));
  const left = sheet.right - width;
  const rows: Part[] = written.map((row) => ({
    height: row.lines.length * lineHeight(sum) + 3,
    draw: (y) => {
      paper.writeLines(row.lines, left, y, { ...sum, colour: colours.muted });
      paper.write(row.value, sheet.right, y, sum, 'right');
    },
  }));
  rows.push({
    height: 8 + lineHeight(total) + 6,
    draw: (y) => {
      paper.rule(y + 2, { from: left, colour: colours.accent, weight: 1.2 });
      paper.write(label, left, y + 8, total);
      paper.write(grand, sheet.right, y + 8, total, 'right');
    },
  });
  return {
    width,
    rows,
    height: rows.reduce((height, row) => height + row.height, 0),
    draw: (top) => {
      let y = top;
      for (const row of rows) {
        row.draw(y);
        y += row.height;
      }
    },
  };
}

/** How the total comes about: lines, what is taken off and added, deposits, net, tax. */
function rowsOf({ document, words, locale }: Sketch, lines: readonly InvoiceLine[]): [string, string][] {
  const { totals, currency, adjustments = [] } = document;
  const amount = (minor: number) => formatAmount(minor, currency, locale);
  const deductions = document.kind === 'invoice' ? (document.deductions ?? []) : [];
  const [first, ...others] = totals.groups;
  const taxLabel =
    first && others.length === 0 ? `${words.tax} ${formatRate(first.rate, locale)}` : words.tax;
  const steps: [string, string][] = [
    ...adjustments.map((each): [string, string] => [
      adjustmentLabel(each, words, locale),
      amount(each.kind === 'discount' ? -each.net : each.net),
    ]),
    ...deductions.map(({ number, issuedOn, net, tax }): [string, string] => [
      words.deduction(number, longDate(issuedOn, locale), amount(tax)),
      amount(-net),
    ]),
  ];
  const lineSum = lines.reduce((net, line) => net + line.net, 0);
  return [
    ...(steps.length > 0 ? [[words.lineTotal, amount(lineSum)] satisfies [string, string], ...steps] : []),
    [words.netTotal, amount(totals.net)],
    [taxLabel, amount(totals.tax)],
  ];
}

/** E.g. `Discount 5%: loyal customer`. */
function adjustmentLabel(
  { kind, reason, percent }: Adjustment,
  words: Sketch['words'],
  locale: string,
): string {
  const rate = percent === undefined ? '' : ` ${formatRate(percent, locale)}`;
  return `${words[kind]}${rate}: ${reason}`;
}
