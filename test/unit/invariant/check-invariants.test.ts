import { beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '#shared/fact/fact.ts';
import { checkInvariants, type Invariant } from '#shared/invariant/check-invariants.ts';
import { keys } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { collect, newFact, react, request, type Served } from '../../builders/house.ts';
import { memoryTable } from '../../builders/memory-table.ts';

const opening = '2026-03-02T09:00:00.000Z';
const longSkus = Array.from({ length: 95 }, (_, n) => `PEN-${n}`);
let requests = 0;

/** A table at work: what is recorded in it is taken up by whoever listens. */
function aBusiness() {
  const table = memoryTable();
  const facts: Fact[] = [];
  table.subscribe((change) => {
    const fact = newFact(change);
    if (fact) facts.push(fact);
  });
  const done = async (operationId: Served, params: Record<string, string>, body: unknown) => {
    requests++;
    const headers = { 'idempotency-key': `key-${requests}` };
    // A second apart, so that ids sort as things came about.
    const at = new Date(Date.parse(opening) + requests * 1000).toISOString();
    const answer = await request(table, operationId, { params, body, headers, at });
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${operationId}: ${answer.text}`);
    for (let fact = facts.shift(); fact; fact = facts.shift()) await react(table, fact);
    return answer.json;
  };
  return { table, done };
}

/** Some business that was done properly: shipped in part, paid in part, reminded, returned, held, and a long order. */
async function soundTable(): Promise<Item[]> {
  const { table, done } = aBusiness();
  const customer = {
    name: 'Harbour Books',
    email: 'a@harbour.example',
    address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
  };
  const customerId = 'cus_harbour';
  await done('putCustomer', { customerId }, { ...customer, currency: 'GBP', creditLimit: 50_000 });
  for (const sku of ['MUG-1', 'LAMP-2', ...longSkus]) {
    await done('putProduct', { sku }, { description: sku, prices: { GBP: 100 } });
    await done(
      'recordStockMovement',
      { sku },
      {
        quantity: 50,
        reason: 'received',
        reference: `DN-${sku}`,
      },
    );
  }
  const order = (lines: unknown[], more = {}) =>
    done('placeOrder', {}, { customerId, currency: 'GBP', lines, ...more });
  const { orderId } = await order(
    [
      { sku: 'MUG-1', quantity: 6 },
      { sku: 'LAMP-2', quantity: 3 },
    ],
    { poNumber: 'PO-1' },
  );
  await done('createShipment', { orderId }, { lines: [{ line: 1, quantity: 4 }] });
  await done(
    'createShipment',
    { orderId },
    {
      lines: [
        { line: 1, quantity: 1 },
        { line: 2, quantity: 2 },
      ],
    },
  );
  const [first, second] = table.items(({ SK }) => SK === 'OPEN').map(({ PK }) => PK);
  const money = { customerId, method: 'bank_transfer', currency: 'GBP' };
  await done(
    'recordPayment',
    {},
    { ...money, amount: 100, allocations: [{ invoiceId: first, amount: 100 }] },
  );
  await done('recordPayment', {}, { ...money, amount: 70 });
  const back = { customerId, reason: 'broken', lines: [{ sku: 'MUG-1', quantity: 1 }] };
  await done('createReturn', {}, { ...back, invoiceId: first, reference: 'RMA-1' });
  await done('disputeInvoice', { invoiceId: second ?? '' }, { reason: 'never arrived' });
  await collect(table, customerId, '2026-04-20');
  await order([{ sku: 'MUG-1', quantity: 1 }], { poNumber: 'PO-2' });
  const long = await order(longSkus.map((sku) => ({ sku, quantity: 1 })));
  await done('createShipment', { orderId: long.orderId }, {});
  await order(longSkus.map((sku) => ({ sku, quantity: 2 })));
  const { orderId: agreed } = await order([{ sku: 'LAMP-2', quantity: 3, discount: { percent: '5' } }], {
    adjustments: [
      { kind: 'discount', reason: 'Season', percent: '10' },
      { kind: 'freight', reason: 'Parcel', amount: 300 },
    ],
  });
  await done('createShipment', { orderId: agreed }, { lines: [{ line: 1, quantity: 2 }] });
  const mail = {
    mailId: `${orderId}.000002`,
    customerId,
    kind: 'order.confirmed',
    to: ['a@harbour.example'],
    subject: 'Confirmed',
    at: opening,
  };
  const sent = { status: 'sent', sentAt: opening, sesMessageId: 'ses-1' };
  await table.write({ do: 'put', item: { PK: customerId, SK: `MAIL#${orderId}.000002`, ...mail, ...sent } });
  return table.items();
}

type Edit = (items: Item[]) => Item[];

type Wanted = (item: Item) => boolean;
const any: Wanted = () => true;

/** The items with the first that lies under `where` changed. */
function changed(where: string, change: (item: Item) => Record<string, unknown>, wanted = any): Edit {
  return (items) => {
    const found = indexOf(items, where, wanted);
    return items.map((item, index) => (index === found ? { ...item, ...change(item) } : item));
  };
}

function removed(where: string, wanted = any): Edit {
  return (items) => {
    const found = indexOf(items, where, wanted);
    return items.filter((_, index) => index !== found);
  };
}

function doubled(where: string, change: (item: Item) => Record<string, unknown>): Edit {
  return (items) => {
    const item = items[indexOf(items, where, any)];
    return item ? [...items, { ...item, ...change(item) }] : items;
  };
}

/** `where`: what keys begin with, `PK SK`. */
function indexOf(items: readonly Item[], where: string, wanted: Wanted): number {
  const [pk = '', sk = ''] = where.split(' ');
  const index = items.findIndex((item) => item.PK.startsWith(pk) && item.SK.startsWith(sk) && wanted(item));
  if (index < 0) throw new Error(`nothing lies under ${where}`);
  return index;
}

const plus = (attribute: string, amount: number) => (item: Item) => ({
  [attribute]: Number(item[attribute]) + amount,
});

const plants: [Invariant, string, Edit][] = [
  ['shape', 'an item of a kind nobody knows', (items) => [...items, { PK: 'xyz_1', SK: 'HEAD' }]],
  ['shape', 'an item that lost an attribute', changed('pay_ HEAD', () => ({ amount: undefined }))],
  [
    'A',
    'an entry out of balance by a penny',
    changed('ledger_ ENTRY', ({ postings }) => ({
      postings: [postings, { account: 'sales', amount: 1 }].flat(),
    })),
  ],
  ['B', 'a counter that went too far', changed('series_INV COUNTER', plus('next', 1))],
  ['B', 'an invoice that is gone', removed('inv_ DOCUMENT')],
  ['B', 'a number used twice', changed('inv_ DOCUMENT', () => ({ number: 'INV-2026-000002' }))],
  ['C', 'a balance a penny too low', changed('inv_ OPEN', plus('balance', -1))],
  ['C', 'a due date that nobody agreed', changed('inv_ OPEN', () => ({ dueOn: '2026-12-31' }))],
  [
    'C',
    'instalments that the invoice has not',
    changed('inv_ OPEN', ({ dueOn, total }) => ({
      instalments: [
        { dueOn, amount: 1 },
        { dueOn, amount: Number(total) - 1 },
      ],
    })),
  ],
  [
    'C',
    'a discount that nobody offered',
    changed('pay_ HEAD', ({ allocations }) => ({
      allocations: [allocations].flat().map((each) => Object.assign({}, each, { discount: 1 })),
    })),
  ],
  ['C', 'a payment that is more than its parts', changed('pay_ HEAD', plus('amount', 1))],
  ['C', 'an open item of another customer', changed('inv_ OPEN', () => ({ customerId: 'cus_other' }))],
  ['C', 'a return that applied a penny more', changed('ret_ HEAD', plus('applied', 1))],
  ['C', 'units credited that never came back', changed('inv_ CREDITED', () => ({ quantities: { 1: 3 } }))],
  ['C', 'a document without its lines', removed('inv_ LINES#')],
  [
    'C',
    'an invoice that forgot a discount',
    changed(
      'inv_ DOCUMENT',
      () => ({ adjustments: undefined }),
      ({ adjustments }) => adjustments !== undefined,
    ),
  ],
  [
    'C',
    'an order whose freight nobody pays',
    changed(
      'ord_ HEAD',
      () => ({ adjustments: undefined }),
      ({ adjustments }) => adjustments !== undefined,
    ),
  ],
  ['D', 'an idempotency key for nothing', changed('idem_ key-', () => ({ resource: 'ord_gone' }))],
  ['D', 'a purchase order of two orders', changed('cus_ PO#PO-2', () => ({ SK: 'PO#PO-3' }))],
  ['D', 'a purchase order nobody holds', removed('cus_ PO#PO-1')],
  ['D', 'a return reference nobody holds', removed('cus_ RETURN#RMA-1')],
  ['D', 'a delivery booked twice', doubled('sku_MUG-1 FACT#stock-', () => ({ SK: 'FACT#stock-000002' }))],
  ['D', 'a delivery note nobody booked', removed('sku_MUG-1 FACT#stock-')],
  ['F', 'a movement of stock untold', removed('sku_MUG-1 FACT#stock-')],
  ['E', 'an account that says a penny less', changed('cus_ ACCOUNT', plus('receivable', -1))],
  ['E', 'an entry that is gone', removed('ledger_ ENTRY')],
  ['E', 'unapplied money that vanished', removed('pay_ HEAD', ({ unapplied }) => unapplied === 70)],
  ['F', 'a fact that is gone', removed('ord_ FACT#000002')],
  ['F', 'an invoice booked twice', doubled('ledger_ ENTRY', ({ SK }) => ({ SK: `${SK}x` }))],
  [
    'F',
    'a shipment invoiced twice',
    doubled('inv_ DOCUMENT', () => ({ PK: 'inv_x', invoiceId: 'inv_01k0000000000000000000000z' })),
  ],
  [
    'F',
    'a reminder sent and not counted',
    changed(
      'inv_ OPEN',
      () => ({ dunningStep: 0 }),
      ({ dunningStep }) => dunningStep === 1,
    ),
  ],
  ['F', 'a mail sent to two', doubled('cus_ MAIL#', () => ({ PK: 'cus_other' }))],
  [
    'G',
    'an order that was never confirmed',
    changed('ord_ FACT#000002', ({ data }) => ({ type: 'order.rejected', data: withoutPolicy(data) })),
  ],
  ['G', 'an order in another state than told', changed('ord_ HEAD', () => ({ status: 'shipped' }))],
  [
    'J',
    'an order nobody decided',
    changed('ord_ HEAD', () => ({ status: 'placed', acceptedAt: undefined, decision: undefined })),
  ],
  ['J', 'a shipment without invoice', removed('inv_ DOCUMENT')],
  [
    'J',
    'a mail under way',
    changed('cus_ MAIL#', () => ({ status: 'sending', sentAt: undefined, sesMessageId: undefined })),
  ],
  ['J', 'stock of a long shipment that stayed', removed('ord_ STOCK#ship#')],
  ['K', 'one reserved that nobody ordered', changed('sku_MUG-1 STOCK', plus('reserved', 1))],
  ['K', 'one on hand that never came', changed('sku_MUG-1 STOCK', plus('onHand', 1))],
  ['K', 'stock below zero', changed('sku_MUG-1 STOCK', () => ({ available: -1 }))],
  ['K', 'an order unreserved', changed('ord_ HEAD', () => ({ reservation: 'pending' }))],
  ['K', 'more shipped than ordered', changed('ord_ SHIP#', () => ({ lines: [{ line: 1, quantity: 9 }] }))],
  ['L', 'exposure a penny too high', changed('cus_ ACCOUNT', plus('exposure', 1))],
  ['L', 'an order that claims too little', changed('ord_ SHIP#', plus('claim', -1))],
];

function withoutPolicy(data: unknown): unknown {
  return typeof data === 'object' && data !== null ? { ...data, policyVersion: undefined } : data;
}

describe('the invariants', () => {
  let sound: Item[];
  beforeAll(async () => {
    sound = await soundTable();
  });

  it('hold of business done properly', async () => {
    expect(await checkInvariants(sound, { settled: true })).toEqual({
      checked: ['shape', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'K', 'L', 'J'],
      violations: [],
    });
  });

  it('hold in whatever order the items come', async () => {
    const backwards = [...sound].reverse();
    expect((await checkInvariants(backwards, { settled: true })).violations).toEqual([]);
  });

  it('say nothing of what is under way unless all should be quiet', async () => {
    const underWay = removed('ord_ STOCK#ship#')(sound);
    const { checked } = await checkInvariants(underWay);
    expect(checked).not.toContain('J');
  });

  it('take what a message in a queue tells of for brought to a person', async () => {
    const underWay = changed('cus_ MAIL#', () => ({
      status: 'sending',
      sentAt: undefined,
      sesMessageId: undefined,
    }));
    const halfWay: Item[] = JSON.parse(JSON.stringify(underWay(sound)));
    const stuck = halfWay.find(({ SK }) => SK.startsWith('MAIL#'))?.['mailId'];
    const message = JSON.stringify({ detail: { id: stuck } });
    const checked = (queued: string[]) => checkInvariants(halfWay, { settled: true, queued });
    expect((await checked([message])).violations).toEqual([]);
    expect((await checked(['of something else'])).violations).toEqual([
      { invariant: 'J', detail: `mail ${String(stuck)} is still sending` },
    ]);
  });

  it.each(plants)('%s catches %s', async (invariant, _, plant) => {
    const written = plant(sound).map((item) => JSON.parse(JSON.stringify(item)));
    const { violations } = await checkInvariants(written, { settled: true });
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
  });

  it('J catches, where mails are sent, every event that the customer was not told of', async () => {
    const { violations } = await checkInvariants(sound, { mailed: true });
    const untold = violations.map(({ detail }) => /(crn|cus|inv|ord|pay)_/.exec(detail)?.[1] ?? detail);
    // Of orders: 4 confirmations (one is told), 4 dispatches; 4 invoices; a credit note; a reminder; 2 payments.
    expect(untold.toSorted()).toEqual([
      'crn',
      'cus',
      ...Array.from({ length: 4 }, () => 'inv'),
      ...Array.from({ length: 8 }, () => 'ord'),
      'pay',
      'pay',
    ]);
  });

  it('J asks for no receipts where the company or the customer ever wanted none', async () => {
    const untold = async (items: readonly Item[]) =>
      (await checkInvariants(items, { mailed: true })).violations.filter(({ detail }) =>
        detail.includes('pay_'),
      );
    const key = keys.policy('remittance', '2026-01-01.01');
    expect(await untold([...sound, { ...key, policy: { receipts: false }, at: '', actor: '' }])).toEqual([]);
    const unwanted = sound.map((item) =>
      item['type'] === 'customer.saved'
        ? { ...item, data: { creditLimit: 100_000, status: 'active', receipts: false } }
        : item,
    );
    expect(await untold(unwanted)).toEqual([]);
  });

  it('L catches an exposure above every limit the customer ever had', async () => {
    const lowered = sound.map((item) => (item.PK.startsWith('cus_') ? withLimit(item, 100) : item));
    const { violations } = await checkInvariants(lowered);
    expect(violations).toEqual([
      {
        invariant: 'L',
        detail: expect.stringMatching(/^cus_harbour is exposed by \d+, at most \d+ was allowed$/),
      },
    ]);
  });

  it('L lets an exposure stand that a lowered limit left behind', async () => {
    const items = sound.map((item) => (item.SK.startsWith('FACT#') ? item : withLimit(item, 100)));
    expect((await checkInvariants(items)).violations).toEqual([]);
  });
});

function withLimit(item: Item, creditLimit: number): Item {
  if (item['creditLimit'] !== undefined) return { ...item, creditLimit };
  return item['type'] === 'customer.saved' ? { ...item, data: { creditLimit, status: 'active' } } : item;
}
