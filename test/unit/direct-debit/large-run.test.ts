import { describe, expect, it } from 'vitest';
import { bankFile } from '#shared/direct-debit/bank-file.ts';
import { itemPages, loadDebitFile, loadItemPage, loadRun } from '#shared/direct-debit/direct-debit-store.ts';
import { cancelRun, releaseInvoices } from '#shared/direct-debit/release-run-store.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { commit } from '#shared/table/commit.ts';
import type { Table } from '#shared/table/table.ts';
import {
  brokenIn,
  COLLECT_ON,
  debtors,
  goOn,
  killedAnywhere,
  MADE_AT,
  makeRun,
  RUN_ID,
  remembering,
  waitingFor,
} from '#test/builders/debtors.ts';
import type { MemoryTable } from '#test/builders/memory-table.ts';
import { invoiceIdOf } from '#test/builders/open-invoice.ts';

/** 180 invoices, one of the customers owes 60: several chunks in each quarter of the customers, one of them cut. */
const many = [60, ...Array.from({ length: 60 }, () => 2)];

const doing = (key = 'cancel') => ({
  timeZone: 'Europe/London',
  at: MADE_AT,
  actor: 'finance@example.com',
  remember: remembering(key),
});

const factsOf = (table: MemoryTable, type: string) => table.items((item) => item['type'] === type);

describe('a run of 1,000 invoices', () => {
  it('is collected after the request, and its files are for the bank once that is done', async () => {
    const table = await debtors([60, ...Array.from({ length: 235 }, () => 4)]);
    const made = await makeRun(table);
    expect(made.status).toBe('collecting');
    expect(made.count).toBeLessThan(50);
    await expect(loadDebitFile(table, RUN_ID, 1)).rejects.toMatchObject({
      code: 'direct_debit_not_ready',
      message: expect.stringContaining(`${made.count} debits so far`),
    });
    expect(await goOn(table)).toBe('ready');
    const run = await loadRun(table, RUN_ID);
    expect(run).toMatchObject({ count: 1_000, total: 10_000_000, status: 'ready' });
    expect(waitingFor(table)).toHaveLength(1_000);
    expect(await brokenIn(table)).toEqual([]);

    const { content } = bankFile(await loadDebitFile(table, RUN_ID, 1), 1);
    expect(content).toContain('<NbOfTxs>1000</NbOfTxs>');
    expect(content).toContain('<CtrlSum>100000.00</CtrlSum>');
    // Each mandate's first debit is its first whichever chunk it is in, and all others recur.
    expect(run.batches).toMatchObject([
      { sequence: 'FRST', count: 236 },
      { sequence: 'RCUR', count: 764 },
    ]);
    const announced = factsOf(table, 'direct_debit.announced').map(({ data }) => data);
    expect(announced.flatMap((data) => Object(data).invoices)).toHaveLength(1_000);

    const page = await loadItemPage(table, RUN_ID, { limit: 100 });
    expect(page.items).toHaveLength(100);
    expect(page.nextCursor).toBeDefined();
  });

  it('is given back as a whole', async () => {
    const table = await debtors(many);
    await makeRun(table);
    await goOn(table);
    const run = await cancelRun(table, await loadRun(table, RUN_ID), 'not sent', doing());
    expect(run.status).toBe('cancelling');
    expect(await goOn(table)).toBe('cancelled');
    expect(waitingFor(table)).toEqual([]);
    expect(await loadOpenItem(table, invoiceIdOf(7))).toHaveProperty('nextActionAt');
    expect(await brokenIn(table)).toEqual([]);
  });

  it('may be cancelled while it is being collected', async () => {
    const table = await debtors(many);
    await makeRun(table);
    await cancelRun(table, await loadRun(table, RUN_ID), 'too early', doing());
    await goOn(table);
    expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'cancelled' });
    expect(waitingFor(table)).toEqual([]);
  });
});

