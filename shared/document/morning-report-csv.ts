import { stringify } from 'csv-stringify/sync';
import type { MorningReport } from '../report/morning-report.ts';
import { decimalText, neutralText } from './spreadsheet.ts';

const header = [
  'Invoice',
  'Customer',
  'Name',
  'Issued',
  'Due',
  'Days overdue',
  'Currency',
  'Balance',
  'Status',
] as const;

/**
 * Every open item as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel reads names right). One table and
 * nothing else, so that programs read it too: dates as YYYY-MM-DD, amounts with a decimal point, the day's sums are
 * in the mail and the workbook.
 */
export function morningReportCsv(report: MorningReport): string {
  const rows = report.openItems.map((item) => [
    neutralText(item.number),
    neutralText(item.customerId),
    neutralText(item.customerName),
    item.issuedOn,
    item.dueOn,
    String(item.daysOverdue),
    item.currency,
    decimalText(item.balance, item.currency),
    item.status,
  ]);
  return stringify([[...header], ...rows], { bom: true, record_delimiter: 'windows' });
}
