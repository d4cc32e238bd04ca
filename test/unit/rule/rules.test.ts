import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { applyRules, type RuleVersion } from '#shared/rule/apply-rules.ts';
import { Rule } from '#shared/rule/rule.ts';
import { RuleId } from '#shared/rule/rule-effects.ts';
import { operators, ruleFields } from '#shared/rule/rule-fields.ts';
import { keys } from '#shared/table/keys.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { factsIn } from '#test/builders/house.ts';
import { anOrder, anOrderLine } from '#test/builders/order.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const today = CalendarDate.parse('2026-03-03');
const buyer = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;
const sue = { sub: 'sue', name: 'Sue', roles: ['sales'] } as const;
const fay = { sub: 'fay', name: 'Fay', roles: ['finance'] } as const;

let company: Trading;
beforeEach(async () => {
  company = trading();
  const body = {
    name: 'Harbour Books',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
    currency: 'GBP',
    creditLimit: 10_000_000,
  };
  await company.done('putCustomer', { params: { customerId: 'cus_harbour' }, body, at });
  for (const [sku, more] of [
    ['MUG', {}],
    ['VASE', { group: 'fragile' }],
  ] as const) {
    const product = { description: sku, prices: { GBP: 1_250 }, ...more };
    await company.done('putProduct', { params: { sku }, body: product, at });
    await company.done('recordStockMovement', {
      params: { sku },
      body: { quantity: 90, reason: 'came' },
      at,
    });
  }
});

const put = (ruleId: string, rule: object, options: object = {}) =>
  company.ask('putRule', {
    params: { ruleId },
    body: { name: ruleId, active: true, ...rule },
    as: sue,
    at,
    ...options,
  });
