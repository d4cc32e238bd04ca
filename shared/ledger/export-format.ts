import { stringify } from 'csv-stringify/sync';
import { decimalText, neutralText } from '../document/spreadsheet.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { type AccountType, accountOf, type ChartAccount, type ChartPolicy } from './chart.ts';
import type { Entry, EntryKind } from './ledger.ts';
import { type JournalLine, linesOfEntry } from './ledger-lines.ts';

/** `ledger` is the plain text that hledger and ledger both read, `beancount` that program's own. */
export type ExportFormat = 'csv' | 'ledger' | 'beancount';

/** How a journal is written in one format, piece by piece. The pieces put together are one valid file. */
export type Writer = {
  /** Stands before everything, once. */
  readonly head: string;
  readonly entry: (entry: Entry) => string;
};

/** Writes entries from `from` on in `format`, with the accounts as `chart` calls them. */
export function writerOf(format: ExportFormat, chart: ChartPolicy, from: CalendarDate): Writer {
  switch (format) {
    case 'csv':
      return { head: row(csvColumns), entry: (entry) => linesOfEntry(entry, chart).map(csvRow).join('') };
    case 'ledger':
      return ledgerWriter(chart);
    case 'beancount':
      return beancountWriter(chart, from);
    default:
      return format satisfies never;
  }
}

export const csvColumns = [
  'date',
  'entry',
  'kind',
  'reference',
  'source',
  'customer',
  'account',
  'account_name',
  'currency',
  'debit',
  'credit',
];

/** A line of a journal as CSV (RFC 4180). Text is kept from becoming a formula; amounts stay plain decimals. */
export function csvRow(line: JournalLine): string {
  return row([
    line.date,
    line.entryId,
    line.kind,
    neutralText(line.reference),
    neutralText(line.source),
    neutralText(line.customerId ?? ''),
    neutralText(line.account),
    neutralText(line.accountName),
    line.currency,
    decimalText(line.debit, line.currency),
    decimalText(line.credit, line.currency),
  ]);
}

const row = (cells: readonly string[]) => stringify([[...cells]], { record_delimiter: 'windows' });

/** Each program tells by the first part of its name what an account is. */
const roots = {
  asset: 'Assets',
  liability: 'Liabilities',
  revenue: 'Income',
  expense: 'Expenses',
} as const satisfies Record<AccountType, string>;

const titles = {
  invoice: 'Invoice',
  credit_note: 'Credit note',
  payment: 'Payment',
  refund: 'Refund',
  write_off: 'Write-off',
  reversal: 'Payment returned',
  allocation: 'Allocation',
  unallocation: 'Allocation undone',
  fee: 'Fee of the payment provider',
  bank: 'Bank',
} as const satisfies Record<EntryKind, string>;

/** A currency is declared before the first entry in it: how many digits it has is shown to strict readers. */
function ledgerWriter(chart: ChartPolicy): Writer {
  const nameOf = ({ type, code, name }: ChartAccount) => `${roots[type]}:${code} ${name}`;
  const declared = new Set<string>();
  const commodity = (currency: string) => {
    if (declared.has(currency)) return '';
    declared.add(currency);
    // hledger wants a decimal mark in a format, ledger none without decimals: then the name alone will do for both.
    const [, digits] = decimalText(0, currency).split('.');
    const format = digits === undefined ? '' : `    format 1000.${digits} ${currency}\n`;
    return `commodity ${currency}\n${format}\n`;
  };
  return {
    head: `tag entry\ntag source\n\n${chart.accounts.map((account) => `account ${nameOf(account)}\n`).join('')}\n`,
    entry: (entry) =>
      [
        `${commodity(entry.currency)}${entry.date} * (${plainWord(entry.reference)}) ${titles[entry.kind]}${entry.customerId === undefined ? '' : ` ${entry.customerId}`}\n`,
        `    ; entry: ${entry.entryId}, source: ${entry.source}\n`,
        ...entry.postings.map(
          ({ account, amount }) =>
            `    ${nameOf(accountOf(chart, account))}  ${decimalText(amount, entry.currency)} ${entry.currency}\n`,
        ),
        '\n',
      ].join(''),
  };
}

function beancountWriter(chart: ChartPolicy, from: CalendarDate): Writer {
  const nameOf = ({ type, code, name }: ChartAccount) =>
    `${roots[type]}:${code}-${name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/-$/, '')}`;
  return {
    head: `${chart.accounts.map((account) => `${from} open ${nameOf(account)}\n`).join('')}\n`,
    entry: (entry) =>
      [
        `${entry.date} * "${entry.customerId ?? ''}" "${titles[entry.kind]} ${plainText(entry.reference)}"\n`,
        `  entry: "${entry.entryId}"\n`,
        `  source: "${entry.source}"\n`,
        ...entry.postings.map(
          ({ account, amount }) =>
            `  ${nameOf(accountOf(chart, account))}  ${decimalText(amount, entry.currency)} ${entry.currency}\n`,
        ),
        '\n',
      ].join(''),
  };
}

/** A reference is whatever the payer wrote: on one line, and without what ends a code, a note or a string. */
function plainText(text: string): string {
  return text.replace(/[\p{C}\p{Z}"\\]+/gu, ' ').trim();
}

function plainWord(text: string): string {
  return plainText(text.replace(/[();|]+/g, ' '));
}
