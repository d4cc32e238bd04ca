import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { factOfItem } from '#shared/fact/fact.ts';
import type { Invoice } from '#shared/invoice/invoice.ts';
import {
  documentsOf,
  loadDocuments,
  loadInvoice,
  loadInvoiceFile,
  loadOpenItem,
  loadOpenItems,
  saveOpenItem,
} from '#shared/invoice/invoice-store.ts';
import { dispute, reduceBalance } from '#shared/invoice/open-item.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { commit } from '#shared/table/commit.ts';
import { queuePartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { aCustomer } from '../builders/customer.ts';
import { type Dynoxide, startDynoxide } from '../builders/dynoxide.ts';
import { anOpenItem, INVOICE_ID } from '../builders/invoice.ts';
import {
  aDraft,
  claimCredit,
  issue,
  keepCustomer,
  mugsAndPostage,
  shipmentIdOf,
} from '../builders/issued-invoices.ts';
import { memoryTable } from '../builders/memory-table.ts';
import { anOrderLine } from '../builders/order.ts';

const harbour = CustomerId.parse('cus_harbour');
const invoiceId = InvoiceId.parse(INVOICE_ID);
const at = instant('2026-03-31T12:00:00Z');

let server: Dynoxide;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server.stop());

const tables: [string, () => Promise<Table>][] = [
  ['in memory', () => Promise.resolve(memoryTable())],
  ['real', () => server.newTable()],
];

/** A table with a customer whose order of GBP 64.80 was accepted and shipped. */
async function shipped<T extends Table>(table: T, draft = aDraft()): Promise<T> {
  await keepCustomer(table);
  await claimCredit(table, draft);
  return table;
}

const inQueue = async (table: Table, queue: 'collect' | 'call' | 'dispute') =>
  (await table.query({ index: 'byDue', partition: queuePartition(queue, 'cus_harbour') })).items;

