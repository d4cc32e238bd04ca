import { sepaText } from '../direct-debit/sepa-text.ts';

const COLUMNS = 94;
const BLOCK = 10;

/** Whose money moves, and by which bank (the ODFI). */
type AchSender = {
  readonly name: string;
  readonly destination: string;
  readonly destinationName: string;
  readonly companyId: string;
};

/** A debit or credit of the receiver's account: one line. Cents. */
export type AchEntry = {
  readonly scheme: 'CCD' | 'PPD';
  readonly accountKind: 'checking' | 'savings';
  readonly routingNumber: string;
  readonly account: string;
  readonly amount: number;
  /** What the bank's statement brings back: 15 characters. */
  readonly endToEndId: string;
  readonly name: string;
};

/** What is said once of all entries. Codes by appendix 3 of the Nacha Operating Rules. */
export type AchFile = {
  readonly sender: AchSender;
  readonly direction: 'debit' | 'credit';
  /** What the receiver reads: ten characters of it. */
  readonly purpose: string;
  /** YYYY-MM-DD. */
  readonly effectiveOn: string;
  readonly createdAt: string;
  readonly entries: readonly AchEntry[];
};

/** Service classes, and transaction codes by the receiver's account. */
const codes = {
  debit: { service: '225', checking: '27', savings: '37' },
  credit: { service: '220', checking: '22', savings: '32' },
} as const;

/** What a batch or a file adds up to. Cents. */
type Totals = { readonly entries: number; readonly hash: number; readonly amount: number };

/**
 * An ACH file by the Nacha rules: lines of 94 columns in blocks of ten, a batch for companies (CCD) and one for people
 * (PPD). The entry hash is the sum of the receiving banks' first eight digits, of which the last ten count. The file's day
 * and minute are those of its making in UTC.
 * @throws RangeError when something is more than its columns hold
 */
export function achFile(file: AchFile): string {
  const batches = [...Map.groupBy(file.entries, ({ scheme }) => scheme).values()];
  let trace = 0;
  const lines = [fileHeader(file)];
  for (const [index, batch] of batches.entries()) {
    const number = digits(index + 1, 7);
    lines.push(batchHeader(file, batch[0]?.scheme ?? 'CCD', number));
    for (const entry of batch) lines.push(entryLine(file, entry, ++trace));
    lines.push(batchControl(file, totalsOf(batch), number));
  }
  lines.push(fileControl(file, { batches: batches.length, lines: lines.length + 1 }));
  while (lines.length % BLOCK !== 0) lines.push('9'.repeat(COLUMNS));
  return lines.map((line) => `${line}\n`).join('');
}

function fileHeader({ sender, createdAt }: AchFile): string {
  const [date = '', time = ''] = createdAt.split('T');
  return line(
    '101',
    ` ${sender.destination}`,
    sender.companyId,
    shortDate(date),
    time.slice(0, 5).replace(':', ''),
    'A094101',
    text(sender.destinationName, 23),
    text(sender.name, 23),
    ' '.repeat(8),
  );
}

function batchHeader(
  { sender, direction, purpose, effectiveOn }: AchFile,
  scheme: AchEntry['scheme'],
  number: string,
): string {
  return line(
    `5${codes[direction].service}`,
    text(sender.name, 16),
    ' '.repeat(20),
    sender.companyId,
    scheme,
    text(purpose, 10),
    ' '.repeat(6),
    shortDate(effectiveOn),
    '   1',
    sender.destination.slice(0, 8),
    number,
  );
}

function entryLine({ sender, direction }: AchFile, entry: AchEntry, trace: number): string {
  return line(
    `6${codes[direction][entry.accountKind]}`,
    entry.routingNumber,
    entry.account.padEnd(17),
    digits(entry.amount, 10),
    entry.endToEndId,
    text(entry.name, 22),
    '  0',
    sender.destination.slice(0, 8),
    digits(trace, 7),
  );
}

function batchControl({ sender, direction }: AchFile, totals: Totals, number: string): string {
  return line(
    `8${codes[direction].service}`,
    digits(totals.entries, 6),
    digits(totals.hash, 10),
    ...amounts(direction, totals),
    sender.companyId,
    ' '.repeat(25),
    sender.destination.slice(0, 8),
    number,
  );
}

function fileControl({ direction, entries }: AchFile, count: { batches: number; lines: number }): string {
  const totals = totalsOf(entries);
  return line(
    '9',
    digits(count.batches, 6),
    digits(Math.ceil(count.lines / BLOCK), 6),
    digits(totals.entries, 8),
    digits(totals.hash, 10),
    ...amounts(direction, totals),
    ' '.repeat(39),
  );
}

/** Debits, then credits: a file has only one of them. */
function amounts(direction: AchFile['direction'], { amount }: Totals): [string, string] {
  const [debits, credits] = direction === 'debit' ? [amount, 0] : [0, amount];
  return [digits(debits, 12), digits(credits, 12)];
}

function totalsOf(entries: readonly AchEntry[]): Totals {
  const hash = entries.reduce((sum, { routingNumber }) => sum + Number(routingNumber.slice(0, 8)), 0);
  const amount = entries.reduce((sum, entry) => sum + entry.amount, 0);
  return { entries: entries.length, hash: hash % 10 ** 10, amount };
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