describe('a run that is killed at any write', () => {
  const isWhole = async (table: MemoryTable) => {
    expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'ready', count: 180, total: 1_800_000 });
    expect(waitingFor(table)).toHaveLength(180);
    expect(await brokenIn(table)).toEqual([]);
  };

  it('goes on collecting', async () => {
    const world = async () => {
      const table = await debtors(many);
      await makeRun(table);
      return table;
    };
    expect(await killedAnywhere(world, (table) => goOn(table), isWhole)).toBeGreaterThan(3);
  }, 60_000);

  it('goes on giving back', async () => {
    const world = async () => {
      const table = await debtors(many);
      await makeRun(table);
      await goOn(table);
      await cancelRun(table, await loadRun(table, RUN_ID), 'not sent', doing());
      return table;
    };
    const isGone = async (table: MemoryTable) => {
      expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'cancelled' });
      expect(waitingFor(table)).toEqual([]);
      expect(factsOf(table, 'direct_debit.cancelled')).toHaveLength(1);
    };
    expect(await killedAnywhere(world, (table) => goOn(table), isGone)).toBeGreaterThan(2);
  }, 60_000);
});

describe('a run beside other work', () => {
  it('hands itself on when its time is over, chunk after chunk', async () => {
    const table = await debtors(many);
    await makeRun(table);
    expect(await goOn(table, MADE_AT, () => 59_000)).toBe('ready');
    expect(factsOf(table, 'direct_debit.continued').length).toBeGreaterThan(2);
    expect(await loadRun(table, RUN_ID)).toMatchObject({ count: 180 });
  });

  it('is shared by two that were woken for it', async () => {
    const table = await debtors(many);
    await makeRun(table);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    expect(await Promise.all([goOn(table.client(turn)), goOn(table.client(turn))])).toEqual([
      'ready',
      'ready',
    ]);
    expect(await loadRun(table, RUN_ID)).toMatchObject({ count: 180 });
    expect(await brokenIn(table)).toEqual([]);
  });

  it('leaves out an invoice that others change all the time, and takes the rest', async () => {
    const table = await debtors(many);
    const made = await makeRun(table);
    const restless = waitingNot(table, 100);
    // Each read of it is out of date when it is written.
    const busy: Table = {
      ...table.client(),
      getMany: (wanted, options) => table.getMany(wanted, options),
      query: (query) => table.query(query),
      get: (key, options) => table.get(key, options),
      write: (action) => table.write(action),
      transact: async (actions) => {
        const touches = actions.some(
          (action) => 'item' in action && action.item.PK === restless && action.item.SK === 'OPEN',
        );
        const item = touches ? await loadOpenItem(table, restless) : undefined;
        if (item) await commit(table, [saveOpenItem({ ...item, version: item.version + 1 }, item.version)]);
        return table.transact(actions);
      },
    };
    expect(made.status).toBe('collecting');
    expect(await goOn(busy)).toBe('ready');
    expect(await loadRun(table, RUN_ID)).toMatchObject({ count: 179 });
    expect(await loadOpenItem(table, restless)).not.toHaveProperty('debit');
    expect(await brokenIn(table)).toEqual([]);
  });

  it('takes what the bank refused out of the sum that it brings, once', async () => {
    const table = await debtors([1, 1, 1]);
    const run = await makeRun(table);
    expect(run.status).toBe('ready');
    const asked = { reason: 'AC04 closed account', invoiceIds: [invoiceIdOf(2)] };
    const next = await releaseInvoices(table, run, asked, doing());
    expect(next.batches).toMatchObject([{ total: 30_000, released: 10_000 }]);
    await expect(releaseInvoices(table, next, asked, doing('again'))).rejects.toMatchObject({
      code: 'direct_debit_not_open',
    });
    const pages: { item: { releasedAt?: string | undefined } }[] = [];
    for await (const page of itemPages(table, RUN_ID, 2)) pages.push(...page);
    expect(pages.filter(({ item }) => item.releasedAt)).toHaveLength(1);
    expect(run.collectOn).toBe(COLLECT_ON);
    expect(await brokenIn(table)).toEqual([]);
  });
});

/** An invoice that waits for nothing yet, `n` from the first. */
function waitingNot(table: MemoryTable, n: number) {
  const free = table.items(({ SK, ...item }) => SK === 'OPEN' && item['debit'] === undefined);
  const found = Array.from({ length: 180 }, (_, index) => invoiceIdOf(index + 1)).filter((id) =>
    free.some(({ PK }) => PK === id),
  );
  const id = found[Math.min(n, found.length - 1)];
  if (!id) throw new Error('all of them wait');
  return id;
}
