import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { collapse } from '../../kernel/text.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { StatementEvent } from '../bank-statement.ts';
import type { Column, CsvMapping } from '../csv-mapping.ts';
import { accountOf, amountAt, dayAt, filled, present, presentOrNone, reference } from '../fields.ts';
import { type StatementSource, textOf } from '../source.ts';
import { type Booking, invalid, Tally } from '../tally.ts';

/** What the file itself does not say. Minor units; a balance given must tie, and is needed without a balance column. */
export type CsvBalances = { openingBalance?: number; closingBalance?: number; statementId?: string };

/** A row ends after so many characters, or the quotes are wrong. */
const MAX_ROW = 65_536;

/**
 * A bank's CSV by its mapping. With a balance column every row ties with the row before; else both balances must be
 * given. A file's id is its first and last day, unless one is given.
 * @throws DomainError `statement_invalid`
 */
export async function* readCsv(
  source: StatementSource,
  mapping: CsvMapping,
  given: CsvBalances = {},
): AsyncGenerator<StatementEvent> {
  const parser = parse({
    bom: true,
    delimiter: mapping.delimiter,
    from_line: mapping.skipLines + 1,
    info: true,
    max_record_size: MAX_ROW,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const reader = csv(mapping, given);
  try {
    for await (const row of rowsOf(parser, source, mapping)) {
      reader.read(row.record, `line ${row.info.lines}`);
      yield* reader.take();
    }
  } catch (error) {
    if (error instanceof CsvError) throw invalid(`line ${String(error['lines'])}`, error.message, error);
    throw error;
  }
  reader.end();
  yield* reader.take();
}

type Row = { record: string[]; info: { lines: number } };

/** A failure of the source is one of the parser, so that taking its rows fails. */
async function* rowsOf(
  parser: ReturnType<typeof parse>,
  source: StatementSource,
  mapping: CsvMapping,
): AsyncGenerator<Row> {
  const text = Readable.from(textOf(source, mapping.encoding));
  text.on('error', (error) => parser.destroy(error));
  for await (const row of text.pipe(parser)) {
    if (isRow(row)) yield row;
  }
}

const isRow = (row: unknown): row is Row => typeof row === 'object' && row !== null && 'record' in row;

function csv(mapping: CsvMapping, given: CsvBalances) {
  const { account, currency, columns } = mapping;
  const newestFirst = mapping.order === 'newest first';
  const tally = new Tally();
  let names: string[] | undefined = mapping.header ? undefined : [];
  let last: { balance: number | undefined; amount: number; on: CalendarDate } | undefined;
  let first: { balance: number | undefined; amount: number; on: CalendarDate } | undefined;

  const cell = (row: readonly string[], column: Column | undefined): string => {
    if (column === undefined) return '';
    return row[typeof column === 'number' ? column : (names?.indexOf(column) ?? -1)] ?? '';
  };

  const checkHeader = (row: string[], place: string) => {
    names = row.map((name) => name.trim());
    for (const column of Object.values(columns).flat()) {
      if (typeof column === 'string' && !names.includes(column)) {
        throw invalid(place, `the header has no column “${column}”`);
      }
    }
    tally.open(
      { account, currency, ...(!newestFirst && present({ openingBalance: given.openingBalance })) },
      place,
    );
  };

  return {
    take: () => tally.take(),
    read(row: string[], place: string): void {
      if (!names) {
        checkHeader(row, place);
        return;
      }
      if (tally.statements === 0) tally.open({ account, currency }, place);
      const code = cell(row, columns.currency);
      if (code !== '' && code !== currency)
        throw invalid(place, `the entry is in “${code}”, the account in ${currency}`);
      const amount = amountOf((column) => cell(row, columns[column]), mapping, place);
      const on = dateOf(cell(row, columns.bookedOn), mapping.dateFormat, place);
      const balance =
        columns.balance === undefined ? undefined : signedAt(cell(row, columns.balance), mapping, place);
      if (last && balance !== undefined && last.balance !== undefined) {
        const expected = newestFirst ? last.balance - last.amount : last.balance + amount;
        if (balance !== expected) {
          throw invalid(
            place,
            `the balance is ${balance}, but the row before makes it ${expected} (minor units)`,
          );
        }
      }
      last = { balance, amount, on };
      first ??= last;
      tally.add(
        {
          ...bookingOf((column) => cell(row, columns[column]), mapping, place),
          bookedOn: on,
          amount,
          text: collapse(columns.text.map((column) => cell(row, column)).join(' ')),
        },
        place,
      );
    },
    end(): void {
      const place = 'the end of the file';
      if (tally.statements === 0) tally.finish(place);
      const [oldest, newest] = newestFirst ? [last, first] : [first, last];
      const openingBalance =
        given.openingBalance ?? (oldest?.balance === undefined ? undefined : oldest.balance - oldest.amount);
      const closingBalance = newest?.balance ?? given.closingBalance;
      if (openingBalance === undefined || closingBalance === undefined) {
        throw invalid(place, 'opening and closing balance stand in no column and were not given');
      }
      if (given.closingBalance !== undefined && given.closingBalance !== closingBalance) {
        throw invalid(
          place,
          `the last balance is ${closingBalance}, but ${given.closingBalance} was given (minor units)`,
        );
      }
      const statementId = given.statementId ?? `${oldest?.on ?? ''}..${newest?.on ?? ''}`;
      tally.close(
        { statementId, openingBalance, openingOn: oldest?.on, closingBalance, closingOn: newest?.on },
        place,
      );
    },
  };
}

type CellOf = (column: Exclude<keyof CsvMapping['columns'], 'text'>) => string;

function bookingOf(
  cell: CellOf,
  mapping: CsvMapping,
  place: string,
): Omit<Booking, 'bookedOn' | 'amount' | 'text'> {
  const valueOn = cell('valueOn');
  const number = filled(cell('iban'));
  const account = number === undefined ? undefined : accountOf(number);
  return present({
    valueOn: valueOn === '' ? undefined : dateOf(valueOn, mapping.dateFormat, place),
    bankReference: reference(cell('bankReference')),
    endToEndId: reference(cell('endToEndId')),
    creditorReference: filled(cell('creditorReference'))?.replaceAll(' ', ''),
    counterparty: presentOrNone({
      name: filled(cell('name')),
      iban: account?.iban,
      account: account?.number,
      bic: filled(cell('bic')),
    }),
    code: filled(cell('code')),
  });
}

/** Money in less money out; the sign of a debit column does not matter. */
function amountOf(cell: CellOf, mapping: CsvMapping, place: string): number {
  if (mapping.columns.amount !== undefined) return signedAt(cell('amount'), mapping, place);
  const [out, into] = [cell('debit'), cell('credit')];
  if (out === '' && into === '') throw invalid(place, 'neither debit nor credit is filled');
  const credit = into === '' ? 0 : signedAt(into, mapping, place);
  return credit - (out === '' ? 0 : Math.abs(signedAt(out, mapping, place)));
}

/** `1.234,50-`, `-1,234.50`, `+12`: with thousands, the sign before or behind. */
function signedAt(text: string, { decimal, currency }: CsvMapping, place: string): number {
  const plain = text.replace(/[\s\u00a0'’]/g, '');
  const thousands = decimal === '.' ? '\\,' : '\\.';
  const whole = `\\d+|\\d{1,3}(?:${thousands}\\d{3})+`;
  const match = new RegExp(`^([+-]?)((?:${whole})(?:\\${decimal}\\d*)?)([+-]?)$`).exec(plain);
  if (!match || (match[1] && match[3])) throw invalid(place, `“${text}” is no amount`);
  const digits = (match[2] ?? '').replaceAll(decimal === '.' ? ',' : '.', '').replace(decimal, '.');
  const size = amountAt(digits, currency, place);
  return (match[1] === '-' || match[3] === '-') && size !== 0 ? -size : size;
}

/** @throws DomainError `statement_invalid` when `text` is not a day in `format` */
function dateOf(text: string, format: CsvMapping['dateFormat'], place: string): CalendarDate {
  const names = format.match(/Y+|M+|D+/g) ?? [];
  const pattern = format.replace(/[./-]/g, '\\$&').replace(/Y+|M+|D+/g, (name) => `(\\d{${name.length}})`);
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) throw invalid(place, `“${text}” is no date as ${format}`);
  const part = (letter: string) => match[names.findIndex((name) => name.startsWith(letter)) + 1] ?? '';
  return dayAt(part('Y').padStart(4, '20'), part('M'), part('D'), place);
}
