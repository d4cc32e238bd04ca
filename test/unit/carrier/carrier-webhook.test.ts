import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { instant } from '#shared/kernel/time.ts';
import { webhookSignature } from '#shared/payment/signature.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const later = '2026-03-05T15:30:00.000Z';

let company: Trading;
let orderId: string;
let secret: string;
beforeEach(async () => {
  company = trading();
  const { done } = company;
  await done('putPolicy', {
    params: { name: 'carriers' },
    body: {
      effectiveFrom: '2026-03-01',
      policy: {
        carriers: [
          { id: 'royal-mail', name: 'Royal Mail', trackingUrl: 'https://rm.example/{trackingNumber}' },
          { id: 'parcels', name: 'Parcels & Co' },
        ],
      },
    },
    at: '2026-02-28T09:00:00.000Z',
  });
  const customer = {
    name: 'Harbour Books',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 100_000,
  };
  await done('putCustomer', { params: { customerId: 'cus_harbour' }, body: customer, at });
  await done('putProduct', {
    params: { sku: 'MUG' },
    body: { description: 'Mug', prices: { GBP: 1_000 } },
    at,
  });
  await done('recordStockMovement', {
    params: { sku: 'MUG' },
    body: { quantity: 40, reason: 'received' },
    at,
  });
  orderId = await shipped('royal mail', 'RM1000');
  ({ secret } = await secretOf('royal-mail'));
});

const secretOf = (carrierId: string) =>
  company.done('getCarrierWebhookSecret', { params: { carrierId }, at: later });

async function shipped(carrier: string, trackingNumber: string): Promise<string> {
  const lines = [{ sku: 'MUG', quantity: 4 }];
  const placed = await company.done('placeOrder', {
    body: { customerId: 'cus_harbour', currency: 'GBP', poNumber: `PO-${carrier.length}`, lines },
    at,
  });
  const body = { carrier, packages: [{ trackingNumber, lines: [{ line: 1, quantity: 4 }] }] };
  await company.done('createShipment', { params: { orderId: placed.orderId }, body, at });
  return placed.orderId;
}

const delivered = {
  eventId: 'evt-1',
  type: 'delivered',
  trackingNumber: 'RM1000',
  occurredAt: '2026-03-05T16:20:00+01:00',
  proof: { signedBy: 'R. Bell', url: 'https://rm.example/proof/1' },
  depot: 'what the carrier adds is passed over',
};

function send(event: unknown, { with: key = secret, signedAt = later, carrierId = 'royal-mail' } = {}) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const headers = { 'carrier-signature': webhookSignature(key, instant(signedAt), body) };
  return company.ask('receiveCarrierWebhook', {
    params: { carrierId },
    body,
    headers,
    at: later,
  });
}

const statusOf = async (id = orderId) => (await company.done('getOrder', { params: { orderId: id } })).status;

describe('POST /webhooks/carriers/{carrierId}', () => {
  it('delivers what the number names, once, and tells where it can be followed', async () => {
    expect((await send(delivered)).json).toEqual({ result: 'applied' });
    const after = company.table.items();
    expect((await send(delivered)).json).toEqual({ result: 'repeated' });
    expect(company.table.items()).toEqual(after);
    expect(await statusOf()).toBe('delivered');
    const { items } = await company.done('listShipments', { params: { orderId }, at: later });
    expect(items[0].packages[0]).toMatchObject({
      trackingUrl: 'https://rm.example/RM1000',
      delivery: { state: 'delivered', since: '2026-03-05T15:20:00.000Z', proof: { signedBy: 'R. Bell' } },
    });
    expect((await checkInvariants(company.table.items())).violations).toEqual([]);
  });

  it('keeps two carriers with the same number apart', async () => {
    const other = await shipped('Parcels & Co', 'RM1000');
    expect((await send(delivered)).json).toEqual({ result: 'applied' });
    expect([await statusOf(), await statusOf(other)]).toEqual(['delivered', 'shipped']);
  });

  it.each([
    ['signed with another carrier’s secret', async () => ({ with: (await secretOf('parcels')).secret }), 400],
    ['signed six minutes ago', () => ({ signedAt: '2026-03-05T15:24:00.000Z' }), 400],
    ['of a carrier nobody knows', () => ({ carrierId: 'nobody' }), 404],
  ])('refuses an event %s, and writes nothing', async (_, how, status) => {
    const options = await how();
    const before = company.table.items();
    expect((await send(delivered, options)).status).toBe(status);
    expect(company.table.items()).toEqual(before);
  });

  it.each([
    ['no JSON', '{', 400, 'malformed_json'],
    ['no event', { eventId: 'evt-1' }, 422, 'validation_failed'],
    ['an unknown parcel', { ...delivered, trackingNumber: 'RM9999' }, 404, 'shipment_not_found'],
  ])('refuses %s', async (_, event, status, code) => {
    const before = company.table.items();
    const answer = await send(event);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(company.table.items()).toEqual(before);
  });

  it('takes another secret where the policy counts on', async () => {
    await company.done('putPolicy', {
      params: { name: 'carriers' },
      body: {
        effectiveFrom: '2026-03-05',
        policy: { carriers: [{ id: 'royal-mail', name: 'Royal Mail', secretVersion: 2 }] },
      },
      at: '2026-03-05T08:00:00.000Z',
    });
    expect((await send(delivered)).status).toBe(400);
    const renewed = await secretOf('royal-mail');
    expect(renewed).toMatchObject({ version: 2 });
    expect((await send(delivered, { with: renewed.secret })).json).toEqual({ result: 'applied' });
  });
});