describe.each(tables)('issuing an invoice (table: %s)', (_, makeTable) => {
  it('writes document, lines, open item, account, ledger and fact', async () => {
    const table = await shipped(await makeTable());
    const invoice = await issue(table, aDraft());

    expect(invoice.number).toBe('INV-2026-000001');
    expect(await loadInvoice(table, invoiceId)).toEqual(invoice);
    expect((await loadInvoiceFile(table, invoiceId))?.lines).toEqual(mugsAndPostage);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({
      status: 'open',
      balance: 6_480,
      nextActionAt: '2026-04-08T23:00:00.000Z',
      version: 1,
    });
    expect(await loadAccount(table, harbour)).toMatchObject({ exposure: 6_480, receivable: 6_480 });
    expect(await loadEntriesOfDay(table, CalendarDate.parse('2026-03-03'))).toMatchObject([
      {
        kind: 'invoice',
        source: INVOICE_ID,
        reference: 'INV-2026-000001',
        postings: [
          { account: 'receivables', amount: 6_480 },
          { account: 'sales', amount: -5_000 },
          { account: 'charges', amount: -400 },
          { account: 'output_tax', amount: -1_080 },
        ],
      },
    ]);
    const facts = (await table.query({ partition: INVOICE_ID, prefix: 'FACT#' })).items;
    expect(facts.map(factOfItem)).toMatchObject([
      {
        id: `${INVOICE_ID}.000001`,
        type: 'invoice.issued',
        actor: 'issue-invoice',
        customerId: 'cus_harbour',
        data: { number: 'INV-2026-000001', dueOn: '2026-04-02', net: 5_400, gross: 6_480, currency: 'GBP' },
      },
    ]);
    const byNumber = await table.query({ index: 'byReference', partition: 'number_INV-2026-000001' });
    expect(byNumber.items).toMatchObject([{ PK: INVOICE_ID, SK: 'DOCUMENT', RSK: INVOICE_ID }]);
  });

  it('replaces the shipment’s credit claim by the invoice, penny for penny', async () => {
    const draft = aDraft({ shipment: { claim: 6_481 } });
    const table = await shipped(await makeTable(), draft);
    await issue(table, draft);
    expect(await loadAccount(table, harbour)).toMatchObject({ exposure: 6_480, receivable: 6_480 });
  });

  it('answers with the same invoice when the shipment was invoiced before, and uses no number', async () => {
    const table = await shipped(await makeTable());
    const first = await issue(table, aDraft());
    const again = await issue(table, aDraft({ at: '2026-03-04T08:00:00.000Z' }));
    expect(again).toEqual(first);
    const next = await issue(table, aDraft({ shipment: { shipmentId: shipmentIdOf(2) } }));
    expect(next.number).toBe('INV-2026-000002');
    expect(await loadAccount(table, harbour)).toMatchObject({ exposure: 6_480, receivable: 12_960 });
  });

  it('numbers forty invoices issued at once 1 to 40, without a gap', async () => {
    const table = await makeTable();
    for (let n = 1; n <= 40; n++) {
      await keepCustomer(table, aCustomer({ customerId: `cus_${n}` }));
    }
    const drafts = Array.from({ length: 40 }, (__, index) =>
      aDraft({
        customer: aCustomer({ customerId: `cus_${index + 1}` }),
        shipment: { shipmentId: shipmentIdOf(index + 1) },
      }),
    );
    const invoices = await Promise.all(drafts.map((draft) => issue(table, draft)));
    expect(invoices.map(({ number }) => number).toSorted()).toEqual(
      Array.from({ length: 40 }, (__, index) => `INV-2026-${String(index + 1).padStart(6, '0')}`),
    );
  });

  it('starts a new series with the year', async () => {
    const table = await shipped(await makeTable());
    const draft = (n: number, moment: string) =>
      aDraft({ at: moment, shipment: { shipmentId: shipmentIdOf(n) } });
    const numbers: string[] = [];
    for (const [n, moment] of [
      [1, '2026-12-31T23:59:59.999Z'],
      [2, '2027-01-01T00:00:00.000Z'],
      [3, '2027-01-01T00:00:01.000Z'],
    ] as const) {
      numbers.push((await issue(table, draft(n, moment))).number);
    }
    expect(numbers).toEqual(['INV-2026-000001', 'INV-2027-000001', 'INV-2027-000002']);
  });

  it('keeps a free delivery as a paid invoice, in the books with nothing owed', async () => {
    const free = anOrderLine({ unitPrice: 0, net: 0 });
    const draft = aDraft({ lines: [free], shipment: { claim: 0 } });
    const table = await shipped(await makeTable(), draft);
    await issue(table, draft);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', balance: 0, total: 0 });
    expect(await inQueue(table, 'collect')).toEqual([]);
    expect(await loadAccount(table, harbour)).toMatchObject({ exposure: 0, receivable: 0 });
    expect(await loadEntriesOfDay(table, CalendarDate.parse('2026-03-03'))).toHaveLength(1);
  });

  it.each([
    { count: 10, where: 'within the document', gross: 120, chunks: 0 },
    { count: 11, where: 'beside it', gross: 132, chunks: 1 },
    { count: 721, where: 'in chunks beside it', gross: 8_652, chunks: 4 },
  ])('lays $count lines $where and reads them back in order', async ({ count, gross, chunks }) => {
    const lines = Array.from({ length: count }, (__, index) =>
      anOrderLine({ line: index + 1, sku: `SKU-${index + 1}`, quantity: 1, unitPrice: 10, net: 10 }),
    );
    const draft = aDraft({ lines, shipment: { claim: gross } });
    const table = await shipped(await makeTable(), draft);
    await issue(table, draft);
    const file = await loadInvoiceFile(table, invoiceId);
    expect(file?.lines).toEqual(lines);
    expect(file?.invoice.totals.gross).toBe(gross);
    expect(file?.openItem.balance).toBe(gross);
    const beside = await table.query({ partition: INVOICE_ID, prefix: 'LINES#' });
    expect(beside.items).toHaveLength(chunks);
  });
});

