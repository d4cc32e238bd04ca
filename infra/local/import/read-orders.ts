import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import { countryCode } from './countries.ts';

/** A line of the file that could not be taken, by its number in the file (the header is line 1). */
export type Reject = { line: number; reason: string; text: string };

/** `unitPrice` in minor units; `quantity` is negative in cancellations and stock corrections. */
export type SourceLine = {
  line: number;
  sku: string;
  description: string;
  quantity: number;
  unitPrice: number;
};

/** All lines of one InvoiceNo. `customer` is missing for a counter sale. `date` is ISO, without a zone. */
export type SourceDocument = {
  number: string;
  date: string;
  customer?: string;
  country: string;
  lines: SourceLine[];
};

export type OrderFile = { documents: SourceDocument[]; rejects: Reject[]; linesRead: number };

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];

/**
 * Reads a day of the Online Retail format: one document per InvoiceNo, in the order of the file.
 * @throws Error when the file can't be read or its header is another
 */
export async function readOrders(path: string): Promise<OrderFile> {
  const documents = new Map<string, SourceDocument>();
  const rejects: Reject[] = [];
  let linesRead = 0;
  let header = true;
  const rows = pipeline(
    createReadStream(path),
    parse({ info: true, raw: true, relax_column_count: true, relax_quotes: true, bom: true }),
    // A file that can't be read ends the rows with its error.
    () => {},
  );
  for await (const { record, info, raw } of rows as AsyncIterable<{
    record: string[];
    info: { lines: number };
    raw: string;
  }>) {
    if (header) {
      header = false;
      if (record.join() !== columns.join()) {
        throw new Error(
          `${path} is not in the Online Retail format: its first line must be ${columns.join(',')}`,
        );
      }
      continue;
    }
    linesRead++;
    const reason = takeLine(documents, record, info.lines);
    if (reason) rejects.push({ line: info.lines, reason, text: raw.trimEnd() });
  }
  return { documents: [...documents.values()], rejects, linesRead };
}

/** Adds a line to its document. @returns why it can't be taken, or nothing */
function takeLine(
  documents: Map<string, SourceDocument>,
  record: readonly string[],
  line: number,
): string | undefined {
  if (record.length !== columns.length) return `has ${record.length} columns instead of ${columns.length}`;
  const [
    number = '',
    sku = '',
    description = '',
    quantityText = '',
    dateText = '',
    priceText = '',
    customerText = '',
    country = '',
  ] = record.map((field) => field.trim());

  if (!/^[A-Z]?\d{4,10}$/.test(number)) return `InvoiceNo "${number}" is not a document number`;
  if (!/^[A-Za-z0-9._ -]{1,40}$/.test(sku)) return `StockCode "${sku}" is not a stock code`;
  if (!/^-?\d{1,9}$/.test(quantityText) || Number(quantityText) === 0)
    return `Quantity "${quantityText}" is not a whole number other than 0`;
  const unitPrice = minorUnits(priceText);
  if (unitPrice === undefined) return `UnitPrice "${priceText}" is not an amount with at most two decimals`;
  const date = dateText.replace(' ', 'T');
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(date) || Number.isNaN(Date.parse(`${date}Z`)))
    return `InvoiceDate "${dateText}" is not a date and time`;
  const customer = /^(\d{1,10})(\.0)?$/.exec(customerText)?.[1];
  if (customerText !== '' && customer === undefined) return `CustomerID "${customerText}" is not a number`;
  const code = countryCode(country);
  if (code === undefined) return `Country "${country}" is not known`;
  const cancels = number.startsWith('C');
  if (!cancels && Number(quantityText) < 0 && unitPrice !== 0)
    return 'a negative quantity has a price outside a cancellation';
  if (cancels && Number(quantityText) > 0) return 'a cancellation has a positive quantity';

  const document = documents.get(number) ?? {
    number,
    date,
    country: code,
    lines: [],
    ...(customer !== undefined && { customer }),
  };
  if (document.customer !== customer) return `document ${number} names more than one customer`;
  documents.set(number, document);
  document.lines.push({
    line,
    sku: sku.toUpperCase().replaceAll(' ', '-'),
    description,
    quantity: Number(quantityText),
    unitPrice,
  });
  return undefined;
}

/** Pounds as the file writes them, in pence. */
function minorUnits(text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2})0*)?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}
