import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { type Currency, MAX_AMOUNT, parseAmount } from '../kernel/money.ts';
import { MAX_ADVISED } from './remittance-api.ts';

/** A row ends after so many characters, or the quotes are wrong. */
const MAX_ROW = 4_096;

const Row = z.looseObject({
  number: z.string().min(1),
  amount: z.string(),
  discount: z.string().optional(),
});
const Records = z.array(z.strictObject({ record: z.unknown(), info: z.looseObject({ lines: z.int() }) }));

/** An invoice named in a file, and the line it ends on. Minor units. */
export type AdvisedRow = { number: string; amount: number; discount?: number; line: number };

/**
 * The invoices in a CSV with the columns `number`, `amount` and, where wanted, `discount`, in any order and with others
 * beside them; separated by comma or semicolon. Amounts are decimals of `currency`, such as `1234.50`.
 * @throws DomainError `remittance_invalid` with every line at fault
 */
export function readAdviceCsv(text: string, currency: Currency): AdvisedRow[] {
  const issues: FieldIssue[] = [];
  const rows = recordsOf(text).flatMap(({ record, info: { lines: line } }) => {
    const row = Row.safeParse(record);
    const amount = row.success ? parseAmount(row.data.amount, currency) : undefined;
    const written = row.success ? (row.data.discount ?? '') : '';
    const discount = written === '' ? 0 : parseAmount(written, currency);
    if (!row.success) issues.push({ path: `lines.${line}.number`, message: 'is missing' });
    else if (!isPaid(amount, 1))
      issues.push({ path: `lines.${line}.amount`, message: `must be an amount of ${currency} above 0` });
    else if (!isPaid(discount, 0))
      issues.push({ path: `lines.${line}.discount`, message: `must be an amount of ${currency}` });
    else return [{ number: row.data.number, amount, ...(discount > 0 && { discount }), line }];
    return [];
  });
  if (issues.length > 0) throw invalid('Some lines can not be read; the issues name each.', issues);
  if (rows.length === 0 || rows.length > MAX_ADVISED)
    throw invalid(`A file names 1 to ${MAX_ADVISED} invoices; this one has ${rows.length}.`);
  return rows;
}

function recordsOf(text: string) {
  try {
    const records: unknown = parse(text, {
      bom: true,
      columns: (names: string[]) => checkedHead(names.map((name) => name.trim().toLowerCase())),
      delimiter: [',', ';'],
      info: true,
      max_record_size: MAX_ROW,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return Records.parse(records);
  } catch (error) {
    if (error instanceof CsvError) throw invalid(`The file is no CSV: ${error.message}.`);
    throw error;
  }
}

function checkedHead(names: string[]): string[] {
  const missing = ['number', 'amount'].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw invalid(`The first line must name the columns: ${missing.join(' and ')} is not there.`);
  return names;
}

function isPaid(amount: number | undefined, least: number): amount is number {
  return amount !== undefined && amount >= least && amount <= MAX_AMOUNT;
}

const invalid = (detail: string, issues: readonly FieldIssue[] = []) =>
  new DomainError('remittance_invalid', detail, { issues });
