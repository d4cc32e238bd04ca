import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { type ApiClient, ApiProblem } from '../api-client.ts';
import { inTurn } from './in-turn.ts';
import { progress } from './progress.ts';
import type { SourceDocument, SourceLine } from './read-orders.ts';
import {
  COUNTER,
  customerIdOf,
  customersOf,
  productsOf,
  type StockCorrection,
  type Work,
} from './sort-documents.ts';

/** How many requests are under way at once. */
const WIDTH = 8;

export type ImportOptions = {
  currency: string;
  /** For customers the import creates, minor units. The counter pays at once and gets a hundred times that. */
  creditLimit: number;
  paymentTermDays: number;
};

/** What became of an order of the file. */
export type ImportedOrder = { number: string; orderId: string; customerId: string };

const Created = z.looseObject({ orderId: z.string() });
const Decided = z.looseObject({ status: z.string() });
const Found = z.looseObject({ items: z.array(Created) });
const Anything = z.looseObject({});

/**
 * Brings a file's customers, products, stock, orders and returns in through the API, as sales, warehouse and finance
 * would. Everything bears the file's own numbers, so doing it again, or going on after it broke off, adds nothing.
 */
export async function importDay(
  api: ApiClient,
  work: Work,
  options: ImportOptions,
): Promise<ImportedOrder[]> {
  const imported: ImportedOrder[] = [];
  const opening = `opening-${fingerprint(work)}`;
  await each('customers', customersOf(work), undefined, (customer) =>
    api.put(`/v1/customers/${customer.customerId}`, {
      name: customer.name,
      email: `${customer.customerId.replace('_', '-')}@example.com`,
      address: { lines: ['Address on file'], country: customer.country },
      currency: options.currency,
      paymentTermDays: customer.customerId === COUNTER ? 0 : options.paymentTermDays,
      creditLimit: customer.customerId === COUNTER ? options.creditLimit * 100 : options.creditLimit,
    }),
  );
  await each(
    'products',
    productsOf(work),
    undefined,
    async ({ sku, description, price, charge, openingStock }) => {
      await api.put(`/v1/products/${sku}`, {
        description,
        kind: charge ? 'charge' : 'goods',
        prices: { [options.currency]: price },
        // The file says nothing of customs: what all of it is declared as, so that exports can leave.
        ...(!charge && { customs: { hsCode: '950510', origin: 'GB', weightGrams: 250 } }),
      });
      if (openingStock > 0) await moveStock(api, sku, openingStock, 'opening stock', opening);
    },
  );
  await each(
    'stock corrections',
    work.corrections,
    ({ line }) => line.sku,
    (correction) => correctStock(api, correction),
  );
  // A customer's orders one after another: whether credit holds the second depends on the first.
  await each('orders', work.orders, customerIdOf, async (document) => {
    imported.push(await importOrder(api, document, options));
  });
  await each('returns', work.returns, customerIdOf, (document) => importReturn(api, document));
  return imported;
}

async function each<T>(
  title: string,
  items: readonly T[],
  group: ((item: T) => string) | undefined,
  work: (item: T) => Promise<void>,
) {
  const bar = progress(title, items.length);
  await inTurn(items, { width: WIDTH, ...(group && { group }) }, async (item) => {
    await work(item);
    bar.step();
  });
  bar.end();
}

async function importOrder(
  api: ApiClient,
  document: SourceDocument,
  { currency }: ImportOptions,
): Promise<ImportedOrder> {
  const customerId = customerIdOf(document);
  const { number } = document;
  const known = await api.get(`/v1/orders?customerId=${customerId}&poNumber=${number}`, Found);
  const { orderId } =
    known.items[0] ??
    (await api.post(
      '/v1/orders',
      `order-${number}`,
      {
        customerId,
        currency,
        poNumber: number,
        documentDate: document.date.slice(0, 10),
        channel: document.customer === undefined ? 'counter' : 'import',
        lines: document.lines.map(orderLine),
      },
      Created,
    ));
  await decided(api, orderId);
  return { number, orderId, customerId };
}

const orderLine = ({ sku, quantity, unitPrice, description }: SourceLine) => ({
  sku,
  quantity,
  unitPrice,
  description,
});

/** Waits until `accept-order` has decided. */
async function decided(api: ApiClient, orderId: string): Promise<void> {
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 500)) {
    const { status } = await api.get(`/v1/orders/${orderId}`, Decided);
    if (status !== 'placed') return;
    await pause(wait);
  }
}

async function importReturn(api: ApiClient, document: SourceDocument): Promise<void> {
  const body = {
    customerId: customerIdOf(document),
    reference: document.number,
    documentDate: document.date.slice(0, 10),
    reason: 'returned goods',
    lines: document.lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity: -quantity, unitPrice })),
  };
  await api.post('/v1/returns', `return-${document.number}`, body, Anything);
}

async function correctStock(api: ApiClient, { number, line }: StockCorrection): Promise<void> {
  const reason = line.description === '' ? 'stock count' : `stock count: ${line.description}`;
  await moveStock(api, line.sku, line.quantity, reason, `${number}-${line.line}`);
}

/** The reference is the movement's own number: the same one is taken once, for ever. */
async function moveStock(
  api: ApiClient,
  sku: string,
  quantity: number,
  reason: string,
  reference: string,
): Promise<void> {
  try {
    await api.post(
      `/v1/products/${sku}/stock-movements`,
      `stock-${sku}-${reference}`,
      { quantity, reason, reference },
      Anything,
    );
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'stock_reference_reused')) throw error;
  }
}

/** Short name of a file's content. */
function fingerprint(work: Work): string {
  const numbers = [...work.orders, ...work.returns].map(({ number }) => number);
  return createHash('sha256').update(numbers.join()).digest('hex').slice(0, 12);
}
