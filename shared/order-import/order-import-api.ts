import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { ImportResult, OrderImport, OrderImportId } from './order-import.ts';

const params = z.strictObject({ importId: OrderImportId });

const OrderImportView = OrderImport.omit({ byId: true, mayAgreePrices: true }).extend({
  /** Orders that were placed and that were not; `done` once these are all. */
  placed: z.int(),
  rejected: z.int(),
  state: z.enum(['working', 'done']),
  links: z.strictObject({ rejects: z.string(), document: z.string() }),
});

export const importOrders = contract({
  operationId: 'importOrders',
  description:
    'A CSV file in UTF-8, up to 5 MB and 4,500 orders: a header that names the columns, and a row for each line of an order. `order_ref` says which rows make an order; `currency`, `sku` and `quantity` are needed, and `customer_id` from staff; `po_number`, `requested_on`, `ship_to_line_1`, `ship_to_line_2`, `ship_to_city`, `ship_to_postal_code`, `ship_to_country` must be alike in all rows of an order; `unit_price` is for sales, `stated_price` what the customer expects, both as decimals. A column `error`, as the rejects have it, is passed over. The whole file is checked first: with a fault in it nothing is taken. Then its orders are placed, each whole or not at all: watch the import, and send what was rejected again once it is mended. The same file again is the same import; it needs no Idempotency-Key.',
  accepts: 'file',
  status: 201,
  alsoStatus: 200,
  response: OrderImportView,
  problems: ['order_import_invalid', 'body_too_large'],
});

export const getOrderImport = contract({
  operationId: 'getOrderImport',
  description: 'How far the import of a file of orders is.',
  params,
  status: 200,
  response: OrderImportView,
  problems: ['order_import_not_found'],
});

export const listImportRejects = contract({
  operationId: 'listImportRejects',
  description:
    'The orders of a file that were not placed, and why; as CSV with `format=csv`: their rows as they came, with the column `error`, to mend and send again.',
  params,
  query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
  status: 200,
  response: z.strictObject({ items: z.array(ImportResult.omit({ orderId: true })) }),
  texts: ['text/csv'],
  problems: ['order_import_not_found'],
});

export const getImportDocument = contract({
  operationId: 'getImportDocument',
  description: 'The file as it came.',
  params,
  status: 200,
  texts: ['text/csv'],
  problems: ['order_import_not_found'],
});

/** How an import stands, from the progress of its chunks. */
export function orderImportView(
  { byId: _id, mayAgreePrices: _may, ...head }: OrderImport,
  progress: readonly { placed: number; rejected: number }[],
): z.infer<typeof OrderImportView> {
  const placed = progress.reduce((sum, chunk) => sum + chunk.placed, 0);
  const rejected = progress.reduce((sum, chunk) => sum + chunk.rejected, 0);
  const self = `/v1/orders/imports/${head.importId}`;
  return {
    ...head,
    placed,
    rejected,
    state: placed + rejected === head.orders ? 'done' : 'working',
    links: { rejects: `${self}/rejects`, document: `${self}/document` },
  };
}
