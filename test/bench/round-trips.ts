import * as z from 'zod';
import { startDynoxide } from '../builders/dynoxide.ts';
import { BundledFunctions, lambdaEnvironment } from './bundled-function.ts';
import { type CallCounter, countCalls } from './call-counter.ts';

const at = '2026-03-31T10:00:00.000Z';
const customerId = 'cus_juniper';
const sku = '85123A';

const Order = z.looseObject({ orderId: z.string(), totals: z.looseObject({ gross: z.int() }) });
const Shipment = z.looseObject({ shipmentId: z.string(), invoiceId: z.string() });
const Return = z.looseObject({ returnId: z.string() });

/** Far longer than it takes a function to send what it sends at once. */
const HOLD_MS = 50;

export type RoundTrips = { operation: string; requests: number; inSequence: number };

/**
 * Carries an order from click to cash through the bundles, with a counter between them and a real DynamoDB; twice, for
 * a function that is just being loaded sends what it sends at once with pauses between.
 * @returns for each operation how many round trips to the table it makes, and how many one after another
 */
export async function measureRoundTrips(): Promise<RoundTrips[]> {
  const dynoxide = await startDynoxide();
  const counter = await countCalls(dynoxide.endpoint, HOLD_MS);
  try {
    const { name } = await dynoxide.newTable();
    const functions = new BundledFunctions(lambdaEnvironment(counter.endpoint, name));
    await carryOrder(functions, counter, 'warming up');
    return await carryOrder(functions, counter, 'measured');
  } finally {
    await counter.close();
    await dynoxide.stop();
  }
}

async function carryOrder(
  functions: BundledFunctions,
  counter: CallCounter,
  pass: string,
): Promise<RoundTrips[]> {
  const measured: RoundTrips[] = [];
  const count = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    counter.reset();
    const result = await work();
    measured.push({ operation, ...counter.counted() });
    return result;
  };
  // The same lines twice within the hour would be looked at as a duplicate.
  const quantity = pass === 'measured' ? 6 : 5;
  const key = (value: string) => ({ 'idempotency-key': `${pass.replace(' ', '-')}-${value}` });

  await functions.request('http-customers', 'putCustomer', {
    params: { customerId },
    body: {
      name: 'Juniper & Finch Ltd',
      email: 'buying@juniper-finch.example',
      address: { lines: ['4 Sycamore Yard'], city: 'Bristol', postalCode: 'BS1 6XN', country: 'GB' },
      currency: 'GBP',
      paymentTermDays: 30,
      creditLimit: 500_000,
    },
  });
  await functions.request('http-products', 'putProduct', {
    params: { sku },
    body: { description: 'White hanging heart t-light holder', prices: { GBP: 295 } },
  });
  await functions.request('http-products', 'recordStockMovement', {
    params: { sku },
    headers: key('opening'),
    body: { quantity: 1000, reason: 'opening stock' },
  });

  const placed = await count('placeOrder', () =>
    functions.request('http-orders', 'placeOrder', {
      headers: key('order'),
      body: { customerId, currency: 'GBP', lines: [{ sku, quantity }] },
    }),
  );
  const { orderId, totals } = Order.parse(placed);
  await count('verify-order', () => functions.call('verify-order', { orderId, at }));
  await count('reserve-stock', () => functions.call('reserve-stock', { orderId, at }));
  await count('assess-credit', () => functions.call('assess-credit', { orderId, at }));
  await count('getOrder', () => functions.request('http-orders', 'getOrder', { params: { orderId } }));
  await count('listOrders', () => functions.request('http-orders', 'listOrders', { query: { customerId } }));

  const shipped = await count('createShipment', () =>
    functions.request('http-shipments', 'createShipment', {
      params: { orderId },
      headers: key('shipment'),
      body: { carrier: 'Royal Mail' },
    }),
  );
  const { shipmentId, invoiceId } = Shipment.parse(shipped);
  await count('issue-invoice', () => functions.call('issue-invoice', { orderId, data: { shipmentId }, at }));
  await count('getInvoice', () =>
    functions.request('http-invoices', 'getInvoice', { params: { invoiceId } }),
  );
  await count('listInvoices', () =>
    functions.request('http-invoices', 'listInvoices', { query: { customerId } }),
  );
  await count('recordPayment', () =>
    functions.request('http-payments', 'recordPayment', {
      headers: key('payment'),
      body: {
        customerId,
        method: 'bank_transfer',
        currency: 'GBP',
        amount: totals.gross,
        allocations: [{ invoiceId, amount: totals.gross }],
      },
    }),
  );
  const returned = await count('createReturn', () =>
    functions.request('http-returns', 'createReturn', {
      headers: key('return'),
      body: { customerId, invoiceId, reason: 'Arrived broken.', lines: [{ sku, quantity: 1 }] },
    }),
  );
  const { returnId } = Return.parse(returned);
  await count('getReturn', () => functions.request('http-returns', 'getReturn', { params: { returnId } }));
  await count('getCustomer', () =>
    functions.request('http-customers', 'getCustomer', { params: { customerId } }),
  );
  await count('getOrderTimeline', () =>
    functions.request('http-orders', 'getOrderTimeline', { params: { orderId } }),
  );
  return measured;
}
