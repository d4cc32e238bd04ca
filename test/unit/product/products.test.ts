import { describe, expect, it, vi } from 'vitest';
import { reserveStock } from '#shared/stock/stock-store.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '#test/builders/company.ts';
import { send, type Token } from '#test/builders/http-event.ts';
import { lambdaTable as table } from '#test/builders/lambda-table.ts';

vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
process.env['COMPANY'] = JSON.stringify(aCompany());
const { handler } = await import('../../../functions/http/products.ts');

const sally: Token = { sub: 'sally', name: 'Sally Sales', roles: ['sales'] };
const wendy: Token = { sub: 'wendy', name: 'Wendy Ware', roles: ['warehouse'] };
const buyer: Token = { sub: 'buyer', roles: ['customer'], customerId: 'cus_bluebell' };
const holder = { description: 'White hanging heart t-light holder', prices: { GBP: 295, EUR: 340 } };

const put = (sku: string, body: unknown = holder, headers: Record<string, string> = {}) =>
  send(handler, 'putProduct', { params: { sku }, body, as: sally, headers, at: '2026-03-31T10:00:00.000Z' });
const get = (sku: string, as: Token = wendy) => send(handler, 'getProduct', { params: { sku }, as });
const move = (sku: string, body: unknown, key: string) =>
  send(handler, 'recordStockMovement', {
    params: { sku },
    body,
    as: wendy,
    headers: { 'idempotency-key': key },
    at: '2026-03-31T11:00:00.000Z',
  });
const of = (sku: string) => table.items().filter((item) => item.PK === `sku_${sku}`);

describe('putting a product', () => {
  it('creates goods with an empty stock and tells of it in one fact', async () => {
    expect(await put('NEW')).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      json: {
        ...holder,
        sku: 'NEW',
        kind: 'goods',
        taxClass: 'standard',
        version: 1,
        stock: { onHand: 0, reserved: 0, available: 0 },
      },
    });
    expect(of('NEW').find((item) => item.SK === 'STOCK')).toEqual({
      ...keys.stock('NEW'),
      sku: 'NEW',
      onHand: 0,
      reserved: 0,
      available: 0,
      version: 0,
    });
    expect(of('NEW')).toContainEqual(
      expect.objectContaining({
        type: 'product.saved',
        actor: 'Sally Sales',
        data: { sku: 'NEW', prices: { GBP: 295, EUR: 340 } },
      }),
    );
  });

  it('keeps no stock of a charge', async () => {
    const answer = await put('POST', { ...holder, kind: 'charge' });
    expect(answer.json.stock).toBeUndefined();
    expect(of('POST').map((item) => item.SK)).not.toContain('STOCK');
  });

  it('exempt from tax says why, and only then', async () => {
    const exemption = { code: 'VATEX-EU-132-1I', reason: 'Education' };
    expect(
      await put('COURSE', { ...holder, taxClass: 'exempt', exemption, supply: 'service' }),
    ).toMatchObject({
      status: 201,
      json: { taxClass: 'exempt', exemption, supply: 'service' },
    });
    const refused = { status: 422, json: { code: 'validation_failed', issues: [{ path: 'exemption' }] } };
    expect(await put('WHY', { ...holder, taxClass: 'exempt' })).toMatchObject(refused);
    expect(await put('WHY', { ...holder, exemption })).toMatchObject(refused);
  });

  it('again with the same content writes nothing', async () => {
    await put('SAME');
    const before = of('SAME');
    expect(await put('SAME')).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(of('SAME')).toEqual(before);
  });

  it('changes the price and leaves the stock', async () => {
    await put('PRICE');
    await move('PRICE', { quantity: 10, reason: 'goods received' }, 'price-1');
    const answer = await put('PRICE', { ...holder, prices: { GBP: 310 } }, { 'if-match': '"1"' });
    expect(answer).toMatchObject({
      status: 200,
      json: { prices: { GBP: 310 }, version: 2, stock: { onHand: 10 } },
    });
    expect((await put('PRICE', holder, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('can’t make goods a charge', async () => {
    await put('KIND');
    expect(await put('KIND', { ...holder, kind: 'charge' })).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'kind', message: 'must stay goods' }] },
    });
  });

  it.each([
    ['a price in no currency', { ...holder, prices: { QQQ: 1 } }, 'prices.QQQ'],
    ['a price below zero', { ...holder, prices: { GBP: -1 } }, 'prices.GBP'],
    ['half a penny', { ...holder, prices: { GBP: 0.5 } }, 'prices.GBP'],
  ])('is refused for %s', async (_, body, path) => {
    expect((await put('BAD', body)).json).toMatchObject({ code: 'validation_failed' });
    expect(JSON.stringify((await put('BAD', body)).json.issues)).toContain(path.split('.')[0]);
    expect(of('BAD')).toEqual([]);
  });
});

