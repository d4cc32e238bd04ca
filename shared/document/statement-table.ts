import { formatAmount, formatMoney } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { ageBuckets } from '../report/morning-report.ts';
import type { OpenItemStatement, PeriodStatement, Statement } from '../statement/statement.ts';
import { formatCount } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';
import type { statementWords } from './statement-words.ts';

/** What every part of a statement is drawn from. */
export type StatementSketch = {
  paper: Paper;
  words: (typeof statementWords)['en'];
  locale: string;
  currency: string;
};

type Column = { readonly label: string; readonly align: 'left' | 'right' };
/** `carry` is what is brought forward to the next page after it; a row `under` another belongs to it. */
type Row = { readonly cells: readonly string[]; readonly carry?: number; readonly muted?: boolean };

const GAP = 10;
const PAD = 3.2;
const SIZES = [8, 7.5, 7, 6.5, 6, 5.5] as const;
const heading: Ink = { font: 'bold', size: 9.5, colour: colours.accent };
const plain: Ink = { font: 'regular', size: 9, colour: colours.text };
const strong: Ink = { font: 'bold', size: 10, colour: colours.text };

/** The rows of a statement and what they come to, over as many pages as it takes. */
export function statementTable(sketch: StatementSketch, statement: Statement): void {
  switch (statement.kind) {
    case 'open_item':
      return drawOpenItems(sketch, statement);
    case 'period':
      return drawPeriod(sketch, statement);
    default:
      return statement satisfies never;
  }
}

function drawOpenItems(sketch: StatementSketch, statement: OpenItemStatement): void {
  const { words, locale } = sketch;
  const { columns: names } = words;
  const money = moneyOf(sketch);
  const day = dayOf(locale);
  const { items, unapplied } = statement;
  if (items.length === 0 && unapplied.length === 0) return drawLine(sketch, words.nothingOpen);
  let sum = 0;
  const rows = items.flatMap((item): Row[] => {
    sum += item.balance;
    const overdue = item.overdueDays > 0 ? words.days(formatCount(item.overdueDays, locale)) : '';
    const number = item.disputed ? `${item.number} (${words.disputed})` : item.number;
    const dates = [day(item.issuedOn), day(item.dueOn), overdue];
    return [
      { cells: [number, ...dates, money(item.total), money(item.balance)], carry: sum },
      ...(item.instalments ?? []).map(({ dueOn, amount }): Row => {
        return { cells: [words.instalment, '', day(dueOn), '', '', money(amount)], muted: true, carry: sum };
      }),
    ];
  });
  if (items.length > 0) {
    drawTable(
      sketch,
      [
        left(names.number),
        left(names.issued),
        left(names.due),
        right(names.overdue),
        right(names.total),
        right(`${names.balance} ${sketch.currency}`),
      ],
      rows,
    );
  }
  if (unapplied.length > 0) {
    drawHeading(sketch, words.unapplied);
    let credit = 0;
    drawTable(
      sketch,
      [
        left(names.what),
        left(names.reference),
        left(names.date),
        right(`${names.amount} ${sketch.currency}`),
      ],
      unapplied.map(({ kind, reference, date, amount }) => {
        credit -= amount;
        return { cells: [words.kinds[kind], reference, day(date), money(-amount)], carry: credit };
      }),
    );
  }
  const { invoiced, credit, total } = statement;
  drawSums(sketch, [
    [words.openInvoices, invoiced],
    ...(credit > 0 ? [[words.credit, -credit] as const] : []),
    total < 0 ? [words.inYourFavour, -total] : [words.totalDue, total],
  ]);
  if (items.length > 0) drawAgeing(sketch, statement);
}

function drawPeriod(sketch: StatementSketch, statement: PeriodStatement): void {
  const { words, locale, currency } = sketch;
  const { columns: names } = words;
  const money = moneyOf(sketch);
  const day = dayOf(locale);
  drawSums(sketch, [[words.opening, statement.opening]]);
  if (statement.movements.length === 0) drawLine(sketch, words.noMovements);
  else {
    paperGap(sketch, 8);
    drawTable(
      sketch,
      [
        left(names.date),
        left(names.what),
        left(names.reference),
        right(names.amount),
        right(`${names.balance} ${currency}`),
      ],
      statement.movements.map(({ date, kind, reference, amount, balance }) => ({
        cells: [day(date), words.kinds[kind], reference, money(amount), money(balance)],
        carry: balance,
      })),
    );
  }
  drawSums(sketch, [[words.closing, statement.closing]]);
}

/** Columns as wide as what stands in them, in the largest type in which the widest text column keeps its texts. */
function drawTable(sketch: StatementSketch, columns: readonly Column[], rows: readonly Row[]): void {
  const { paper, words } = sketch;
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
  const carry = (name: string, amount: number) => {
    paper.write(name, sheet.left, paper.y + PAD, { ...text, colour: colours.muted });
    paper.write(moneyOf(sketch)(amount), sheet.right, paper.y + PAD, text, 'right');
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
      if (carried !== undefined) carry(words.carried, carried);
      paper.newPage();
      header();
      if (carried !== undefined) carry(words.brought, carried);
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
function layoutOf(paper: Paper, columns: readonly Column[], rows: readonly Row[]) {
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
function longest(rows: readonly Row[], column: number): string[] {
  const texts = [...new Set(rows.map(({ cells }) => cells[column] ?? ''))];
  return texts.sort((one, other) => other.length - one.length).slice(0, 12);
}

function drawSums(sketch: StatementSketch, sums: readonly (readonly [string, number])[]): void {
  const { paper, locale, currency } = sketch;
  paper.ensure(sums.length * (lineHeight(strong) + 3) + 8);
  paper.y += 8;
  sums.forEach(([label, amount], index) => {
    const ink = index === sums.length - 1 ? strong : plain;
    paper.write(label, sheet.left, paper.y, ink);
    paper.write(formatMoney(amount, currency, locale), sheet.right, paper.y, ink, 'right');
    paper.y += lineHeight(ink) + 3;
  });
}

function drawAgeing(sketch: StatementSketch, { ageing }: OpenItemStatement): void {
  const { words } = sketch;
  const money = moneyOf(sketch);
  drawHeading(sketch, words.ageing);
  drawTable(
    sketch,
    ageBuckets.map((bucket) => right(words.ages[bucket])),
    [{ cells: ageBuckets.map((bucket) => money(ageing[bucket])) }],
  );
}

function drawHeading({ paper }: StatementSketch, text: string): void {
  paper.ensure(80);
  paper.y += 16;
  paper.write(text, sheet.left, paper.y, heading);
  paper.y += lineHeight(heading) + 4;
}

function drawLine({ paper }: StatementSketch, text: string): void {
  paper.ensure(lineHeight(plain) + 10);
  paper.write(text, sheet.left, paper.y + 6, plain);
  paper.y += lineHeight(plain) + 10;
}

function paperGap({ paper }: StatementSketch, points: number): void {
  paper.y += points;
}

const left = (label: string): Column => ({ label, align: 'left' });
const right = (label: string): Column => ({ label, align: 'right' });

function moneyOf({ currency, locale }: StatementSketch) {
  return (amount: number) => formatAmount(amount, currency, locale);
}

/** Short dates: a table has many. */
function dayOf(locale: string) {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return (date: CalendarDate) => format.format(new Date(date));
}
