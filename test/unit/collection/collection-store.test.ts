import { describe, expect, it } from 'vitest';
import {
  collectStep,
  loadCustomersToCollect,
  loadInvoicesToCollect,
} from '#shared/collection/collection-store.ts';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import { parseFact } from '#shared/fact/fact.ts';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { dispute, reduceBalance } from '#shared/invoice/open-item.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { commit } from '#shared/table/commit.ts';
import type { Table } from '#shared/table/table.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { invoiceIdOf, openInvoice } from '#test/builders/open-invoice.ts';

const policy = DunningPolicy.parse({
  steps: [
    { name: 'first reminder', afterDays: 7 },
    { name: 'second reminder', afterDays: 21 },
  ],
  callAfterDays: 35,
});
const acme = CustomerId.parse('cus_acme');
const at = Instant.parse('2026-04-08T07:00:00.000Z');
const order = (step: number, date: string, ...numbers: number[]) => ({
  customerId: acme,
  step,
  invoiceIds: numbers.map(invoiceIdOf),
  date: CalendarDate.parse(date),
  at,
});
const collect = (table: Table, ...details: Parameters<typeof order>) =>
  collectStep(table, order(...details), policy, 'Europe/London');

async function tableWith(...items: OpenItem[]) {
  const table = memoryTable();
  for (const item of items) await commit(table, [saveOpenItem(item, 'absent')]);
  return table;
}

async function reminders(table: Table) {
  const { items } = await table.query({ partition: acme, prefix: 'FACT#reminded' });
  return items.map(({ PK: _, SK: _sk, OPK: _opk, OSK: _osk, sum: _sum, ...fact }) =>
    parseFact(['account.reminded'], fact),
  );
}

describe('who is collected from', () => {
  it('is every customer with an action that has come, once', async () => {
    const table = await tableWith(
      openInvoice(1, { customerId: 'cus_zeta' }),
      openInvoice(2),
      openInvoice(3),
      openInvoice(4, { customerId: 'cus_early', nextActionAt: '2026-04-08T23:00:00.000Z' }),
    );
    const customers = await loadCustomersToCollect(table, CalendarDate.parse('2026-04-08'), 'Europe/London');
    expect(customers).toEqual(['cus_acme', 'cus_zeta']);
  });

  it('is asked only about its own invoices that are due', async () => {
    // cus_6 hashes to the shard of cus_2, so both lie in one partition of the queue.
    const table = await tableWith(
      openInvoice(1, { customerId: 'cus_2' }),
      openInvoice(2, { customerId: 'cus_6' }),
      openInvoice(3, { customerId: 'cus_2', nextActionAt: '2026-05-01T23:00:00.000Z' }),
    );
    const items = await loadInvoicesToCollect(
      table,
      CustomerId.parse('cus_2'),
      CalendarDate.parse('2026-04-08'),
      'Europe/London',
    );
    expect(items).toEqual([openInvoice(1, { customerId: 'cus_2' })]);
  });
});

