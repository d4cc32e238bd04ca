import { beforeEach, describe, expect, it } from 'vitest';
import { hashOfAddress } from '#shared/customer/blocked-address.ts';
import { isTaxId } from '#shared/customer/tax-id.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { addressFault } from '#shared/order/check-address.ts';
import { VerificationPolicy } from '#shared/order/verification-policy.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const leith = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
const harbour = {
  name: 'Harbour Books',
  email: 'orders@harbour.example',
  address: leith,
  currency: 'GBP',
  creditLimit: 10_000_000,
};
const buyer = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;

let company: Trading;
beforeEach(async () => {
  company = trading();
  await customer();
  await product('MUG', { prices: { GBP: 1_250 } });
});

const customer = (more: object = {}, customerId = 'cus_harbour') =>
  company.done('putCustomer', { params: { customerId }, body: { ...harbour, ...more }, at });
async function product(sku: string, body: object) {
  await company.done('putProduct', { params: { sku }, body: { description: sku, ...body }, at });
  await company.done('recordStockMovement', { params: { sku }, body: { quantity: 900, reason: 'in' }, at });
}
const policy = (name: string, body: object) =>
  company.done('putPolicy', { params: { name }, body: { effectiveFrom: '2026-03-03', policy: body }, at });
const order = (body: object, options: object = {}) =>
  company.ask('placeOrder', {
    body: { customerId: 'cus_harbour', currency: 'GBP', ...body },
    at,
    ...options,
  });
async function placed(body: object, options: object = {}) {
  const { status, json } = await order(body, options);
  expect([status, json.code]).toEqual([201, undefined]);
  return company.done('getOrder', { params: { orderId: json.orderId } });
}
const mugs = (quantity: number, more: object = {}) => ({ lines: [{ sku: 'MUG', quantity, ...more }] });
const reasonsOf = (found: { reasons?: { code: string }[] }) => found.reasons?.map(({ code }) => code);

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('the price of a line', () => {
  beforeEach(() =>
    product('MUG', {
      prices: { GBP: 1_250 },
      priceBreaks: {
        GBP: [
          { from: 10, unitPrice: 1_100 },
          { from: 100, unitPrice: 900 },
        ],
      },
    }),
  );
  const listed = (prices: object[]) =>
    company.ask('putListedPrice', { params: { priceListId: 'trade', sku: 'MUG' }, body: { prices }, at });

  it.each([
    [9, 1_250, undefined],
    [10, 1_100, 'volume_break'],
    [99, 1_100, 'volume_break'],
    [100, 900, 'volume_break'],
  ])('of %i units is the list price or what many cost: %i', async (quantity, unitPrice, priceSource) => {
    const { lines } = await placed(mugs(quantity));
    expect([lines[0].unitPrice, lines[0].priceSource]).toEqual([unitPrice, priceSource]);
  });

  it('is the customer’s price list’s before all others, on the days it holds', async () => {
    await listed([
      { currency: 'GBP', to: '2026-03-02', breaks: [{ from: 1, unitPrice: 1 }] },
      {
        currency: 'GBP',
        from: '2026-01-01',
        breaks: [
          { from: 1, unitPrice: 1_000 },
          { from: 100, unitPrice: 950 },
        ],
      },
      { currency: 'GBP', from: '2026-03-04', breaks: [{ from: 1, unitPrice: 2 }] },
      { currency: 'EUR', breaks: [{ from: 1, unitPrice: 3 }] },
    ]);
    const before = await placed(mugs(5));
    await customer({ priceListId: 'trade' });
    const few = await placed(mugs(6));
    const many = await placed(mugs(120));
    const figures = [before, few, many].map(({ lines: [line] }) => [line.unitPrice, line.priceSource]);
    expect(figures).toEqual([
      [1_250, undefined],
      [1_000, 'price_list'],
      [950, 'price_list'],
    ]);
    expect((await company.done('listListedPrices', { params: { priceListId: 'trade' } })).items).toHaveLength(
      1,
    );
    await expectInvariants();
  });

  it('is said of products there are, and once', async () => {
    const prices = [{ currency: 'GBP', breaks: [{ from: 1, unitPrice: 1_000 }] }];
    expect((await listed(prices)).status).toBe(201);
    expect([(await listed(prices)).status, (await listed(prices)).json.version]).toEqual([200, 1]);
    const params = { priceListId: 'trade', sku: 'NONE' };
    expect((await company.ask('putListedPrice', { params, body: { prices }, at })).status).toBe(404);
    const descending = [
      {
        currency: 'GBP',
        breaks: [
          { from: 5, unitPrice: 1 },
          { from: 5, unitPrice: 2 },
        ],
      },
    ];
    expect((await listed(descending)).status).toBe(422);
  });

  it('holds the order with both figures where the customer states another', async () => {
    const found = await placed(mugs(4, { statedPrice: 1_200 }), { as: buyer });
    expect(found).toMatchObject({
      status: 'held',
      reasons: [{ code: 'price_differs', detail: 'line 1, MUG: stated GBP 12.00, ours GBP 12.50' }],
      hold: { team: 'sales', dueAt: '2026-03-03T17:00:00.000Z' },
    });
    const same = await placed(mugs(6, { statedPrice: 1_250 }), { as: buyer });
    expect([same.status, same.lines[0].statedPrice]).toEqual(['confirmed', undefined]);
    await policy('verification', { priceTolerancePercent: '5' });
    expect((await placed(mugs(5, { statedPrice: 1_200 }))).status).toBe('confirmed');
  });
});

