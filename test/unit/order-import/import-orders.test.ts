import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { readOrdersCsv } from '#shared/order-import/read-orders-csv.ts';
import { factsIn, newFact, react, request } from '#test/builders/house.ts';
import { type Trading, trading } from '#test/builders/trading.ts';

const at = '2026-03-03T09:00:00.000Z';
const sue = { sub: 'sue', name: 'Sue', roles: ['sales'] } as const;
const bea = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;
const header = 'order_ref,customer_id,currency,po_number,sku,quantity,unit_price,stated_price';

let company: Trading;
beforeEach(async () => {
  company = trading();
  const address = { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' };
  for (const customerId of ['cus_harbour', 'cus_quayside']) {
    const body = {
      name: customerId,
      email: 'a@b.example',
      address,
      currency: 'GBP',
      creditLimit: 10_000_000,
    };
    await company.done('putCustomer', { params: { customerId }, body, at });
  }
  for (const sku of ['MUG', 'LAMP']) {
    await company.done('putProduct', {
      params: { sku },
      body: { description: sku, prices: { GBP: 1_250 } },
      at,
    });
    await company.done('recordStockMovement', {
      params: { sku },
      body: { quantity: 100_000, reason: 'came' },
      at,
    });
  }
});

const send = (rows: readonly string[], options: object = {}) =>
  company.ask('importOrders', { body: [header, ...rows].join('\n'), as: sue, at, ...options });
const of = (importId: string) => ({ params: { importId }, as: sue, at });
const orders = () => company.table.items(({ PK, SK }) => PK.startsWith('ord_') && SK === 'HEAD');

async function expectInvariants() {
  expect((await checkInvariants(company.table.items())).violations).toEqual([]);
}

describe('a file of orders', () => {
  it('becomes an order of each reference, and says what it could not place and why', async () => {
    const { status, json } = await send([
      'A-1,cus_harbour,GBP,PO-1,MUG,4,,',
      'A-2,cus_quayside,GBP,,MUG,2,11.00,',
      'A-1,cus_harbour,GBP,PO-1,LAMP,1,,12.50',
      'A-3,cus_harbour,GBP,,NONE,1,,',
      'A-4,cus_harbour,EUR,,MUG,1,,',
    ]);
    expect([status, json]).toMatchObject([
      201,
      { rows: 5, orders: 4, placed: 0, rejected: 0, state: 'working' },
    ]);
    const { importId } = json;
    expect(await company.done('getOrderImport', of(importId))).toMatchObject({
      placed: 2,
      rejected: 2,
      state: 'done',
    });
    const placed = await Promise.all(
      orders().map(({ PK }) => company.done('getOrder', { params: { orderId: PK } })),
    );
    const told = placed.map(({ customerId, channel, source, poNumber, lines, status: state }) => [
      customerId,
      channel,
      source,
      poNumber,
      state,
      lines.map(({ sku, quantity, unitPrice, priceSource }: Record<string, unknown>) => [
        sku,
        quantity,
        unitPrice,
        priceSource,
      ]),
    ]);
    const source = { kind: 'csv', id: importId };
    expect(told.toSorted(([one], [other]) => String(one).localeCompare(String(other)))).toEqual([
      [
        'cus_harbour',
        'import',
        source,
        'PO-1',
        'confirmed',
        [
          ['MUG', 4, 1_250, undefined],
          ['LAMP', 1, 1_250, undefined],
        ],
      ],
      ['cus_quayside', 'import', source, undefined, 'confirmed', [['MUG', 2, 1_100, 'agreed']]],
    ]);
    const { items } = await company.done('listImportRejects', of(importId));
    expect(items).toEqual([
      {
        row: 5,
        ref: 'A-3',
        customerId: 'cus_harbour',
        reject: {
          code: 'product_not_found',
          detail: 'Some lines name products that do not exist. lines.0.sku: there is no product NONE',
        },
      },
      {
        row: 6,
        ref: 'A-4',
        customerId: 'cus_harbour',
        reject: {
          code: 'currency_mismatch',
          detail: 'This customer is served in GBP. Place the order in it. currency: must be GBP',
        },
      },
    ]);
    await expectInvariants();
  });

  it('gives its rejects back as rows to mend and send again, and itself as it came', async () => {
    const rows = [
      'A-1,cus_harbour,GBP,,MUG,4,,',
      'A-3,cus_harbour,GBP,,NONE,1,,',
      'A-3,cus_harbour,GBP,,MUG,1,,',
    ];
    const { json } = await send(rows);
    const csv = await company.ask('listImportRejects', { ...of(json.importId), query: { format: 'csv' } });
    const detail = 'Some lines name products that do not exist. lines.0.sku: there is no product NONE';
    expect(csv.text).toBe(
      [
        'order_ref,customer_id,currency,sku,quantity,error',
        `A-3,cus_harbour,GBP,NONE,1,${detail}`,
        `A-3,cus_harbour,GBP,MUG,1,${detail}`,
        '',
      ].join('\r\n'),
    );
    const again = await company.ask('importOrders', {
      body: csv.text.replaceAll('NONE', 'LAMP'),
      as: sue,
      at,
    });
    expect((await company.done('getOrderImport', of(again.json.importId))).placed).toBe(1);
    const document = await company.ask('getImportDocument', of(json.importId));
    expect(document.text).toBe([header, ...rows].join('\n'));
    await expectInvariants();
  });

  it('sent again is the same import, and places nothing twice', async () => {
    const rows = ['A-1,cus_harbour,GBP,,MUG,4,,'];
    const first = await send(rows);
    const again = await send(rows);
    expect([again.status, again.json.importId, again.json.state]).toEqual([200, first.json.importId, 'done']);
    const both = await Promise.all([
      send(['B,cus_harbour,GBP,,MUG,1,,']),
      send(['B,cus_harbour,GBP,,MUG,1,,']),
    ]);
    expect(new Set(both.map(({ json }) => json.importId)).size).toBe(1);
    expect(orders()).toHaveLength(2);
    await expectInvariants();
  });

  it('may be a customer’s own, who sees no other and agrees no prices', async () => {
    const own = await send(['A-1,,GBP,,MUG,4,,', 'A-2,,GBP,,MUG,5,9.00,'], { as: bea });
    const { importId } = own.json;
    const found = await company.done('getOrderImport', { ...of(importId), as: bea });
    expect([found.placed, found.rejected]).toEqual([1, 1]);
    const other = { sub: 'olga', name: 'Olga', roles: ['customer'], customerId: 'cus_quayside' } as const;
    expect((await company.ask('getOrderImport', { ...of(importId), as: other })).status).toBe(404);
    const foreign = await send(['A-1,cus_quayside,GBP,,MUG,4,,'], { as: bea });
    expect(foreign.json.issues).toEqual([
      { path: 'row 2, customer_id', message: 'is another customer than you' },
    ]);
  });

  it.each([
    ['an unknown column', 'order_ref,currency,sku,quantity,colour\nA,GBP,MUG,1,red', 'row 1, colour'],
    ['no quantity', 'order_ref,currency,sku\nA,GBP,MUG', 'row 1, quantity'],
    ['no customer', 'order_ref,currency,sku,quantity\nA,GBP,MUG,1', 'row 2, customer_id'],
    ['half a mug', `${header}\nA,cus_harbour,GBP,,MUG,0.5,,`, 'row 2, quantity'],
    ['no currency', `${header}\nA,cus_harbour,XXZ,,MUG,1,,`, 'row 2, currency'],
    ['a price of half pennies', `${header}\nA,cus_harbour,GBP,,MUG,1,0.125,`, 'row 2, unit_price'],
    [
      'an order that contradicts itself',
      `${header}\nA,cus_harbour,GBP,P1,MUG,1,,\nA,cus_harbour,GBP,P2,MUG,1,,`,
      'row 3, po_number',
    ],
    ['a row too short', `${header}\nA,cus_harbour`, 'row 2'],
  ])('with %s takes nothing, and says where it is wrong', async (_, body, path) => {
    const before = company.table.items();
    const { status, json } = await company.ask('importOrders', { body, as: sue, at });
    expect([status, json.code, json.issues[0].path]).toEqual([422, 'order_import_invalid', path]);
    expect(company.table.items()).toEqual(before);
  });

  it('reads semicolons, byte order marks and other orders of columns', () => {
    const text = '\ufeffsku;quantity;currency;order_ref;customer_id\r\nMUG;3;GBP;A;cus_harbour\r\n';
    expect(readOrdersCsv(Buffer.from(text), undefined).orders).toEqual([
      {
        row: 2,
        ref: 'A',
        customerId: 'cus_harbour',
        request: { currency: 'GBP', lines: [{ sku: 'MUG', quantity: 3 }] },
      },
    ]);
  });

  it('of 2,000 orders is placed in twenty chunks', async () => {
    const rows = Array.from(
      { length: 2_000 },
      (_, n) => `R-${n},cus_harbour,GBP,PO-${n},MUG,${1 + (n % 7)},,`,
    );
    const { json } = await send(rows);
    expect(await company.done('getOrderImport', of(json.importId))).toMatchObject({
      orders: 2_000,
      placed: 2_000,
      rejected: 0,
      state: 'done',
    });
    expect(factsIn(company.table).filter(({ type }) => type === 'order_import.received')).toHaveLength(20);
    await expectInvariants();
  }, 60_000);
});

describe('an import that is killed', () => {
  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'at its %ith await goes on where it ended, and places each order once',
    async (nth) => {
      const facts: Parameters<typeof react>[1][] = [];
      company.table.subscribe((change) => {
        const fact = newFact(change);
        if (fact?.type === 'order_import.received') facts.push(fact);
      });
      const body = [
        header,
        ...['A', 'B', 'C'].map((ref, n) => `${ref},cus_harbour,GBP,,MUG,${n + 1},,`),
      ].join('\n');
      const { json } = await request(company.table, 'importOrders', { body, as: sue, at });
      for (const fact of facts) {
        const mortal = company.table.client();
        mortal.faults.crashAtAwait(nth, nth % 2 === 0 ? 'after' : 'before');
        await react(mortal, fact).catch(() => {});
        await react(company.table.client(), fact);
        await Promise.all([react(company.table.client(), fact), react(company.table.client(), fact)]);
      }
      expect(orders()).toHaveLength(3);
      expect(await company.done('getOrderImport', of(json.importId))).toMatchObject({
        placed: 3,
        state: 'done',
      });
    },
  );
});
