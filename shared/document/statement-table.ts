import { formatAmount, formatMoney } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { ageBuckets } from '../report/morning-report.ts';
import type { OpenItemStatement, PeriodStatement, Statement } from '../statement/statement.ts';
import { formatCount } from './language.ts';
import { colours, type Ink, lineHeight, type Paper, sheet } from './paper.ts';
import type { statementWords } from './statement-words.ts';
import { drawTable, left, right, type TableRow, type TableSketch } from './table.ts';

/** What every part of a statement is drawn from. */
export type StatementSketch = {
  paper: Paper;
  words: (typeof statementWords)['en'];
  locale: string;
  currency: string;
};

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
  const rows = items.flatMap((item): TableRow[] => {
    sum += item.balance;
    const overdue = item.overdueDays > 0 ? words.days(formatCount(item.overdueDays, locale)) : '';
    const number = item.disputed ? `${item.number} (${words.disputed})` : item.number;
    const dates = [day(item.issuedOn), day(item.dueOn), overdue];
    return [
      { cells: [number, ...dates, money(item.total), money(item.balance)], carry: sum },
      ...(item.instalments ?? []).map(({ dueOn, amount }): TableRow => {
        return { cells: [words.instalment, '', day(dueOn), '', '', money(amount)], muted: true, carry: sum };
      }),
    ];
  });
  if (items.length > 0) {
    drawTable(
      tableOf(sketch),
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
      tableOf(sketch),
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
      tableOf(sketch),
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
    tableOf(sketch),
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

function tableOf(sketch: StatementSketch): TableSketch {
  const { paper, words } = sketch;
  return { paper, carrying: { carried: words.carried, brought: words.brought, format: moneyOf(sketch) } };
}

function moneyOf({ currency, locale }: StatementSketch) {
  return (amount: number) => formatAmount(amount, currency, locale);
}

/** Short dates: a table has many. */
function dayOf(locale: string) {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return (date: CalendarDate) => format.format(new Date(date));
}