describe('an order is refused', () => {
  it.each([
    [{ only: ['DE'] }, 'is not sold to GB'],
    [{ except: ['GB'] }, 'is not sold to GB'],
    [{ from: '2026-03-04' }, 'is sold from 2026-03-04 on'],
    [{ to: '2026-03-02' }, 'was sold until 2026-03-02'],
  ])('of what is not sold there or then: %o', async (market, why) => {
    await product('RARE', { prices: { GBP: 500 }, market });
    const { status, json } = await order({
      lines: [
        { sku: 'MUG', quantity: 1 },
        { sku: 'RARE', quantity: 1 },
      ],
    });
    expect([status, json.code]).toEqual([422, 'product_not_sold']);
    expect(json.issues).toEqual([{ path: 'lines.1.sku', message: `RARE ${why}` }]);
  });

  it('below the least, but not from sales', async () => {
    await policy('verification', { minimumOrder: { GBP: 5_000 } });
    expect((await order(mugs(3), { as: buyer })).json).toMatchObject({ code: 'order_too_small' });
    expect((await order(mugs(4), { as: buyer })).status).toBe(201);
    expect((await order(mugs(3))).status).toBe(201);
  });

  it('without the purchase order that the customer wants on it', async () => {
    await customer({ purchaseOrderRequired: true });
    expect((await order(mugs(3))).json).toMatchObject({ status: 422, code: 'purchase_order_missing' });
    expect((await order({ ...mugs(3), poNumber: 'PO-1' })).status).toBe(201);
  });
});

describe('an order of the same lines', () => {
  it('is held within the hour, and names the other; another purchase, address or hour is not', async () => {
    const first = await placed(mugs(4));
    const again = await placed(mugs(4), { at: '2026-03-03T09:59:00.000Z' });
    expect(again.reasons).toEqual([
      {
        code: 'duplicate_order',
        detail: `the same lines as ${first.orderId} of 2026-03-03T09:00:00.000Z, 59 minutes apart`,
      },
    ]);
    expect((await placed({ ...mugs(4), poNumber: 'PO-9' })).status).toBe('confirmed');
    expect((await placed({ ...mugs(4), shipTo: { ...leith, lines: ['Dock 4'] } })).status).toBe('confirmed');
    expect((await placed(mugs(4), { at: '2026-03-03T10:00:00.000Z' })).status).toBe('confirmed');
    await expectInvariants();
  });

  it('sent twice at once is taken once and held once', async () => {
    const answers = await Promise.all([order(mugs(4)), order(mugs(4))]);
    const found = await Promise.all(
      answers.map(({ json }) => company.done('getOrder', { params: { orderId: json.orderId } })),
    );
    expect(found.map(({ status }) => String(status)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'confirmed',
      'held',
    ]);
  });

  it('is no duplicate of one that was cancelled', async () => {
    const { orderId } = await placed(mugs(4));
    await company.done('cancelOrder', { params: { orderId }, body: { reason: 'wrong address' }, at });
    expect((await placed(mugs(4))).status).toBe('confirmed');
    expect((await placed(mugs(4))).status).toBe('held');
    await expectInvariants();
  });

  it('goes on once someone released it', async () => {
    await placed(mugs(4));
    const { orderId } = await placed(mugs(4));
    await company.done('releaseOrder', {
      params: { orderId },
      body: { reason: 'wanted twice' },
      as: { sub: 'sue', name: 'Sue', roles: ['sales'] },
      at,
    });
    expect((await company.done('getOrder', { params: { orderId } })).status).toBe('confirmed');
  });
});

