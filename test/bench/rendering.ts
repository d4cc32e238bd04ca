import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { aCompany } from '../builders/company.ts';
import { startDynoxide } from '../builders/dynoxide.ts';
import { BundledFunctions, bundleFile, lambdaEnvironment } from './bundled-function.ts';
import { median } from './machine.ts';

const at = '2026-03-31T10:00:00.000Z';
const customerId = 'cus_juniper';
const LINES = 20;
const WARMING_UP = 10;
const RUNS = 40;

const Order = z.looseObject({ orderId: z.string() });
const Shipment = z.looseObject({ shipmentId: z.string(), invoiceId: z.string() });
const Rendered = z.looseObject({ outcome: z.literal('rendered'), base64: z.string() });

export type Rendering = {
  lines: number;
  /** Milliseconds of a call of the warm function, with its reads of the table. */
  median: number;
  slowest: number;
  /** Of the PDF. */
  bytes: number;
};

/**
 * How long the warm bundle of `render-document` takes for the PDF of an invoice of 20 lines in euro, with logo, code and
 * button: in this process, with DynamoDB on this machine.
 */
export async function measureRendering(): Promise<Rendering> {
  const dynoxide = await startDynoxide();
  const secrets = await secretsManager();
  try {
    const { name } = await dynoxide.newTable();
    const [logo] = readdirSync(join(dirname(bundleFile('render-document')), 'logos'));
    const functions = new BundledFunctions({
      ...lambdaEnvironment(dynoxide.endpoint, name),
      COMPANY: JSON.stringify(aCompany(logo === undefined ? {} : { logo })),
      PUBLIC_URL: 'https://api.example.com',
      PAYMENT_SECRET_ID: 'payment',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    });
    const request = { kind: 'invoice', id: await issuedInvoice(functions), format: 'pdf' };
    const times: number[] = [];
    let bytes = 0;
    for (let run = 0; run < WARMING_UP + RUNS; run++) {
      const begun = performance.now();
      const answer = await functions.call('render-document', request);
      if (run >= WARMING_UP) times.push(performance.now() - begun);
      bytes = Buffer.from(Rendered.parse(answer).base64, 'base64').length;
    }
    return { lines: LINES, median: median(times), slowest: Math.max(...times), bytes };
  } finally {
    secrets.close();
    await dynoxide.stop();
  }
}

/** An invoice of 20 lines: ordered, shipped and issued by the functions themselves. @returns its id */
async function issuedInvoice(functions: BundledFunctions): Promise<string> {
  const key = (value: string) => ({ 'idempotency-key': `rendering-${value}` });
  await functions.request('http-customers', 'putCustomer', {
    params: { customerId },
    body: {
      name: 'Juniper & Finch Ltd',
      email: 'buying@juniper-finch.example',
      address: { lines: ['4 Sycamore Yard'], city: 'Bristol', postalCode: 'BS1 6XN', country: 'GB' },
      currency: 'EUR',
      creditLimit: 5_000_000,
    },
  });
  const skus = Array.from({ length: LINES }, (_, index) => `ITEM-${index + 1}`);
  for (const [index, sku] of skus.entries()) {
    await functions.request('http-products', 'putProduct', {
      params: { sku },
      body: { description: `Hanging heart no. ${index + 1}, white`, prices: { EUR: 295 + index } },
    });
    await functions.request('http-products', 'recordStockMovement', {
      params: { sku },
      headers: key(sku),
      body: { quantity: 100, reason: 'opening stock' },
    });
  }
  const placed = await functions.request('http-orders', 'placeOrder', {
    headers: key('order'),
    body: { customerId, currency: 'EUR', lines: skus.map((sku) => ({ sku, quantity: 6 })) },
  });
  const { orderId } = Order.parse(placed);
  await functions.call('verify-order', { orderId, at });
  await functions.call('assess-credit', { orderId, at });
  const shipped = await functions.request('http-shipments', 'createShipment', {
    params: { orderId },
    headers: key('shipment'),
    body: { carrier: 'Royal Mail' },
  });
  const { shipmentId, invoiceId } = Shipment.parse(shipped);
  await functions.call('issue-invoice', { orderId, data: { shipmentId }, at });
  return invoiceId;
}

/** Answers whatever it is asked with one secret. */
async function secretsManager(): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Name: 'payment', SecretString: 's'.repeat(64) }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}
