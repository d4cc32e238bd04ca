import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ApiClient } from '../../infra/local/api-client.ts';
import { type LocalRun, startLocalRun } from '../../infra/local/local-run.ts';
import type { MeterSnapshot } from '../../infra/local/meter/meter.ts';

const customerId = 'cus_juniper';
const skus = Array.from({ length: 11 }, (_, index) => `2211${String(index).padStart(2, '0')}`);

const Order = z.looseObject({ orderId: z.string(), totals: z.looseObject({ gross: z.int() }) });
const Shipment = z.looseObject({ invoiceId: z.string() });
const Payment = z.looseObject({ unapplied: z.literal(0) });
const Anything = z.looseObject({});

/** Orders carried before those that are measured, so that functions run as they do in a busy stage. */
const WARMING_UP = 5;

export type Cycle = { lines: number; used: MeterSnapshot };

/**
 * What an order of one line and one of eleven use, once every function is warm.
 * @param cdkOut the output of `cdk synth`
 */
export async function measureCycles(cdkOut: string): Promise<Cycle[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'o2c-bench-'));
  const clockStart = '2026-03-02T09:00:00Z';
  const run = await startLocalRun({ port: 0, dataDir, cdkOut, fresh: true, clockStart, quiet: true });
  try {
    await openShop(run);
    for (let pass = 1; pass <= WARMING_UP; pass++) await measureCycle(run, 1, `warming-up-${pass}`, 6 + pass);
    const cycles: Cycle[] = [];
    for (const lines of [1, 11])
      cycles.push({ lines, used: await measureCycle(run, lines, `order-of-${lines}`) });
    return cycles;
  } finally {
    await run.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A customer with credit, and eleven products in stock. */
async function openShop(run: LocalRun): Promise<void> {
  const admin = new ApiClient(run.url, await run.tokens.issue('admin'));
  await admin.put(`/v1/customers/${customerId}`, {
    name: 'Juniper & Finch Ltd',
    email: 'buying@juniper-finch.example',
    address: { lines: ['4 Sycamore Yard'], city: 'Bristol', postalCode: 'BS1 6XN', country: 'GB' },
    currency: 'GBP',
    paymentTermDays: 30,
    creditLimit: 500_000,
  });
  for (const sku of skus) {
    await admin.put(`/v1/products/${sku}`, {
      description: 'White hanging heart holder',
      prices: { GBP: 295 },
    });
    const opening = { quantity: 1000, reason: 'opening stock', reference: 'opening' };
    await admin.post(`/v1/products/${sku}/stock-movements`, `opening-${sku}`, opening, Anything);
  }
  await run.quiesce();
}

/**
 * Carries one order from the click to the cash, through the API and everything that follows by itself: ordered without
 * a purchase-order number, confirmed, shipped in one parcel, invoiced, and paid by bank transfer.
 * @param lines 1 to 11
 * @param key what its idempotency keys begin with
 * @param quantity units of each line: the same lines twice within the hour would be held as a duplicate
 * @returns what that alone used
 */
async function measureCycle(run: LocalRun, lines: number, key: string, quantity = 6): Promise<MeterSnapshot> {
  const as = async (role: string, of?: string) => new ApiClient(run.url, await run.tokens.issue(role, of));
  const [customer, warehouse, finance] = [
    await as('customer', customerId),
    await as('warehouse'),
    await as('finance'),
  ];
  run.meter.reset();

  const wanted = skus.slice(0, lines).map((sku) => ({ sku, quantity }));
  const order = await customer.post('/v1/orders', `${key}-order`, { currency: 'GBP', lines: wanted }, Order);
  await run.quiesce();
  const shipment = await warehouse.post(
    `/v1/orders/${order.orderId}/shipments`,
    `${key}-shipment`,
    { carrier: 'Royal Mail', trackingNumber: 'RM100000001GB' },
    Shipment,
  );
  await run.quiesce();
  const amount = order.totals.gross;
  const transfer = {
    customerId,
    method: 'bank_transfer',
    currency: 'GBP',
    amount,
    allocations: [{ invoiceId: shipment.invoiceId, amount }],
  };
  await finance.post('/v1/payments', `${key}-payment`, transfer, Payment);
  await run.quiesce();
  return run.meter.snapshot();
}
