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

/** The widest a label may be before it is broken: reasons are people's own words. */
const WIDEST_LABEL = 210;
const BETWEEN = 24;

/** The totals on the right and the tax of each group on the left, or below where both are too wide for a page. */
export function totalsPart(sketch: Sketch, lines: readonly InvoiceLine[]): Part {
  const totals = totalsTable(sketch, lines);
  const taxes = taxPart(sketch);
  const sideBySide = totals.width + taxes.width + 30 <= contentWidth;
  const tables = sideBySide
    ? Math.max(totals.height, taxes.height)
    : totals.height + SPACE_BEFORE + taxes.height;
  return {
    height: SPACE_BEFORE + tables,
    draw: (y) => {
      const top = y + SPACE_BEFORE;
      totals.draw(top);
      taxes.draw(sideBySide ? top : top + totals.height + SPACE_BEFORE);
    },
  };
}

function totalsTable(sketch: Sketch, lines: readonly InvoiceLine[]): SizedPart {
  const { paper, document, words, locale } = sketch;
  const { totals, currency } = document;
  const rows = rowsOf(sketch, lines).map(([label, value]) => ({
    lines: paper.wrap(label, WIDEST_LABEL, sum),
    value,
  }));
  const label = document.kind === 'credit_note' ? words.creditTotal : words.grossTotal;
  const grand = formatMoney(totals.gross, currency, locale);
  const widths = rows.map((row) => paper.widest(row.lines, sum) + paper.widthOf(row.value, sum));
  const grandWidth = paper.widthOf(label, total) + paper.widthOf(grand, total);
  const width = Math.min(contentWidth, Math.max(190, ...[grandWidth, ...widths].map((each) => each + BETWEEN)));
  const left = sheet.right - width;
  const heightOf = (row: (typeof rows)[number]) => row.lines.length * lineHeight(sum) + 3;
  return {
    width,
    height: rows.reduce((height, row) => height + heightOf(row), 0) + 8 + lineHeight(total) + 6,
    draw: (top) => {
      let y = top;
      for (const row of rows) {
        paper.writeLines(row.lines, left, y, { ...sum, colour: colours.muted });
        paper.write(row.value, sheet.right, y, sum, 'right');
        y += heightOf(row);
      }
      paper.rule(y + 2, { from: left, colour: colours.accent, weight: 1.2 });
      paper.write(label, left, y + 8, total);
      paper.write(grand, sheet.right, y + 8, total, 'right');
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
function adjustmentLabel({ kind, reason, percent }: Adjustment, words: Sketch['words'], locale: string): string {
  const rate = percent === undefined ? '' : ` ${formatRate(percent, locale)}`;
  return `${words[kind]}${rate}: ${reason}`;
}