describe('an invoice and a dying process', () => {
  it('is the same invoice on the second try when the process dies once it is written', async () => {
    const table = await shipped(memoryTable());
    const process = table.client();
    process.faults.crashAfter(1);
    await expect(issue(process, aDraft())).rejects.toThrow('the process died');
    const invoice: Invoice = await issue(table, aDraft({ at: '2026-03-03T14:00:07.000Z' }));
    expect(invoice).toMatchObject({ number: 'INV-2026-000001', issuedAt: '2026-03-03T14:00:05.000Z' });
    expect(await loadAccount(table, harbour)).toMatchObject({ receivable: 6_480 });
  });

  it('leaves nothing behind when the process dies before', async () => {
    const table = await shipped(memoryTable());
    const process = table.client();
    process.faults.crashBefore(1);
    const before = table.items();
    await expect(issue(process, aDraft())).rejects.toThrow('the process died');
    expect(table.items()).toEqual(before);
  });

  it('costs 18 write units and 1.5 read units, for the counter and the policy', async () => {
    const table = await shipped(memoryTable());
    await issue(table, aDraft({ shipment: { shipmentId: shipmentIdOf(1) } }));
    table.resetUnits();
    await issue(table, aDraft());
    expect(table.units).toEqual({ reads: 1.5, writes: 18, calls: 3 });
  });
});

describe('what is owed', () => {
  it('waits in the queue of its state, and in none once it is paid', async () => {
    const table = memoryTable();
    const open = anOpenItem();
    await commit(table, [saveOpenItem(open, 'absent')]);
    expect(await inQueue(table, 'collect')).toMatchObject([
      {
        DSK: `2026-04-08T23:00:00.000Z#${INVOICE_ID}`,
        due: {
          invoiceId: INVOICE_ID,
          number: 'INV-2026-000001',
          customerId: 'cus_harbour',
          currency: 'GBP',
          balance: 6_000,
          issuedOn: '2026-03-03',
          dueOn: '2026-04-02',
          status: 'open',
        },
      },
    ]);

    const { nextActionAt: _, ...afterAllReminders } = { ...open, version: 2 };
    await commit(table, [saveOpenItem(afterAllReminders, 1)]);
    expect(await inQueue(table, 'collect')).toEqual([]);
    expect(await inQueue(table, 'call')).toMatchObject([{ DSK: `2026-04-02#${INVOICE_ID}` }]);

    const disputed = dispute(afterAllReminders, { reason: 'broken', by: 'orders@harbour.example', at });
    await commit(table, [saveOpenItem(disputed, 2)]);
    expect(await inQueue(table, 'call')).toEqual([]);
    expect(await inQueue(table, 'dispute')).toMatchObject([
      { DSK: `2026-03-31T12:00:00.000Z#${INVOICE_ID}`, due: { status: 'disputed' } },
    ]);

    await commit(table, [saveOpenItem(reduceBalance(disputed, 6_000, at), 3)]);
    expect(await inQueue(table, 'dispute')).toEqual([]);
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', version: 4 });
  });

  it('is changed by one of two writers at a time', async () => {
    const table = memoryTable();
    const open = anOpenItem();
    await commit(table, [saveOpenItem(open, 'absent')]);
    await commit(table, [saveOpenItem(reduceBalance(open, 1_000, at), 1)]);
    await expect(commit(table, [saveOpenItem(reduceBalance(open, 2_000, at), 1)])).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await loadOpenItems(table, [invoiceId, invoiceId])).toMatchObject([{ balance: 5_000 }]);
  });
});

describe('a customer’s documents', () => {
  it('are listed newest first with what is owed, page by page, and no one else’s among them', async () => {
    const table = await shipped(memoryTable());
    await keepCustomer(table, aCustomer({ customerId: 'cus_other' }));
    for (const [n, day] of [
      [1, '03'],
      [2, '05'],
      [3, '04'],
    ] as const) {
      await issue(
        table,
        aDraft({ at: `2026-03-${day}T10:00:00.000Z`, shipment: { shipmentId: shipmentIdOf(n) } }),
      );
    }
    await issue(
      table,
      aDraft({
        customer: aCustomer({ customerId: 'cus_other' }),
        shipment: { shipmentId: shipmentIdOf(4), customerId: 'cus_other' },
      }),
    );
    const first = await table.query({ ...documentsOf(harbour), limit: 2 });
    const second = await table.query({
      ...documentsOf(harbour),
      limit: 2,
      ...(first.next && { after: first.next }),
    });
    const numbers = await Promise.all(
      [first, second].map(async ({ items }) =>
        (await loadDocuments(table, items)).map(({ document, openItem }) => [
          document.number,
          openItem?.balance,
        ]),
      ),
    );
    expect(numbers).toEqual([
      [
        ['INV-2026-000002', 6_480],
        ['INV-2026-000003', 6_480],
      ],
      [['INV-2026-000001', 6_480]],
    ]);
  });
});
