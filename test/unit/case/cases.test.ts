import { beforeEach, describe, expect, it } from 'vitest';
import { caseTransitions } from '#shared/case/case.ts';
import { escalateOverdue } from '#shared/case/escalate-store.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { CaseId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { caseMail } from '#shared/mail/case-mail-store.ts';
import { afterWorkingHours, workingMinutes } from '#shared/terms/working-hours.ts';
import { aCompany } from '#test/builders/company.ts';
import { factsIn } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

/** A Friday; the desk is open from 9 to 17. */
const at = '2026-03-06T15:00:00.000Z';
const monday = '2026-03-09T10:00:00.000Z';
const bea = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;
const olga = { sub: 'olga', name: 'Olga', roles: ['customer'], customerId: 'cus_quayside' } as const;
const ann = { sub: 'ann', name: 'Ann', roles: ['support'] } as const;

let company: Trading;
let orderId: string;
beforeEach(async () => {
  company = trading();
  const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  for (const [customerId, language] of [
    ['cus_harbour', 'en'],
    ['cus_quayside', 'de'],
  ]) {
    const body = {
      name: 'Harbour Books',
      email: 'a@b.example',
      address,
      currency: 'GBP',
      creditLimit: 1_000_000,
      language,
    };
    await company.done('putCustomer', { params: { customerId: customerId ?? '' }, body, at });
  }
  await company.done('putProduct', {
    params: { sku: 'MUG' },
    body: { description: 'Mug', prices: { GBP: 1_250 } },
    at,
  });
  await company.done('recordStockMovement', {
    params: { sku: 'MUG' },
    body: { quantity: 40, reason: 'came' },
    at,
  });
  const order = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG', quantity: 4 }] };
  ({ orderId } = await company.done('placeOrder', { body: order, at }));
});

const open = (body: object = {}, options: object = {}) =>
  company.ask('openCase', {
    body: { kind: 'complaint', subject: 'Two mugs broken', text: 'They came in pieces.', ...body },
    as: bea,
    at,
    ...options,
  });
const opened = async (body: object = {}): Promise<string> => (await open(body)).json.caseId;
const say = (caseId: string, body: object, as: typeof ann | typeof bea | typeof olga = ann, when = at) =>
  company.ask('replyToCase', { params: { caseId }, body, as, at: when });
const resolve = (caseId: string, when = at) =>
  company.ask('resolveCase', {
    params: { caseId },
    body: { resolution: 'replaced', conclusion: 'Two new mugs are on their way.' },
    as: ann,
    at: when,
  });
const reopen = (caseId: string, when = at) =>
  company.ask('reopenCase', {
    params: { caseId },
    body: { text: 'One is broken again.' },
    as: bea,
    at: when,
  });
const queue = async (query: Record<string, string> = {}, when = at) =>
  (await company.done('listOpenCases', { query, as: ann, at: when })).items;