async function placed(sku: string, quantity: number) {
  const body = { currency: 'GBP', lines: [{ sku, quantity }] };
  const { orderId } = await company.done('placeOrder', { body, at, as: buyer });
  return company.done('getOrder', { params: { orderId } });
}
const fragile = { field: 'skuGroups', is: 'has', value: 'fragile' };
const large = { field: 'gross', is: 'above', value: 10_000 };

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('a rule', () => {
  it('does to an order what it says, and the order shows which rules did what', async () => {
    const then = { priority: 'high', tags: ['fragile'], notify: ['packing@example.com'] };
    expect((await put('fragile', { when: fragile, then })).status).toBe(201);
    const mug = await placed('MUG', 1);
    expect([mug.status, mug.rules, mug.priority]).toEqual(['confirmed', undefined, undefined]);
    const vase = await placed('VASE', 1);
    expect(vase).toMatchObject({
      status: 'confirmed',
      priority: 'high',
      tags: ['fragile'],
      rules: [{ ruleId: 'fragile', version: 1, did: then }],
    });
    const told = factsIn(company.table).filter(({ type }) => type === 'rule.notified');
    expect(told.map(({ data }) => data)).toEqual([
      { orderId: vase.orderId, ruleIds: ['fragile'], to: ['packing@example.com'] },
    ]);
    const seen = await company.done('getOrder', { params: { orderId: vase.orderId }, as: buyer });
    expect(seen.rules).toBeUndefined();
    await expectInvariants();
  });

  it('holds for a team and for the approval of a role, which alone may give it', async () => {
    await put('large', { when: large, then: { hold: 'support', approval: 'finance' } });
    const order = await placed('MUG', 12);
    expect(order).toMatchObject({
      status: 'held',
      reasons: [{ code: 'held_by_rule', detail: 'rule large, version 1, for the approval of finance' }],
      hold: { team: 'support', approval: 'finance' },
    });
    const release = (as: typeof sue | typeof fay) =>
      company.ask('releaseOrder', {
        params: { orderId: order.orderId },
        body: { reason: 'seen' },
        as,
        at,
      });
    expect((await release(sue)).status).toBe(403);
    expect((await release(fay)).status).toBe(200);
    expect((await company.done('getOrder', { params: { orderId: order.orderId } })).status).toBe('confirmed');
    await expectInvariants();
  });

  it('routes to a warehouse that has the goods, and to none that takes no orders any more', async () => {
    const warehouses = [
      { id: 'main', name: 'Main' },
      { id: 'north', name: 'North' },
    ];
    const policy = (body: object, effectiveFrom = '2026-03-03') =>
      company.done('putPolicy', {
        params: { name: 'warehouses' },
        body: { effectiveFrom, policy: body },
        at,
      });
    expect((await put('north', { when: large, then: { warehouse: 'north' } })).json.code).toBe(
      'warehouse_not_found',
    );
    await policy({ warehouses });
    await company.done('recordStockMovement', {
      params: { sku: 'MUG' },
      body: { quantity: 50, reason: 'came', warehouse: 'north' },
      at,
    });
    expect((await put('north', { when: large, then: { warehouse: 'north' } })).status).toBe(201);
    expect((await placed('MUG', 12)).warehouse).toBe('north');
    expect((await placed('MUG', 2)).warehouse).toBeUndefined();
    await policy({ warehouses: [warehouses[0], { ...warehouses[1], active: false }] });
    expect((await placed('MUG', 13)).warehouse).toBeUndefined();
    await expectInvariants();
  });

  it('is asked in its order; the first of contradicting ones wins, and after a stop none is asked', async () => {
    await put('b-second', { order: 20, when: large, then: { priority: 'low', tags: ['b'] } });
    await put('a-third', { order: 20, when: large, then: { priority: 'low', tags: ['a'] }, stop: true });
    await put('z-first', { order: 10, when: large, then: { priority: 'high' } });
    await put('last', { order: 30, when: large, then: { hold: 'sales' } });
    const order = await placed('MUG', 12);
    expect([order.status, order.priority, order.tags]).toEqual(['confirmed', 'high', ['a']]);
    expect(order.rules.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['z-first', 'a-third']);
    const { items } = await company.done('listRules', { as: sue });
    expect(items.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'z-first',
      'a-third',
      'b-second',
      'last',
    ]);
  });

  it('is asked only while it is active, and on its days', async () => {
    await put('off', { active: false, when: large, then: { hold: 'sales' } });
    await put('over', { to: '2026-03-02', when: large, then: { hold: 'sales' } });
    await put('early', { from: '2026-03-04', when: large, then: { hold: 'sales' } });
    expect((await placed('MUG', 12)).status).toBe('confirmed');
  });

  it('that can’t be read any more holds orders, and says so', async () => {
    const broken = { order: 5, name: 'old', when: { field: 'moon', is: 'is', value: 'full' }, then: {} };
    const item = { ruleId: 'old', version: 1, rule: broken, at, by: 'sue' };
    await company.table.write({ do: 'put', item: { ...keys.rule('old'), ...item } });
    await company.table.write({ do: 'put', item: { ...keys.ruleVersion('old', 1), ...item } });
    const order = await placed('MUG', 1);
    expect(order).toMatchObject({
      status: 'held',
      hold: { team: 'sales' },
      reasons: [{ code: 'rule_failed' }],
    });
    expect(order.reasons[0].detail).toContain("rule old, version 1: it can't be read: when");
    await expectInvariants();
  });

  it.each([
    ['a field nobody knows', { field: 'moon', is: 'is', value: 'full' }, 'when'],
    ['a question the field has not', { field: 'gross', is: 'is_one_of', value: ['1'] }, 'when'],
    ['a value of another type', { field: 'gross', is: 'above', value: 'much' }, 'when'],
    ['nothing', { all: [] }, 'when'],
    ['too deep a nest', JSON.parse(`${'{"not":'.repeat(9)}${JSON.stringify(large)}${'}'.repeat(9)}`), 'when'],
  ])('that asks %s is refused when it is saved', async (_, when, path) => {
    const { status, json } = await put('wrong', { when, then: { hold: 'sales' } });
    expect([status, json.code]).toEqual([422, 'validation_failed']);
    expect(json.issues[0].path.startsWith(path)).toBe(true);
    expect((await put('idle', { when: large, then: {} })).status).toBe(422);
    expect((await put('mine', { when: large, then: { approval: 'customer' } })).status).toBe(422);
  });

  it('has versions: the same again is none, a change is one, and orders cite theirs', async () => {
    await put('large', { when: large, then: { tags: ['large'] } });
    expect((await put('large', { when: large, then: { tags: ['large'] } })).json.version).toBe(1);
    const first = await placed('MUG', 12);
    const changed = await put(
      'large',
      { when: large, then: { tags: ['huge'] } },
      { headers: { 'if-match': '"1"' } },
    );
    expect(changed.json.version).toBe(2);
    expect((await put('large', { when: large, then: {} }, { headers: { 'if-match': '"1"' } })).status).toBe(
      422,
    );
    const second = await placed('MUG', 13);
    const touched = [first, second].map(({ rules: [rule] }) => [rule.version, rule.did.tags]);
    expect(touched).toEqual([
      [1, ['large']],
      [2, ['huge']],
    ]);
    const { versions } = await company.done('getRule', { params: { ruleId: 'large' }, as: sue });
    expect(versions.map(({ version, by }: { version: number; by: string }) => [version, by])).toEqual([
      [2, 'Sue'],
      [1, 'Sue'],
    ]);
    await expectInvariants();
  });
});

