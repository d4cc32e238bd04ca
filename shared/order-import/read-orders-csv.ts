import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { CustomerId, Sku } from '../kernel/ids.ts';
import { Currency, parseAmount } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { PlaceOrderRequest } from '../order/order-api.ts';

/** An order as it stands in the file; `row` is the first of its rows, the header being row 1. */
export const FileOrder = z.strictObject({
  row: z.int().min(2),
  ref: z.string(),
  customerId: CustomerId,
  request: PlaceOrderRequest,
});
export type FileOrder = z.infer<typeof FileOrder>;

const columns = [
  'order_ref',
  'customer_id',
  'currency',
  'po_number',
  'requested_on',
  'ship_to_line_1',
  'ship_to_line_2',
  'ship_to_city',
  'ship_to_postal_code',
  'ship_to_country',
  'sku',
  'quantity',
  'unit_price',
  'stated_price',
  'error',
] as const;
type ColumnName = (typeof columns)[number];

const needed = ['order_ref', 'currency', 'sku', 'quantity'] as const satisfies readonly ColumnName[];
/** What all rows of an order say alike. */
const headColumns = columns.slice(1, 10);

const Decimal = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'must be an amount such as 12.50');
const Row = z.object({
  order_ref: z.string().regex(/^[\w./-]{1,40}$/, 'must be 1 to 40 letters, digits or . / - _'),
  customer_id: CustomerId.optional(),
  currency: Currency,
  po_number: PlaceOrderRequest.shape.poNumber,
  requested_on: CalendarDate.optional(),
  ship_to_line_1: z.string().max(100).optional(),
  ship_to_line_2: z.string().max(100).optional(),
  ship_to_city: z.string().max(60).optional(),
  ship_to_postal_code: z.string().max(20).optional(),
  ship_to_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB')
    .optional(),
  sku: Sku,
  quantity: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(1_000_000)),
  unit_price: Decimal.optional(),
  stated_price: Decimal.optional(),
});
type Row = z.infer<typeof Row>;
type Cells = Readonly<Partial<Record<ColumnName, string>>>;

/** No more faults are told of one file. */
const MAX_ISSUES = 50;

/** What of a file is read besides its orders. */
export type OrdersFile = { readonly rows: number; readonly orders: readonly FileOrder[] };

/**
 * Reads a file of orders: UTF-8, comma or semicolon, a header that names the columns in any order, a row for each line of
 * an order; rows of one `order_ref` and customer make an order. The whole file is checked before anything is made of it.
 * @param own the customer who sends it, whose orders they all must be
 * @throws DomainError `order_import_invalid` with row and column of what is wrong
 */
export function readOrdersCsv(content: Uint8Array, own: CustomerId | undefined): OrdersFile {
  const records = recordsOf(content);
  const issues: FieldIssue[] = [];
  const fault = (row: number, column: string, message: string) =>
    issues.push({ path: `row ${row}, ${column}`, message });
  const orders = new Map<string, { first: Cells; order: FileOrder }>();
  records.forEach((cells, index) => {
    const number = index + 2;
    const row = rowOf(cells, number, fault);
    const customerId = row && customerOf(row, own, number, fault);
    if (!row || !customerId) return;
    const line = lineOf(row, number, fault);
    const key = `${customerId} ${row.order_ref}`;
    const known = orders.get(key);
    if (!known) {
      const request = { ...headOf(row, number, fault), lines: [line] };
      orders.set(key, { first: cells, order: { row: number, ref: row.order_ref, customerId, request } });
      return;
    }
    const differs = headColumns.find((column) => cells[column] !== known.first[column]);
    if (differs) fault(number, differs, `differs from row ${known.order.row} of the same order`);
    known.order.request.lines.push(line);
  });
  if (issues.length > 0) throw refused('Nothing was taken of the file: mend the rows in `issues`.', issues);
  return { rows: records.length, orders: [...orders.values()].map(({ order }) => order) };
}

/** The rows of some orders as they stand in a file, with why each was refused: to mend and send again. */
export function rejectedRows(
  content: Uint8Array,
  own: CustomerId | undefined,
  rejects: ReadonlyMap<string, string>,
): Record<string, string>[] {
  return recordsOf(content).flatMap((cells) => {
    const key = `${cells.customer_id ?? own ?? ''} ${cells.order_ref ?? ''}`;
    const error = rejects.get(key);
    return error === undefined ? [] : [{ ...cells, error }];
  });
}

