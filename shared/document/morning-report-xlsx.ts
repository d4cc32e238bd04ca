import { type Cell, type CellStyle, type CellValue, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import { minorDigits } from '../kernel/money.ts';
import { ageBuckets, type CurrencyFigures, type MorningReport } from '../report/morning-report.ts';
import { ageLabels, correctionLabels, methodLabels } from '../report/report-words.ts';
import { amountFormat, neutralText } from './spreadsheet.ts';

const DATE_FORMAT = 'yyyy-mm-dd';
const COUNT_FORMAT = '#,##0';

const FONT = { name: 'Calibri', size: 11 };

const headerStyle: CellStyle = {
  font: { ...FONT, bold: true, color: { rgb: 'FFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '17456B' } },
  alignment: { vertical: 'center' },
};
const sumStyle: CellStyle = {
  font: { ...FONT, bold: true },
  border: { top: { style: 'thin', color: { rgb: '17456B' } } },
};

/** A cell and how its number is written. */
type Styled = { value: CellValue; format?: string; style?: CellStyle };
type Column = { header: string; width: number; right?: boolean };

/**
 * The report as a workbook: the day's sums, every open item, and whom to call. Amounts are numbers in their
 * currency's format, dates are dates, text is never a formula. The same report gives the same bytes.
 */
export async function morningReportXlsx(report: MorningReport): Promise<Uint8Array> {
  const at = new Date(report.at);
  return writeXlsx({
    properties: {
      title: `Morning report ${report.date}`,
      creator: report.company.legalName,
      created: at,
      modified: at,
    },
    defaultFont: FONT,
    sheets: [summarySheet(report), openItemsSheet(report), callListSheet(report)],
  });
}

function openItemsSheet({ openItems }: MorningReport): WriteSheet {
  const columns: Column[] = [
    { header: 'Invoice', width: 18 },
    { header: 'Customer', width: 18 },
    { header: 'Name', width: 36 },
    { header: 'Issued', width: 12 },
    { header: 'Due', width: 12 },
    { header: 'Days overdue', width: 14, right: true },
    { header: 'Currency', width: 10 },
    { header: 'Balance', width: 16, right: true },
    { header: 'Status', width: 11 },
  ];
  const rows = openItems.map((item): Styled[] => [
    text(item.number),
    text(item.customerId),
    text(item.customerName),
    day(item.issuedOn),
    day(item.dueOn),
    count(item.daysOverdue),
    text(item.currency),
    amount(item.balance, item.currency),
    text(item.status),
  ]);
  return sheet('Open items', columns, rows);
}

function callListSheet({ callList }: MorningReport): WriteSheet {
  const columns: Column[] = [
    { header: 'Customer', width: 18 },
    { header: 'Name', width: 36 },
    { header: 'E-mail', width: 32 },
    { header: 'Invoices', width: 10, right: true },
    { header: 'Oldest, days overdue', width: 21, right: true },
    { header: 'Currency', width: 10 },
    { header: 'Balance', width: 16, right: true },
  ];
  const rows = callList.map((entry): Styled[] => [
    text(entry.customerId),
    text(entry.customerName),
    text(entry.email),
    count(entry.invoices),
    count(entry.oldestDays),
    text(entry.currency),
    amount(entry.balance, entry.currency),
  ]);
  return sheet('Call list', columns, rows);
}

function summarySheet(report: MorningReport): WriteSheet {
  const columns: Column[] = [
    { header: `Morning report ${report.date}`, width: 42 },
    { header: 'Currency', width: 10 },
    { header: 'Count', width: 12, right: true },
    { header: 'Amount', width: 20, right: true },
  ];
  const reminders = report.reminders.map(({ step, stepName, count: sent }): Styled[] => [
    text(`Reminders sent: ${step}. ${stepName}`),
    text(''),
    count(sent),
    text(''),
  ]);
  return sheet('Summary', columns, [
    ...report.currencies.flatMap(currencyRows),
    ...accuracyRows(report),
    ...reminders,
  ]);
}

/** A reason of several currencies is a row each; its count stands on the first. */
function accuracyRows({ accuracy }: MorningReport): Styled[][] {
  const share = (label: string, invoices: number, percent: string | undefined): Styled[] => [
    text(label),
    text(''),
    count(invoices),
    percent === undefined ? text('') : { value: Number(percent) / 100, format: '0.00%' },
  ];
  const { issued, wrong, uncorrected, reasons } = accuracy;
  return [
    share('Invoices issued this month', issued, undefined),
    share('Right the first time', issued - wrong, accuracy.accuracy),
    share('Never credited at all', uncorrected, accuracy.uncorrectedShare),
    ...reasons.flatMap(({ reason, error, creditNotes, amounts }) =>
      amounts.map(({ currency, amount: credited }, index): Styled[] => [
        text(`${error ? 'Corrected' : 'Credited'}: ${correctionLabels[reason]}`),
        text(currency),
        index === 0 ? count(creditNotes) : text(''),
        amount(credited, currency),
      ]),
    ),
  ];
}

function currencyRows(figures: CurrencyFigures): Styled[][] {
  const { currency, orders, heldOrders, invoices, creditNotes, cash, receivables } = figures;
  const row = (label: string, number: number | undefined, sum: number, style?: CellStyle): Styled[] =>
    [text(label), text(currency), number === undefined ? text('') : count(number), amount(sum, currency)].map(
      (cell) => (style ? { ...cell, style } : cell),
    );
  const buckets = ageBuckets.map((bucket) => ({ label: ageLabels[bucket], ...receivables.buckets[bucket] }));
  return [
    row('Orders placed, net', orders.count, orders.net),
    row('Orders placed, tax included', orders.count, orders.gross),
    row('Orders on hold now', heldOrders.count, heldOrders.gross),
    row('Invoices issued, net', invoices.count, invoices.net),
    row('Invoices issued, tax', undefined, invoices.tax),
    row('Invoices issued, total', invoices.count, invoices.gross, sumStyle),
    row('Credit notes issued', creditNotes.count, creditNotes.gross),
    ...cash.map(({ method, count: payments, amount: sum }) =>
      row(`Received: ${methodLabels[method]}`, payments, sum),
    ),
    row(
      'Received, total',
      cash.reduce((all, { count: payments }) => all + payments, 0),
      cash.reduce((all, { amount: sum }) => all + sum, 0),
      sumStyle,
    ),
    ...buckets.map(({ label, count: items, balance }) => row(`Open: ${label}`, items, balance)),
    row(
      'Open invoices, total',
      buckets.reduce((all, { count: items }) => all + items, 0),
      receivables.total,
      sumStyle,
    ),
    row('Payments and credits not set against an invoice', undefined, receivables.unapplied),
    row('Receivables', undefined, receivables.total - receivables.unapplied, sumStyle),
    [text(''), text(''), text(''), text('')],
  ];
}

function sheet(name: string, columns: readonly Column[], rows: readonly Styled[][]): WriteSheet {
  const formats = columns.map((_, column) => rows[0]?.[column]?.format);
  const cells = new Map<string, Partial<Cell>>();
  columns.forEach(({ right }, column) => {
    const alignment = { ...headerStyle.alignment, ...(right && { horizontal: 'right' as const }) };
    cells.set(`0,${column}`, { style: { ...headerStyle, alignment } });
  });
  rows.forEach((row, index) => {
    row.forEach(({ format, style }, column) => {
      // Most cells are written as their column is; only the others cost an entry of their own.
      if (style === undefined && format === formats[column]) return;
      cells.set(`${index + 1},${column}`, {
        style: { ...style, ...(format !== undefined && { numFmt: format }) },
      });
    });
  });
  const last = columnLetter(columns.length - 1);
  return {
    name,
    columns: columns.map(({ width }, column) => {
      const numFmt = formats[column];
      return { width, ...(numFmt !== undefined && { numFmt }) };
    }),
    rows: [
      columns.map(({ header }) => neutralText(header)),
      ...rows.map((row) => row.map(({ value }) => value)),
    ],
    cells,
    freezePane: { rows: 1 },
    autoFilter: { range: `A1:${last}${Math.max(2, rows.length + 1)}` },
    pageSetup: {
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '$1:$1',
    },
  };
}

const text = (value: string): Styled => ({ value: value === '' ? null : neutralText(value) });
const count = (value: number): Styled => ({ value, format: COUNT_FORMAT });
const day = (date: string): Styled => ({ value: new Date(`${date}T00:00:00Z`), format: DATE_FORMAT });

function amount(minor: number, currency: string): Styled {
  return { value: minor / 10 ** minorDigits(currency), format: amountFormat(currency) };
}

/** `A` for the first column; no sheet here has more than 26. */
function columnLetter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