describe('the stock of a product', () => {
  it('is shown whole to staff, and to customers as what they may order', async () => {
    await put('SHOW');
    await move('SHOW', { quantity: 12, reason: 'goods received' }, 'show-1');
    await table.write(reserveStock({ sku: 'SHOW', quantity: 5 }));
    expect((await get('SHOW')).json.stock).toEqual({ available: 7, onHand: 12, reserved: 5 });
    expect((await get('SHOW', buyer)).json.stock).toEqual({ available: 7 });
  });

  it('grows by what came in, and tells of it in one fact', async () => {
    await put('GROW');
    const answer = await move(
      'GROW',
      { quantity: 240, reason: 'goods received', reference: 'DN-17' },
      'grow-1',
    );
    expect(answer).toMatchObject({
      status: 201,
      json: {
        sku: 'GROW',
        movement: 1,
        quantity: 240,
        reason: 'goods received',
        reference: 'DN-17',
        at: '2026-03-31T11:00:00.000Z',
        by: 'Wendy Ware',
      },
    });
    expect((await get('GROW')).json.stock).toEqual({ available: 240, onHand: 240, reserved: 0 });
    expect(of('GROW')).toContainEqual(
      expect.objectContaining({
        SK: 'FACT#stock-000001',
        type: 'stock.moved',
        data: { sku: 'GROW', quantity: 240, reason: 'goods received', reference: 'DN-17' },
      }),
    );
  });

  it('is moved once by one key, and the repetition is answered as the first time', async () => {
    await put('ONCE');
    const first = await move('ONCE', { quantity: 5, reason: 'goods received' }, 'once-1');
    await move('ONCE', { quantity: 7, reason: 'goods received' }, 'once-2');
    const again = await move('ONCE', { quantity: 5, reason: 'goods received' }, 'once-1');
    expect(again).toMatchObject({
      status: 201,
      json: first.json,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect((await get('ONCE')).json.stock.onHand).toBe(12);
    expect((await move('ONCE', { quantity: 6, reason: 'goods received' }, 'once-1')).json.code).toBe(
      'idempotency_key_reused',
    );
  });

  it('is moved once by one delivery note, whatever the key', async () => {
    await put('NOTE');
    await move('NOTE', { quantity: 5, reason: 'goods received', reference: 'DN-18' }, 'note-1');
    expect(
      await move('NOTE', { quantity: 5, reason: 'goods received', reference: 'DN-18' }, 'note-2'),
    ).toMatchObject({
      status: 409,
      json: { code: 'stock_reference_reused' },
    });
    expect((await get('NOTE')).json.stock.onHand).toBe(5);
  });

  it('can lose what is not promised, and no unit more', async () => {
    await put('LOSE');
    await move('LOSE', { quantity: 10, reason: 'goods received' }, 'lose-1');
    await table.write(reserveStock({ sku: 'LOSE', quantity: 4 }));
    expect(await move('LOSE', { quantity: -7, reason: 'count' }, 'lose-2')).toMatchObject({
      status: 409,
      json: { code: 'insufficient_stock', issues: [{ path: 'quantity', message: 'must be at least -6' }] },
    });
    expect((await move('LOSE', { quantity: -6, reason: 'count' }, 'lose-3')).status).toBe(201);
    expect((await get('LOSE')).json.stock).toEqual({ available: 0, onHand: 4, reserved: 4 });
  });

  it('takes two movements at once, one after the other', async () => {
    await put('RACE');
    const both = await Promise.all([
      move('RACE', { quantity: 3, reason: 'goods received' }, 'race-1'),
      move('RACE', { quantity: 4, reason: 'goods received' }, 'race-2'),
    ]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect((await get('RACE')).json.stock.onHand).toBe(7);
  });

  it.each([0, 1.5, 1_000_000_001, -1_000_000_001, '5'])('can’t be moved by %s', async (quantity) => {
    await put('ODD');
    expect(await move('ODD', { quantity, reason: 'count' }, 'odd-1')).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'quantity' }] },
    });
  });

  it('is not kept of what is no product', async () => {
    expect(await move('GHOST', { quantity: 1, reason: 'count' }, 'ghost-1')).toMatchObject({
      status: 404,
      json: { code: 'product_not_found' },
    });
    expect((await get('GHOST')).status).toBe(404);
  });
});