describe('a reminder', () => {
  it('is recorded with what is owed now, and plans the next step', async () => {
    const table = await tableWith(openInvoice(1), openInvoice(2, { balance: 2500 }));
    await collect(table, 1, '2026-04-08', 2, 1);

    expect(await loadOpenItem(table, invoiceIdOf(1))).toEqual(
      openInvoice(1, { dunningStep: 1, nextActionAt: '2026-04-21T23:00:00.000Z', version: 2 }),
    );
    expect(await reminders(table)).toEqual([
      {
        id: 'cus_acme.reminded-2026-04-08-1-inv_01kmbs00000000000000000001',
        type: 'account.reminded',
        version: 1,
        at: '2026-04-08T07:00:00.000Z',
        subject: 'cus_acme',
        slot: 'reminded-2026-04-08-1-inv_01kmbs00000000000000000001',
        customerId: 'cus_acme',
        actor: 'collections',
        data: {
          step: 1,
          stepName: 'first reminder',
          currency: 'GBP',
          invoices: [
            { invoiceId: invoiceIdOf(1), number: 'INV-2026-000001', dueOn: '2026-04-01', balance: 10000 },
            { invoiceId: invoiceIdOf(2), number: 'INV-2026-000002', dueOn: '2026-04-01', balance: 2500 },
          ],
        },
      },
    ]);
  });

  it('speaks of the instalments that are overdue, and not of those to come', async () => {
    const instalments = [
      { dueOn: '2026-04-01', amount: 4_000 },
      { dueOn: '2026-05-01', amount: 6_000 },
    ];
    const table = await tableWith(openInvoice(1, { instalments }));
    await collect(table, 1, '2026-04-08', 1);
    const [reminder] = await reminders(table);
    expect(reminder?.data.invoices).toMatchObject([{ dueOn: '2026-04-01', balance: 4_000 }]);
  });

  it('of the next instalment is a first one again', async () => {
    const instalments = [
      { dueOn: '2026-04-01', amount: 4_000 },
      { dueOn: '2026-05-01', amount: 6_000 },
    ];
    const table = await tableWith(openInvoice(1, { instalments }));
    await collect(table, 1, '2026-04-08', 1);
    const reminded = await loadOpenItem(table, invoiceIdOf(1));
    if (!reminded) throw new Error('the open item is gone');
    await commit(table, [saveOpenItem(reduceBalance(reminded, 4_000, at), reminded.version)]);
    expect((await collect(table, 1, '2026-05-07', 1)).kind).toBe('nothing');
    expect((await collect(table, 1, '2026-05-08', 1)).kind).toBe('reminded');
    const sent = (await reminders(table)).map(({ data }) => data.invoices);
    expect(sent).toMatchObject([
      [{ dueOn: '2026-04-01', balance: 4_000 }],
      [{ dueOn: '2026-05-01', balance: 6_000 }],
    ]);
  });

  it('is recorded once, however often the step is taken', async () => {
    const table = await tableWith(openInvoice(1));
    expect((await collect(table, 1, '2026-04-08', 1)).kind).toBe('reminded');
    expect((await collect(table, 1, '2026-04-08', 1)).kind).toBe('nothing');
    expect((await collect(table, 1, '2026-04-09', 1)).kind).toBe('nothing');
    expect(await reminders(table)).toHaveLength(1);
  });

  it('is recorded once by two runs at the same time', async () => {
    const table = await tableWith(openInvoice(1));
    const outcomes = await Promise.all([
      collect(table.client(), 1, '2026-04-08', 1),
      collect(table.client(), 1, '2026-04-08', 1),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['nothing', 'reminded']);
    expect(await reminders(table)).toHaveLength(1);
  });

  it('leaves out what was paid or disputed since the account was assessed', async () => {
    const table = await tableWith(openInvoice(1), openInvoice(2), openInvoice(3));
    await commit(table, [saveOpenItem(reduceBalance(openInvoice(1), 10000, at), 1)]);
    await commit(table, [saveOpenItem(dispute(openInvoice(2), { reason: 'broken', by: 'acme', at }), 1)]);
    await collect(table, 1, '2026-04-08', 1, 2, 3);
    const [reminder] = await reminders(table);
    expect(reminder?.data.invoices.map(({ number }) => number)).toEqual(['INV-2026-000003']);
  });

  it('leaves out an invoice that is paid between the reading and the writing', async () => {
    const table = await tableWith(openInvoice(1), openInvoice(2));
    const [paid] = [saveOpenItem(reduceBalance(openInvoice(1), 10000, at), 1)];
    let payFirst = true;
    const slow: Table = {
      get: (...call) => table.get(...call),
      getMany: (...call) => table.getMany(...call),
      query: (...call) => table.query(...call),
      write: (...call) => table.write(...call),
      async transact(actions) {
        if (payFirst) await table.write(paid);
        payFirst = false;
        await table.transact(actions);
      },
    };
    await collect(slow, 1, '2026-04-08', 1, 2);
    const [reminder] = await reminders(table);
    expect(reminder?.data.invoices.map(({ number }) => number)).toEqual(['INV-2026-000002']);
    expect((await loadOpenItem(table, invoiceIdOf(1)))?.status).toBe('paid');
  });

  it('of 60 invoices fits one transaction', async () => {
    const invoices = Array.from({ length: 60 }, (_, index) => openInvoice(index + 1));
    const table = await tableWith(...invoices);
    await collect(table, 1, '2026-04-08', ...invoices.map((_, index) => index + 1));
    expect((await reminders(table))[0]?.data.invoices).toHaveLength(60);
  });

  it('does not go out twice within days when the first was a month late', async () => {
    const table = await tableWith(openInvoice(1));
    await collect(table, 1, '2026-05-11', 1);
    expect((await collect(table, 2, '2026-05-12', 1)).kind).toBe('nothing');
    expect((await collect(table, 2, '2026-05-25', 1)).kind).toBe('reminded');
  });
});

describe('after the last reminder', () => {
  it('the invoice moves to the call list, without a mail', async () => {
    const table = await tableWith(
      openInvoice(1, { dunningStep: 2, nextActionAt: '2026-05-05T23:00:00.000Z' }),
    );
    expect((await collect(table, 3, '2026-05-06', 1)).kind).toBe('called');

    expect((await collect(table, 3, '2026-05-06', 1)).kind).toBe('nothing');
    const item = await table.get({ PK: invoiceIdOf(1), SK: 'OPEN' });
    expect(item).toMatchObject({ DPK: expect.stringContaining('QUEUE#call#'), dunningStep: 2, version: 2 });
    expect(item).not.toHaveProperty('nextActionAt');
    expect(await reminders(table)).toEqual([]);
  });
});