/** The same as CSV. */
export function writeRejects(rows: readonly Record<string, string>[]): string {
  const used = columns.filter((column) => rows.some((row) => row[column] !== undefined));
  return stringify([...rows], { header: true, columns: used, record_delimiter: 'windows' });
}

function recordsOf(content: Uint8Array): Cells[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw refused('The file is not UTF-8. Save it as CSV in UTF-8.', []);
  }
  const header = text.slice(0, text.search(/[\r\n]/) + 1 || undefined);
  const delimiter = header.includes(';') && !header.includes(',') ? ';' : ',';
  try {
    const records: unknown = parse(text, {
      bom: true,
      columns: columnsOf,
      delimiter,
      skip_empty_lines: true,
      trim: true,
    });
    const found = z.array(z.record(z.string(), z.string())).parse(records);
    if (found.length === 0) throw refused('The file has no rows below its header.', []);
    return found.map((record) =>
      Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refused(`The file is no CSV: ${error.message}`, [
      { path: `row ${String(error.lines)}`, message: error.message },
    ]);
  }
}

function columnsOf(header: string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !columns.some((column) => column === name));
  const missing = needed.filter((column) => !names.includes(column));
  if (unknown.length === 0 && missing.length === 0 && new Set(names).size === names.length) return names;
  throw refused(`The first row names the columns, of these: ${columns.join(', ')}.`, [
    ...unknown.map((name) => ({ path: `row 1, ${name}`, message: 'is no column' })),
    ...missing.map((name) => ({ path: `row 1, ${name}`, message: 'is missing' })),
  ]);
}

type Fault = (row: number, column: string, message: string) => void;

function rowOf(cells: Cells, number: number, fault: Fault): Row | undefined {
  const row = Row.safeParse(cells);
  if (row.success) return row.data;
  for (const { path, message } of row.error.issues) fault(number, String(path[0]), message);
  return undefined;
}

function customerOf(
  row: Row,
  own: CustomerId | undefined,
  number: number,
  fault: Fault,
): CustomerId | undefined {
  if (own !== undefined && row.customer_id !== undefined && row.customer_id !== own) {
    fault(number, 'customer_id', 'is another customer than you');
    return undefined;
  }
  const customerId = row.customer_id ?? own;
  if (customerId === undefined) fault(number, 'customer_id', 'is missing');
  return customerId;
}

function lineOf(row: Row, number: number, fault: Fault): PlaceOrderRequest['lines'][number] {
  const price = (column: 'unit_price' | 'stated_price') => {
    const text = row[column];
    const amount = text === undefined ? undefined : parseAmount(text, row.currency);
    if (text !== undefined && amount === undefined) fault(number, column, `is no amount of ${row.currency}`);
    return amount;
  };
  const [unitPrice, statedPrice] = [price('unit_price'), price('stated_price')];
  return {
    sku: row.sku,
    quantity: row.quantity,
    ...(unitPrice !== undefined && { unitPrice }),
    ...(statedPrice !== undefined && { statedPrice }),
  };
}

function headOf(row: Row, number: number, fault: Fault): Omit<PlaceOrderRequest, 'lines'> {
  const { currency, po_number: poNumber, requested_on: requestedOn, ship_to_country: country } = row;
  const lines = [row.ship_to_line_1, row.ship_to_line_2].filter((line) => line !== undefined);
  if ((country === undefined) !== (lines.length === 0)) {
    fault(number, 'ship_to_country', 'goes with ship_to_line_1: an address has both');
  }
  return {
    currency,
    ...(poNumber !== undefined && { poNumber }),
    ...(requestedOn !== undefined && { requestedOn }),
    ...(country !== undefined && {
      shipTo: {
        lines,
        country,
        ...(row.ship_to_city !== undefined && { city: row.ship_to_city }),
        ...(row.ship_to_postal_code !== undefined && { postalCode: row.ship_to_postal_code }),
      },
    }),
  };
}

function refused(detail: string, issues: readonly FieldIssue[]): DomainError {
  return new DomainError('order_import_invalid', detail, { issues: issues.slice(0, MAX_ISSUES) });
}