describe('the score of suspicion', () => {
  const hull = { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };

  it('says why, and holds nothing below the policy’s points', async () => {
    const found = await placed(mugs(400));
    expect(found.status).toBe('confirmed');
    expect(found.verification).toEqual({
      policyVersion: 'shipped-1',
      score: 40,
      signals: [
        {
          code: 'first_order',
          points: 40,
          detail: 'the first order is of GBP 6,000.00, more than GBP 5,000.00',
        },
      ],
    });
    expect((await placed(mugs(401))).verification).toEqual({ policyVersion: 'shipped-1', score: 0 });
  });

  it('holds an order to where a blocked customer sits, until that is blocked no more', async () => {
    await customer({ address: { ...hull, lines: ['DOCK 4,'] }, status: 'blocked' }, 'cus_rogue');
    const found = await placed({ ...mugs(4), shipTo: hull });
    expect(found).toMatchObject({
      status: 'held',
      reasons: [
        {
          code: 'fraud_suspected',
          detail: 'score 60 of 60: the same address as cus_rogue, who is blocked (60)',
        },
      ],
      hold: { team: 'finance' },
    });
    await customer({ address: hull, status: 'active' }, 'cus_rogue');
    expect((await placed({ ...mugs(5), shipTo: hull })).status).toBe('confirmed');
    await expectInvariants();
  });

  it('counts orders of a day and goods to another country', async () => {
    await policy('verification', { fraud: { velocity: { orders: 2, points: 30 }, holdFrom: 50 } });
    await product('VISA', {
      prices: { GBP: 100 },
      customs: { hsCode: '490199', origin: 'GB', weightGrams: 5 },
    });
    const nyc = { lines: ['1 Main Street'], city: 'New York', postalCode: '10001', country: 'US' };
    await placed(mugs(1));
    await placed(mugs(2));
    expect((await placed(mugs(3))).verification.score).toBe(30);
    const abroad = await placed({ lines: [{ sku: 'VISA', quantity: 1 }], shipTo: nyc });
    expect([abroad.verification.score, reasonsOf(abroad)]).toEqual([50, ['fraud_suspected']]);
    const nextWeek = '2026-03-10T09:00:00.000Z';
    expect((await placed(mugs(3), { at: nextWeek })).verification.score).toBe(0);
  });

  it('is for staff: customers don’t see it', async () => {
    const { json } = await order(mugs(400), { as: buyer });
    const seen = await company.done('getOrder', { params: { orderId: json.orderId }, as: buyer });
    expect(seen.verification).toBeUndefined();
  });
});

describe('an address', () => {
  const policyOf = VerificationPolicy.parse({});

  it.each([
    [leith, undefined],
    [{ ...leith, postalCode: 'eh6 6aa' }, undefined],
    [{ lines: ['1 Weg'], city: 'Oslo', country: 'NO' }, undefined],
    [{ ...leith, postalCode: undefined }, 'it has no postal code; GB writes'],
    [{ ...leith, postalCode: '12345' }, 'postal code 12345: GB writes'],
    [{ lines: ['3 Quay'], postalCode: 'EH6 6AA', country: 'GB' }, 'it has no city'],
    [
      { lines: ['Brühl 1'], city: 'Leipzig', postalCode: '4109', country: 'DE' },
      'DE writes postal codes as 99999',
    ],
  ])('%o', (address, fault) => {
    const found = addressFault(address, policyOf);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it('that is incomplete holds the order', async () => {
    const found = await placed({ ...mugs(4), shipTo: { lines: ['Dock 4'], city: 'Hull', country: 'GB' } });
    expect([found.status, reasonsOf(found)]).toEqual(['held', ['address_incomplete']]);
  });

  it('hashes alike however it is written', () => {
    expect(hashOfAddress(leith)).toBe(hashOfAddress({ ...leith, lines: [' 3, QUAY'], city: 'Edinburgh' }));
    expect(hashOfAddress(leith)).not.toBe(hashOfAddress({ ...leith, lines: ['4 Quay'] }));
  });
});

describe('a VAT id', () => {
  it.each([
    ['ATU13585627', 'AT', true],
    ['ATU13585626', 'AT', false],
    ['BE0428759497', 'BE', true],
    ['CHE-107.787.577 MWST', 'CH', true],
    ['CHE-107.787.578 MWST', 'CH', false],
    ['DE136695976', 'DE', true],
    ['DE136695978', 'DE', false],
    ['136695976', 'DE', true],
    ['EL094259216', 'GR', true],
    ['ESB58378431', 'ES', true],
    ['FR40303265045', 'FR', true],
    ['FR41303265045', 'FR', false],
    ['GB980780684', 'GB', true],
    ['XI980780684', 'GB', true],
    ['GB980780685', 'GB', false],
    ['IT00743110157', 'IT', true],
    ['NL004495445B01', 'NL', true],
    ['PL8567346215', 'PL', true],
    ['SE123456789701', 'SE', true],
    ['CA123456789', 'CA', true],
    ['12-3456789', 'US', true],
  ])('%s of %s: %s', (id, country, valid) => {
    expect(isTaxId(id, country)).toBe(valid);
  });

  it('that can be none is refused, and a customer who had it before may be changed otherwise', async () => {
    const body = { ...harbour, vatId: 'GB980780685' };
    const { status, json } = await company.ask('putCustomer', {
      params: { customerId: 'cus_new' },
      body,
      at,
    });
    expect([status, json.issues]).toEqual([422, [{ path: 'vatId', message: 'is no VAT id of its country' }]]);
  });
});