const seller = aCompany();
const escalate = (when: string) =>
  escalateOverdue(company.table, seller, { at: instant(when), actor: 'escalate-cases' });

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('a case', () => {
  it('is opened by a customer about its order, and due for an answer after eight opening hours', async () => {
    const { status, json } = await open({ about: { orderId } });
    expect([status, json]).toEqual([
      201,
      {
        caseId: json.caseId,
        customerId: 'cus_harbour',
        kind: 'complaint',
        priority: 'normal',
        subject: 'Two mugs broken',
        about: { orderId },
        status: 'open',
        openedAt: at,
        openedBy: 'Bea',
        // Two hours on Friday, six on Monday.
        dueAt: '2026-03-09T15:00:00.000Z',
        version: 1,
        messages: [{ message: 1, at, by: 'Bea', from: 'customer', text: 'They came in pieces.' }],
      },
    ]);
    expect(await queue()).toMatchObject([{ caseId: json.caseId, overdue: false }]);
    expect(await queue({ overdue: 'true' }, '2026-03-09T15:00:00.000Z')).toHaveLength(1);
    await expectInvariants();
  });

  it.each([
    ['an order of another', { about: { orderId: 'ord_01kqzj8v7m3n5p9r2s4t6w8x0y' } }, 'order_not_found'],
    ['no such shipment', { shipment: true }, 'shipment_not_found'],
    ['no such invoice', { about: { invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y' } }, 'invoice_not_found'],
    ['a priority of its own', { priority: 'high' }, 'validation_failed'],
  ])('about %s is none', async (_, body: object, code) => {
    const shipmentId = 'shp_01kqzj8v7m3n5p9r2s4t6w8x0y';
    const about = 'shipment' in body ? { about: { orderId, shipmentId } } : body;
    const before = company.table.items();
    expect((await open(about)).json.code).toBe(code);
    expect(company.table.items()).toEqual(before);
  });

  it('is the customer’s own: others see none, and it sees no internal word', async () => {
    const caseId = await opened();
    await say(caseId, { text: 'Looks like the packing.', internal: true });
    const texts = async (as: typeof ann | typeof bea) =>
      (await company.done('getCase', { params: { caseId }, as, at })).messages.map(
        ({ text }: { text: string }) => text,
      );
    expect(await texts(ann)).toEqual(['They came in pieces.', 'Looks like the packing.']);
    expect(await texts(bea)).toEqual(['They came in pieces.']);
    expect((await company.ask('getCase', { params: { caseId }, as: olga, at })).status).toBe(404);
    expect((await say(caseId, { text: 'Mine?' }, olga)).status).toBe(404);
    expect((await say(caseId, { text: 'Psst', internal: true }, bea)).status).toBe(422);
    expect((await company.done('listCases', { as: olga, at })).items).toEqual([]);
    expect((await company.done('listCases', { as: bea, at })).items).toMatchObject([{ caseId }]);
  });

  it('stands while it waits for the customer, and runs on with what was left', async () => {
    const caseId = await opened();
    const asked = await say(caseId, { text: 'Could you send a picture?', awaitsReply: true });
    // Answered: 24 opening hours from Friday 15:00 to resolve it, all of them left.
    expect(asked.json).toMatchObject({ status: 'waiting_for_customer', respondedAt: at });
    expect(asked.json.dueAt).toBeUndefined();
    expect(await queue({}, '2026-04-01T10:00:00.000Z')).toMatchObject([
      { status: 'waiting_for_customer', overdue: false },
    ]);
    const answered = await say(caseId, { text: 'Here it is.' }, bea, monday);
    expect(answered.json).toMatchObject({ status: 'open', dueAt: '2026-03-12T10:00:00.000Z' });
    await expectInvariants();
  });

  it('is resolved with a code and a word, and opened again for a while', async () => {
    const caseId = await opened();
    expect((await reopen(caseId)).json.code).toBe('case_not_reopenable');
    expect((await resolve(caseId)).json).toMatchObject({
      status: 'resolved',
      resolution: 'replaced',
      conclusion: 'Two new mugs are on their way.',
    });
    expect(await queue()).toEqual([]);
    expect((await say(caseId, { text: 'Thanks' }, bea)).json.code).toBe('case_resolved');
    expect((await resolve(caseId)).json.code).toBe('case_resolved');
    expect((await reopen(caseId, monday)).json).toMatchObject({
      status: 'open',
      dueAt: '2026-03-12T10:00:00.000Z',
      messages: [{}, { message: 2, from: 'customer' }],
    });
    await resolve(caseId, monday);
    expect((await reopen(caseId, '2026-04-09T10:00:00.000Z')).json.code).toBe('case_not_reopenable');
    await expectInvariants();
  });

  it('has one owner at a time, and the queue tells whose it is', async () => {
    const caseId = await opened();
    const assign = (body: object) => company.ask('assignCase', { params: { caseId }, body, as: ann, at });
    expect((await assign({})).json.owner).toBe('Ann');
    expect(await queue({ mine: 'true' })).toHaveLength(1);
    await assign({ to: { id: 'bob', name: 'Bob' } });
    expect([await queue({ mine: 'true' }), await queue({ mine: 'false' })]).toMatchObject([[], [{ caseId }]]);
    await expectInvariants();
  });

  it('may go wherever its table says, and reaches every state', () => {
    const reached = new Set<keyof typeof caseTransitions>(['open']);
    for (const status of reached) for (const next of caseTransitions[status]) reached.add(next);
    expect(reached.size).toBe(Object.keys(caseTransitions).length);
  });
});

describe('an overdue case', () => {
  beforeEach(() =>
    company.done('putPolicy', {
      params: { name: 'cases' },
      body: {
        effectiveFrom: '2026-03-06',
        policy: { escalation: { everyHours: 8, steps: [['lead@example.com'], ['boss@example.com']] } },
      },
      at,
    }),
  );

  it('is escalated once for each step, however often and late that runs', async () => {
    const caseId = await opened();
    expect(await escalate('2026-03-09T14:59:00.000Z')).toBe(0);
    expect(await escalate('2026-03-09T15:10:00.000Z')).toBe(1);
    expect(await escalate('2026-03-09T16:10:00.000Z')).toBe(0);
    const both = await Promise.all([
      escalate('2026-03-10T15:10:00.000Z'),
      escalate('2026-03-10T15:10:00.000Z'),
    ]);
    expect(new Set(both)).toEqual(new Set([0, 1]));
    // Days later: what was missed is one step.
    expect(await escalate('2026-03-13T15:10:00.000Z')).toBe(1);
    const steps = factsIn(company.table).flatMap((fact) =>
      fact.type === 'case.escalated' ? [[fact.data.step, fact.data.to]] : [],
    );
    expect(steps).toEqual([
      [1, ['lead@example.com']],
      [2, ['boss@example.com']],
      [5, ['boss@example.com']],
    ]);
    expect((await company.done('getCase', { params: { caseId }, as: ann, at })).priority).toBe('high');
    await expectInvariants();
  });
});

describe('a delivery that differs from what was shipped', () => {
  it('opens a case about it, once, in the transaction that notes it', async () => {
    const { shipmentId } = await company.done('createShipment', { params: { orderId }, body: {}, at });
    const tell = (body: object) =>
      company.ask('recordDelivery', { params: { orderId, shipmentId }, body, as: ann, at: monday });
    expect((await tell({ lines: [{ line: 1, quantity: 3 }] })).status).toBe(200);
    expect(await queue()).toMatchObject([
      {
        kind: 'delivery_discrepancy',
        priority: 'high',
        subject: `Delivery of ${orderId} differs from what was shipped`,
        dueAt: '2026-03-10T10:00:00.000Z',
      },
    ]);
    const [{ caseId }] = await queue();
    const found = await company.done('getCase', { params: { caseId }, as: bea, at });
    expect([found.about, found.messages[0].text]).toEqual([
      { orderId, shipmentId },
      'line 1: shipped 4, delivered 3',
    ]);
    await expectInvariants();
  });
});

describe('the customer hears of a case', () => {
  it.each([
    ['en', bea, ['We look into it', 'Our answer', 'Your case is resolved']],
    ['de', olga, ['Wir kümmern uns darum', 'Unsere Antwort', 'Ihr Vorgang ist erledigt']],
  ] as const)('in its language: %s', async (_, as, titles) => {
    const { json } = await open({}, { as });
    await say(json.caseId, { text: 'Sorry about that.' });
    await say(json.caseId, { text: 'Between us.', internal: true });
    await say(json.caseId, { text: 'Thanks.' }, as);
    await resolve(json.caseId);
    const mails = [];
    for (const fact of factsIn(company.table)) {
      if (fact.type === 'case.opened' || fact.type === 'case.replied' || fact.type === 'case.resolved')
        mails.push(
          await caseMail(company.table, fact, {
            company: seller,
            satisfactionUrlOf: () => 'https://x.example/',
          }),
        );
    }
    const sent = mails.flatMap((mail) => mail ?? []);
    expect(sent.map(({ content }) => titles.filter((title) => content.html.includes(title)))).toEqual(
      titles.map((title) => [title]),
    );
    expect(sent[1]?.content.text).toContain('Sorry about that.');
    expect(CaseId.safeParse(json.caseId).success).toBe(true);
  });
});

describe('working hours', () => {
  const when = {
    opens: '09:00',
    closes: '17:00',
    calendar: { weekend: [6, 7], holidays: [] },
    timeZone: 'Europe/London',
  };

  it.each([
    ['2026-03-06T15:00:00.000Z', 2, '2026-03-06T17:00:00.000Z'],
    ['2026-03-06T15:00:00.000Z', 3, '2026-03-09T10:00:00.000Z'],
    ['2026-03-07T12:00:00.000Z', 1, '2026-03-09T10:00:00.000Z'],
    ['2026-03-06T05:00:00.000Z', 8, '2026-03-06T17:00:00.000Z'],
    // Summer time begins on the Sunday between.
    ['2026-03-27T16:00:00.000Z', 2, '2026-03-30T09:00:00.000Z'],
  ])('from %s on, %i of them end at %s', (from, hours, until) => {
    expect(afterWorkingHours(instant(from), hours, when)).toBe(until);
    expect(workingMinutes(instant(from), instant(until), when)).toBe(hours * 60);
  });
});
