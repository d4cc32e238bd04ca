import type { StatementEvent, StatementFormat } from './bank-statement.ts';
import type { CsvMapping } from './csv-mapping.ts';
import { readBai2 } from './formats/bai2.ts';
import { readCamt053 } from './formats/camt053.ts';
import { type CsvBalances, readCsv } from './formats/csv.ts';
import { readMt940 } from './formats/mt940.ts';
import { readOfx } from './formats/ofx.ts';
import type { StatementSource } from './source.ts';
import { invalid } from './tally.ts';

/** `csv` is the mapping of the account's bank. Balances, in minor units, and the id are for CSV; OFX takes the opening. */
export type ReadOptions = CsvBalances & { csv?: CsvMapping };

/** Bytes that are enough to know a format by. */
export const FORMAT_BYTES = 1_024;

/** The format that a file's first bytes show; undefined for CSV and whatever has no mark of its own. */
export function detectFormat(first: Uint8Array): Exclude<StatementFormat, 'csv'> | undefined {
  const text = Buffer.from(first.subarray(0, FORMAT_BYTES))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (
    /^<(\?xml|Document|\w+:Document)/.test(text) &&
    /urn:iso:std:iso:20022:tech:xsd:camt\.053\./.test(text)
  ) {
    return 'camt.053';
  }
  if (/^OFXHEADER:|<\?OFX\s|<OFX>/i.test(text)) return 'ofx';
  if (/^01,[^\n]*\//.test(text)) return 'bai2';
  if (/(^|\n|\{4:\r?\n?):20:/.test(text)) return 'mt940';
  return undefined;
}

/**
 * Reads a statement file piece by piece, holding one entry at a time: of each statement its start, its entries, and
 * an end that comes only if the balances and entries tie. Events before a refusal are of no account: the whole file is.
 * @throws DomainError `statement_invalid` with the place and both figures
 */
export async function* readStatements(
  format: StatementFormat,
  source: StatementSource,
  options: ReadOptions = {},
): AsyncGenerator<StatementEvent> {
  switch (format) {
    case 'camt.053':
      return yield* readCamt053(source);
    case 'mt940':
      return yield* readMt940(source);
    case 'bai2':
      return yield* readBai2(source);
    case 'ofx':
      return yield* readOfx(source, options);
    case 'csv':
      if (!options.csv) throw invalid('the mapping', 'a CSV file needs the mapping of its bank');
      return yield* readCsv(source, options.csv, options);
    default:
      return format satisfies never;
  }
}
