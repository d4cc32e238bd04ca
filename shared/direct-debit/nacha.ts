import { type AchDebit, type AchItem, assertWhole, sumOf } from './direct-debit.ts';
import { sepaText } from './sepa-text.ts';

const COLUMNS = 94;
const BLOCK = 10;
/** Debits only (Nacha Operating Rules, appendix 3). */
const DEBITS = '225';

/** What a batch or a file adds up to. Cents. */
type Totals = { readonly entries: number; readonly hash: number; readonly debits: number };

/**
 * The file of an ACH run by the Nacha rules: lines of 94 columns in blocks of ten, a batch for companies (CCD) and one
 * for people (PPD). The entry hash is the sum of the receiving banks' first eight digits, of which the last ten count.
 * The file's day and minute are those of its making in UTC.
 * @throws RangeError when `items` are not those of `run`, or more than the columns hold
 */
export function nacha(run: AchDebit, items: readonly AchItem[]): string {
  assertWhole(run, items);
  const batches = [...Map.groupBy(items, ({ scheme }) => scheme).values()];
  let trace = 0;
  const lines = [fileHeader(run)];
  for (const [index, batch] of batches.entries()) {
    const number = digits(index + 1, 7);
    lines.push(batchHeader(run, batch[0]?.scheme ?? 'CCD', number));
    for (const item of batch) lines.push(entryLine(run, item, ++trace));
    lines.push(batchControl(run, totalsOf(batch), number));
  }
  lines.push(fileControl(batches.length, lines.length + 1, totalsOf(items)));
  while (lines.length % BLOCK !== 0) lines.push('9'.repeat(COLUMNS));
  return lines.map((line) => `${line}\n`).join('');
}

function fileHeader({ originator, createdAt }: AchDebit): string {
  const [date = '', time = ''] = createdAt.split('T');
  return line(
    '101',
    ` ${originator.destination}`,
    originator.companyId,
    shortDate(date),
    time.slice(0, 5).replace(':', ''),
    'A094101',
    text(originator.destinationName, 23),
    text(originator.name, 23),
    ' '.repeat(8),
  );
}

function batchHeader({ originator, collectOn }: AchDebit, scheme: AchItem['scheme'], number: string): string {
  return line(
    `5${DEBITS}`,
    text(originator.name, 16),
    ' '.repeat(20),
    originator.companyId,
    scheme,
    text('INVOICES', 10),
    ' '.repeat(6),
    shortDate(collectOn),
    '   1',
    originator.destination.slice(0, 8),
    number,
  );
}

function entryLine({ originator }: AchDebit, item: AchItem, trace: number): string {
  return line(
    item.accountKind === 'checking' ? '627' : '637',
    item.routingNumber,
    item.account.padEnd(17),
    digits(item.amount, 10),
    item.endToEndId,
    text(item.name, 22),
    '  0',
    originator.destination.slice(0, 8),
    digits(trace, 7),
  );
}

function batchControl({ originator }: AchDebit, totals: Totals, number: string): string {
  return line(
    `8${DEBITS}`,
    digits(totals.entries, 6),
    digits(totals.hash, 10),
    digits(totals.debits, 12),
    digits(0, 12),
    originator.companyId,
    ' '.repeat(25),
    originator.destination.slice(0, 8),
    number,
  );
}

function fileControl(batches: number, lines: number, totals: Totals): string {
  return line(
    '9',
    digits(batches, 6),
    digits(Math.ceil(lines / BLOCK), 6),
    digits(totals.entries, 8),
    digits(totals.hash, 10),
    digits(totals.debits, 12),
    digits(0, 12),
    ' '.repeat(39),
  );
}

function totalsOf(items: readonly AchItem[]): Totals {
  const hash = items.reduce((sum, { routingNumber }) => sum + Number(routingNumber.slice(0, 8)), 0);
  return { entries: items.length, hash: hash % 10 ** 10, debits: sumOf(items) };
}

function line(...fields: readonly string[]): string {
  const whole = fields.join('');
  if (whole.length !== COLUMNS) throw new RangeError(`a line of ${whole.length} columns: ${whole}`);
  return whole;
}

/** Banks want capital letters. */
function text(value: string, width: number): string {
  return sepaText(value, width).toUpperCase().padEnd(width).slice(0, width);
}

function digits(value: number, width: number): string {
  const written = String(value).padStart(width, '0');
  if (written.length > width) throw new RangeError(`${value} has more than ${width} digits`);
  return written;
}

/** YYMMDD. */
function shortDate(date: string): string {
  return date.slice(2).replaceAll('-', '');
}