describe('a dry run', () => {
  const dryRun = (ruleId: string, body: object) =>
    company.ask('dryRunRule', {
      params: { ruleId },
      body: { from: '2026-03-01', to: '2026-03-31', ...body },
      as: sue,
      at,
    });

  it('says which orders would have been treated otherwise, and writes nothing', async () => {
    await put('large', { when: large, then: { tags: ['large'] } });
    const [small, big] = [await placed('MUG', 1), await placed('MUG', 12)];
    const before = company.table.items();
    expect((await dryRun('large', {})).json).toEqual({ examined: 2, differences: [] });
    const rule = {
      name: 'all',
      when: { field: 'gross', is: 'above', value: 0 },
      then: { hold: 'sales' },
    };
    expect((await dryRun('large', { rule })).json).toEqual({
      examined: 2,
      differences: [
        {
          orderId: small.orderId,
          placedAt: at,
          after: { ruleId: 'large', version: 2, did: { hold: 'sales' } },
        },
        {
          orderId: big.orderId,
          placedAt: at,
          before: { ruleId: 'large', version: 1, did: { tags: ['large'] } },
          after: { ruleId: 'large', version: 2, did: { hold: 'sales' } },
        },
      ].toSorted((one, other) => one.orderId.localeCompare(other.orderId)),
    });
    expect(company.table.items()).toEqual(before);
  });

  it('works for a rule that is off, and looks at 31 days at most', async () => {
    await put('off', { active: false, when: fragile, then: { hold: 'sales' } });
    await placed('VASE', 1);
    expect((await dryRun('off', {})).json.differences).toHaveLength(1);
    expect((await dryRun('off', { to: '2026-04-01' })).status).toBe(422);
    expect((await dryRun('off', { from: '2026-04-01' })).status).toBe(422);
    expect((await dryRun('nobody', {})).status).toBe(404);
    expect((await dryRun('off', { cursor: 'x' })).status).toBe(400);
  });
});

describe('random rules', () => {
  const comparison = fc.constantFrom(...Object.entries(ruleFields)).chain(([field, { type }]) =>
    fc.constantFrom(...Object.entries(operators[type])).chain(([is, wanted]) => {
      const text = fc.constantFrom('api', 'GB', 'MUG-1', 'fragile', 'GBP', 'normal');
      const value =
        wanted === 'number'
          ? fc.integer({ min: -5, max: 7_000 })
          : wanted === 'text'
            ? text
            : fc.array(text, { minLength: 1, maxLength: 3 });
      return value.map((each) => ({ field, is, value: each }));
    }),
  );
  const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      comparison,
      fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('condition') }),
    ),
  }));
  const rules = fc
    .uniqueArray(
      fc.record({
        ruleId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        order: fc.integer({ min: 0, max: 2 }),
        when: condition,
        then: fc.constantFrom({ hold: 'sales' }, { priority: 'high' }, { priority: 'low', tags: ['x'] }),
        stop: fc.constantFrom({}, { stop: true }),
      }),
      { selector: ({ ruleId }) => ruleId, maxLength: 6 },
    )
    .map((drafts) =>
      drafts.map(
        ({ ruleId, stop, ...rule }): RuleVersion => ({
          ruleId: RuleId.parse(ruleId),
          version: 1,
          rule: Rule.parse({ name: ruleId, active: true, ...rule, ...stop }),
        }),
      ),
    );
  const subject = {
    order: anOrder(),
    lines: [anOrderLine()],
    customer: aCustomer(),
    products: new Map([['MUG-1', { group: 'fragile' }]]),
  };

  it('never fail, and do the same in whatever order they are stored', () => {
    fc.assert(
      fc.property(rules, fc.infiniteStream(fc.nat()), (stored, dice) => {
        const expected = applyRules(stored, subject, today);
        expect(expected.touched.every(({ failed }) => failed === undefined)).toBe(true);
        const shuffled = stored
          .map((rule) => ({ rule, rank: Number(dice.next().value) }))
          .toSorted((one, other) => one.rank - other.rank)
          .map(({ rule }) => rule);
        expect(applyRules(shuffled, subject, today)).toEqual(expected);
      }),
    );
  });
});
