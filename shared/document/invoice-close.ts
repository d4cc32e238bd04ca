import type { Invoice } from '../invoice/invoice.ts';
import { daysBetween } from '../kernel/calendar.ts';
import { formatAmount, formatMoney } from '../kernel/money.ts';
import type { TaxGroup } from '../tax/tax.ts';
import { groupedIban } from './iban.ts';
import type { Sketch } from './invoice-head.ts';
import { formatRate, longDate } from './language.ts';
import { colours, contentWidth, type Ink, lineHeight, type Paper, sheet } from './paper.ts';
import { taxNote } from './tax-note.ts';

const small: Ink = { font: 'regular', size: 8, colour: colours.text };
const muted: Ink = { ...small, colour: colours.muted };
const heading: Ink = { font: 'bold', size: 8, colour: colours.accent };
const sum: Ink = { font: 'regular', size: 9, colour: colours.text };
const total: Ink = { font: 'bold', size: 11, colour: colours.text };
const button: Ink = { font: 'bold', size: 9, colour: colours.paper };

const SPACE_BEFORE = 14;
const GAP = 14;

/** A part of the document: its height is known before it is drawn, so that it can be kept on one page. */
export type Part = { height: number; draw: (y: number) => void };

/** The totals on the right and the tax of each group on the left, or below where both are too wide for a page. */
export function totalsPart(sketch: Sketch): Part {
  const totals = totalsTable(sketch);
  const taxes = taxTable(sketch);
  const notes = notesPart(sketch);
  const sideBySide = totals.width + taxes.width + 30 <= contentWidth;
  const tables = sideBySide
    ? Math.max(totals.height, taxes.height)
    : totals.height + SPACE_BEFORE + taxes.height;
  const notesGap = notes.height > 0 ? 10 : 0;
  return {
    height: SPACE_BEFORE + tables + notesGap + notes.height,
    draw: (y) => {
      const top = y + SPACE_BEFORE;
      totals.draw(top);
      taxes.draw(sideBySide ? top : top + totals.height + SPACE_BEFORE);
      notes.draw(top + tables + notesGap);
    },
  };
}

type Table = Part & { width: number };

function totalsTable({ paper, document, words, locale }: Sketch): Table {
  const { totals, currency } = document;
  const [first, ...others] = totals.groups;
  const taxLabel =
    first && others.length === 0 ? `${words.tax} ${formatRate(first.rate, locale)}` : words.tax;
  const rows: [string, string][] = [
    [words.netTotal, formatAmount(totals.net, currency, locale)],
    [taxLabel, formatAmount(totals.tax, currency, locale)],
  ];
  const label = document.kind === 'invoice' ? words.grossTotal : words.creditTotal;
  const grand = formatMoney(totals.gross, currency, locale);
  const widthOfRow = ([name, value]: [string, string]) =>
    paper.widthOf(name, sum) + paper.widthOf(value, sum);
  const grandWidth = paper.widthOf(label, total) + paper.widthOf(grand, total);
  const width = Math.min(
    contentWidth,
    Math.max(190, grandWidth + 24, ...rows.map((row) => widthOfRow(row) + 24)),
  );
  const left = sheet.right - width;
  const rowHeight = lineHeight(sum) + 3;
  return {
    width,
    height: rows.length * rowHeight + 8 + lineHeight(total) + 6,
    draw: (top) => {
      let y = top;
      for (const [name, value] of rows) {
        paper.write(name, left, y, { ...sum, colour: colours.muted });
        paper.write(value, sheet.right, y, sum, 'right');
        y += rowHeight;
      }
      paper.rule(y + 2, { from: left, colour: colours.accent, weight: 1.2 });
      paper.write(label, left, y + 8, total);
      paper.write(grand, sheet.right, y + 8, total, 'right');
    },
  };
}

