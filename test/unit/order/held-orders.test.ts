import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { factsIn } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-06T15:00:00.000Z'; // a Friday
const person = (sub: string, ...roles: ('sales' | 'credit' | 'finance' | 'support' | 'admin')[]) => ({
  sub,
  name: sub,
  roles,
});
const sue = person('sue', 'sales');
const sam = person('sam', 'sales');
const cara = person('cara', 'credit');

let company: Trading;
beforeEach(async () => {
  company = trading();
  const body = {
    name: 'Harbour Books',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 10_000,
    backorder: 'allow',
  };
  await company.done('putCustomer', { params: { customerId: 'cus_harbour' }, body, at });
  await company.done('putProduct', {
    params: { sku: 'MUG' },
    body: { description: 'Mug', prices: { GBP: 1_250 }, reorderPoints: { main: 35 } },
    at,
  });
  await company.done('recordStockMovement', {
    params: { sku: 'MUG' },
    body: { quantity: 40, reason: 'came' },
    at,
  });
});

async function placed(quantity: number, line: object = {}): Promise<string> {
  const body = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG', quantity, ...line }] };
  const as = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;
  return (await company.done('placeOrder', { body, at, as })).orderId;
}
/** For sales: the customer expects another price. */
const contested = (quantity = 4) => placed(quantity, { statedPrice: 1_000 });
/** For credit: 12 mugs come to GBP 180.00 with tax, and the limit is 100.00. */
const dear = () => placed(12);

const queue = async (query: Record<string, string> = {}, as = sue) =>
  (await company.done('listHeldOrders', { query, as, at })).items;
const ids = async (query: Record<string, string>, as = sue) =>
  (await queue(query, as)).map(({ orderId }: { orderId: string }) => orderId);
const claim = (orderId: string, as = sue, body: object = {}, when = at) =>
  company.ask('claimHeldOrder', { params: { orderId }, body, as, at: when });
const release = (orderId: string, as = sue, when = at) =>
  company.ask('releaseOrder', { params: { orderId }, body: { reason: 'agreed by phone' }, as, at: when });
const reject = (orderId: string, as = sue) =>
  company.ask('rejectOrder', { params: { orderId }, body: { reason: 'too cheap to ship' }, as, at });
const stock = async () => (await company.done('getProduct', { params: { sku: 'MUG' }, at })).stock;

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('the queue of held orders', () => {
  it('says why each waits, for which team and until when: opening hours, not the weekend', async () => {
    const orderId = await contested();
    expect(await queue()).toEqual([
      {
        orderId,
        customerId: 'cus_harbour',
        heldAt: at,
        currency: 'GBP',
        gross: 6_000,
        reasons: [{ code: 'price_differs', detail: 'line 1, MUG: stated GBP 10.00, ours GBP 12.50' }],
        // Two hours on Friday, six on Monday.
        hold: { team: 'sales', dueAt: '2026-03-09T15:00:00.000Z' },
        overdue: false,
      },
    ]);
    const tuesday = '2026-03-10T09:00:00.000Z';
    const later = await company.done('listHeldOrders', { as: sue, at: tuesday });
    expect(later.items[0].overdue).toBe(true);
  });

  it('is asked for a team’s, for one’s own and for what is overdue', async () => {
    const [sales, credit] = [await contested(), await dear()];
    expect(await ids({ team: 'sales' })).toEqual([sales]);
    expect(await ids({ team: 'credit' })).toEqual([credit]);
    await claim(sales);
    expect(await ids({ mine: 'true' })).toEqual([sales]);
    expect(await ids({ mine: 'true' }, sam)).toEqual([]);
    expect(await ids({ overdue: 'true' })).toEqual([]);
    await expectInvariants();
  });
});

describe('a claim', () => {
  it('is the first one’s: others are told who has it, until its time is over or they take it over', async () => {
    const orderId = await contested();
    expect((await claim(orderId)).json).toEqual({ by: 'sue', until: '2026-03-06T19:00:00.000Z' });
    const other = await claim(orderId, sam);
    expect([other.status, other.json.code, other.json.detail]).toEqual([
      409,
      'claimed_by_other',
      'sue works on it until 2026-03-06T19:00:00.000Z. Ask them, or take it over with a reason.',
    ]);
    expect((await release(orderId, sam)).json.code).toBe('claimed_by_other');
    expect((await claim(orderId, sam, { takeOver: 'Sue is ill' })).status).toBe(200);
    expect((await release(orderId, sue)).json.code).toBe('claimed_by_other');
    const hours = '2026-03-06T20:00:00.000Z';
    expect((await claim(orderId, sue, {}, hours)).status).toBe(200);
    expect(factsIn(company.table).filter(({ type }) => type === 'order.claimed')).toHaveLength(3);
    await expectInvariants();
  });

  it('of two at once is one', async () => {
    const orderId = await contested();
    const answers = await Promise.all([claim(orderId, sue), claim(orderId, sam)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('is given back, or ends with the decision; only held orders are claimed', async () => {
    const orderId = await contested();
    await claim(orderId);
    const give = (as: typeof sue) => company.ask('unclaimHeldOrder', { params: { orderId }, as, at });
    expect((await give(sam)).json.code).toBe('claimed_by_other');
    expect((await give(sue)).status).toBe(200);
    await claim(orderId, sam);
    expect((await release(orderId, sam)).status).toBe(200);
    expect(company.table.items(({ PK }) => PK.startsWith('claim_'))).toEqual([]);
    expect((await claim(orderId)).json.code).toBe('order_not_releasable');
  });
});

describe('a held order', () => {
  it('is decided by the team whose desk it lies on, or an administrator', async () => {
    const [sales, credit] = [await contested(), await dear()];
    expect((await release(sales, cara)).json).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await release(credit, sue)).status).toBe(403);
    expect((await reject(credit, sue)).status).toBe(403);
    expect((await release(sales, person('ada', 'admin'))).status).toBe(200);
    expect((await release(credit, cara)).status).toBe(200);
  });

  it('that is turned down gives its goods back, and the customer is told why', async () => {
    const orderId = await contested();
    expect(await stock()).toMatchObject({ available: 36, reserved: 4 });
    const { status, json } = await reject(orderId);
    expect([status, json.status, json.reasons]).toEqual([
      200,
      'rejected',
      [{ code: 'turned_down', detail: 'too cheap to ship' }],
    ]);
    expect(await stock()).toMatchObject({ available: 40, reserved: 0 });
    expect(await queue()).toEqual([]);
    expect((await reject(orderId)).json.code).toBe('order_not_releasable');
    await expectInvariants();
  });

  it('that waits for stock and is turned down waits no more', async () => {
    const orderId = await contested(50);
    const waiting = async () => (await company.done('listBackorders', { as: sue, at })).items;
    expect(await waiting()).toMatchObject([{ orderId, sku: 'MUG', units: 10 }]);
    expect((await company.done('listLowStock', { as: sue, at })).items).toEqual([
      { sku: 'MUG', warehouse: 'main', available: 0, reorderPoint: 35, since: at },
    ]);
    await reject(orderId);
    expect([await waiting(), (await stock()).available]).toEqual([[], 40]);
    await expectInvariants();
  });
});
