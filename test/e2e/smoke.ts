import { expect, it } from 'vitest';
import * as z from 'zod';
import { type Caller, expectReply, Invoice, Order, Shipment } from './world.ts';

/**
 * The shortest way from click to cash that any stage must go, over HTTP and with nothing but a token of the group
 * `admin`. It leaves a customer, a product and a paid order behind, under names of their own.
 */
export function smoke(admin: () => Caller): void {
  it('carries an order from click to cash', async () => {
    const ask = admin();
    const name = `smoke-${Date.now().toString(36)}`;
    const customerId = `cus_${name}`;
    const sku = name.toUpperCase();
    const customer = {
      name: 'Smoke test',
      email: 'success@simulator.amazonses.com',
      address: { lines: ['1 Test Street'], city: 'London', postalCode: 'SW1A 1AA', country: 'GB' },
      currency: 'GBP',
      paymentTermDays: 30,
      creditLimit: 100_000,
    };
    expectReply(await ask('PUT', `/v1/customers/${customerId}`, { body: customer }), 201, z.unknown());
    const product = { description: 'Smoke test', prices: { GBP: 1000 } };
    expectReply(await ask('PUT', `/v1/products/${sku}`, { body: product }), 201, z.unknown());
    const stock = { key: `${name}-stock`, body: { quantity: 1, reason: 'smoke test' } };
    expectReply(await ask('POST', `/v1/products/${sku}/stock-movements`, stock), 201, z.unknown());

    const wanted = { key: name, body: { customerId, currency: 'GBP', lines: [{ sku, quantity: 1 }] } };
    const placed = await ask('POST', '/v1/orders', wanted);
    const { orderId, totals } = expectReply(placed, 201, Order);
    const replayed = await ask('POST', '/v1/orders', wanted);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(replayed.body).toEqual(placed.body);
    const soldOut = await ask('POST', '/v1/orders', { ...wanted, key: `${name}-2` });
    expect(soldOut).toMatchObject({ status: 409, body: { code: 'insufficient_stock' } });

    const order = () => ask('GET', `/v1/orders/${orderId}`);
    await expect.poll(async () => (await order()).body, patience).toMatchObject({ status: 'confirmed' });

    const parcel = { key: `${name}-parcel`, body: { carrier: 'Royal Mail' } };
    const shipped = await ask('POST', `/v1/orders/${orderId}/shipments`, parcel);
    const { invoiceId } = expectReply(shipped, 201, Shipment);
    const issued = () => ask('GET', `/v1/invoices/${invoiceId}`);
    await expect.poll(async () => (await issued()).status, patience).toBe(200);

    const amount = totals.gross;
    const transfer = { customerId, method: 'bank_transfer', currency: 'GBP', amount };
    const body = { ...transfer, allocations: [{ invoiceId, amount }] };
    expectReply(await ask('POST', '/v1/payments', { key: `${name}-payment`, body }), 201, z.unknown());
    expect(expectReply(await issued(), 200, Invoice)).toMatchObject({ status: 'paid', balance: 0 });
  }, 60_000);

  it('describes itself, and tells strangers nothing', async () => {
    const ask = admin();
    const document = await ask('GET', '/openapi.json');
    expect(document.body).toMatchObject({ openapi: '3.1.0' });
    const stranger = await ask('GET', '/v1/orders', { headers: { authorization: 'Bearer nobody' } });
    expect(stranger.status).toBe(401);
  });
}

/** A deployed stage has cold functions, and nobody is told when its workflows are done. */
const patience = { timeout: 20_000, interval: 250 };