function taxTable({ paper, document, words, locale }: Sketch): Table {
  const { groups } = document.totals;
  const cell = (group: TaxGroup) => [
    words.category[group.category],
    formatRate(group.rate, locale),
    formatAmount(group.net, document.currency, locale),
    formatAmount(group.tax, document.currency, locale),
  ];
  const rows = groups.map(cell);
  const headings = [words.taxTable, '%', words.net, words.tax];
  const widths = headings.map((name, column) =>
    Math.max(
      paper.widthOf(name, heading),
      paper.widest(
        rows.map((row) => row[column] ?? ''),
        small,
      ),
    ),
  );
  const width = widths.reduce((all, one) => all + one, 0) + GAP * (widths.length - 1);
  const rowHeight = lineHeight(small) + 3;
  const drawRow = (cells: readonly string[], y: number, ink: Ink) => {
    let x = sheet.left;
    cells.forEach((text, column) => {
      const columnWidth = widths[column] ?? 0;
      if (column === 0) paper.write(text, x, y, ink);
      else paper.write(text, x + columnWidth, y, ink, 'right');
      x += columnWidth + GAP;
    });
  };
  return {
    width,
    height: (rows.length + 1) * rowHeight,
    draw: (top) => {
      drawRow(headings, top, heading);
      rows.forEach((row, index) => {
        drawRow(row, top + (index + 1) * rowHeight, small);
      });
    },
  };
}

function notesPart({ paper, company, document }: Sketch): Part {
  const categories = [...new Set(document.totals.groups.map((group) => group.category))];
  const notes = categories.map((category) => taxNote(category, company.country, document.buyer.language));
  const lines = notes.flatMap((note) => (note === undefined ? [] : paper.wrap(note, contentWidth, small)));
  return {
    height: lines.length * lineHeight(small),
    draw: (y) => {
      paper.writeLines(lines, sheet.left, y, small);
    },
  };
}

/** How to pay an invoice: terms, bank account, and the link where there is one. */
export function paymentPart(sketch: Sketch, invoice: Invoice, payUrl: string | undefined): Part {
  const { paper, company, words, locale } = sketch;
  const terms =
    invoice.dueOn === invoice.issuedOn
      ? words.atOnce
      : words.terms(daysBetween(invoice.issuedOn, invoice.dueOn), longDate(invoice.dueOn, locale));
  const account: [string, string][] = [
    [words.recipient, company.legalName],
    ['IBAN', groupedIban(company.iban)],
    ['BIC', company.bic],
    [words.bank, company.bankName],
    [words.reference, invoice.number],
  ];
  const labelWidth = paper.widest(
    account.map(([label]) => label),
    muted,
  );
  const buttonWidth = payUrl === undefined ? 0 : paper.widthOf(words.payOnline, button) + 36;
  const inner = contentWidth - 32;
  const valueWidth = inner - labelWidth - GAP - (buttonWidth > 0 ? buttonWidth + GAP : 0);
  const rows = account.map(([label, value]) => ({ label, lines: paper.wrap(value, valueWidth, small) }));
  const sentences = paper.wrap(`${terms} ${words.quoteReference(invoice.number)}`, inner, small);
  const line = lineHeight(small) + 1.5;
  const rowsHeight = rows.reduce((height, row) => height + row.lines.length * lineHeight(small) + 1.5, 0);
  const height = 14 + lineHeight(heading) + 3 + sentences.length * lineHeight(small) + 8 + rowsHeight + 12;
  return {
    height: SPACE_BEFORE + height,
    draw: (from) => {
      const top = from + SPACE_BEFORE;
      paper.box(sheet.left, top, contentWidth, height, colours.tint, 4);
      const left = sheet.left + 16;
      let y = top + 14;
      paper.write(words.payment, left, y, heading);
      y = paper.writeLines(sentences, left, y + lineHeight(heading) + 3, small) + 8;
      const buttonTop = y;
      for (const row of rows) {
        paper.write(row.label, left, y, muted);
        paper.writeLines(row.lines, left + labelWidth + GAP, y, small);
        y += row.lines.length * lineHeight(small) + 1.5;
      }
      if (payUrl !== undefined) drawButton(paper, words.payOnline, payUrl, buttonWidth, buttonTop + line);
    },
  };
}

function drawButton(paper: Paper, label: string, url: string, width: number, y: number): void {
  const height = 26;
  const left = sheet.right - 16 - width;
  paper.box(left, y, width, height, colours.accent, 4);
  paper.write(label, left + 18, y + (height - button.size * 1.16) / 2, button);
  paper.link(left, y, width, height, url);
}

/** What becomes of a credit note. */
export function creditPart({ paper, words }: Sketch): Part {
  const lines = paper.wrap(words.credited, contentWidth, small);
  return {
    height: SPACE_BEFORE + lines.length * lineHeight(small),
    draw: (y) => {
      paper.writeLines(lines, sheet.left, y + SPACE_BEFORE, small);
    },
  };
}
