import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ImportTools, importStatement } from '#shared/bank/import-store.ts';
import { loadStatement } from '#shared/bank/statement-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { anEntry } from '#test/builders/bank-statement.ts';
import { factsIn } from '#test/builders/house.ts';
import {
  AT,
  aWorld,
  countsOf,
  cus,
  EUR,
  entriesFor,
  linesOf,
  number,
  paidIn,
  take,
  tools,
} from '#test/builders/imported-statement.ts';
import type { MemoryTable } from '#test/builders/memory-table.ts';
import { openInvoice } from '#test/builders/open-invoice.ts';

/** What became of each line, without ids that differ from run to run. */
const outcomes = (table: MemoryTable) =>
  linesOf(table).map((line) => [line.entry.line, line.status, line.match?.rule, line.match?.allocations]);

describe('the import of a statement', () => {
  it('posts what is matched, in order, and says how far it is', async () => {
    const { table, files } = await aWorld(60);
    const id = await take(table, files, entriesFor(25));
    expect(await importStatement(tools(table, files), id, AT)).toBe('imported');
    const found = await loadStatement(table, id);
    expect(found).toMatchObject({ statement: { status: 'imported', done: 25 } });
    const lines = linesOf(table);
    expect(lines.map(({ entry }) => entry.line)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    const byStatus = Object.groupBy(lines, ({ status }) => status);
    expect(found?.counts).toEqual({
      matched: byStatus.matched?.length ?? 0,
      suggested: byStatus.suggested?.length ?? 0,
      queued: byStatus.queued?.length ?? 0,
      ignored: 0,
    });
    // The first of every five pays an invoice to the cent, the fifth is money of nobody.
    expect(
      lines.filter(({ entry }) => entry.line % 5 === 1).every(({ status }) => status === 'matched'),
    ).toBe(true);
    expect(lines.filter(({ entry }) => entry.line % 5 === 0).every(({ status }) => status === 'queued')).toBe(
      true,
    );
    expect(factsIn(table).filter(({ type }) => type === 'bank_statement.imported')).toHaveLength(1);
    const before = table.items();
    expect(await importStatement(tools(table, files), id, AT)).toBe('imported');
    expect(table.items()).toEqual(before);
  });

  it('takes off what is offered for paying early, up to its day', async () => {
    const { table, files } = await aWorld(0);
    for (const [n, until] of [
      [1, '2026-03-31'],
      [2, '2026-03-30'],
    ] as const) {
      const owed = { customerId: cus(n), currency: EUR, total: 10_000, balance: 10_000 };
      const discount = { until, amount: 200, tax: 0 };
      await table.write(saveOpenItem(openInvoice(n, { ...owed, discount }), 'absent'));
    }
    const entries = [1, 2].map((n) => anEntry({ line: n, amount: 9_800, text: number(n) }));
    await importStatement(tools(table, files), await take(table, files, entries), AT);
    const [inTime, late] = linesOf(table);
    expect(inTime).toMatchObject({
      status: 'matched',
      match: { allocations: [{ amount: 9_800, discount: 200 }] },
    });
    expect(late?.match?.allocations.map(({ discount }) => discount)).toEqual([undefined]);
  });

  it('hands the rest on when its time runs out, and the next run goes on there', async () => {
    const { table, files } = await aWorld(10);
    const id = await take(table, files, entriesFor(450));
    const left = vi.fn<() => number>(() => 59_000);
    expect(await importStatement(tools(table, files, { timeLeft: left }), id, AT)).toBe('handed on');
    expect((await loadStatement(table, id))?.statement).toMatchObject({ done: 200, status: 'importing' });
    const continued = () =>
      factsIn(table).flatMap((fact) => (fact.type === 'bank_statement.continued' ? [fact.data] : []));
    expect(continued()).toEqual([{ bankStatementId: id, done: 200 }]);
    expect(await importStatement(tools(table, files, { timeLeft: left }), id, AT)).toBe('handed on');
    expect(await importStatement(tools(table, files, { timeLeft: left }), id, AT)).toBe('imported');
    expect(continued().map(({ done }) => done)).toEqual([200, 400]);
    expect(linesOf(table)).toHaveLength(450);
  });

  it('leaves the statement to another run that was faster', async () => {
    const { table, files } = await aWorld(10);
    const id = await take(table, files, entriesFor(30));
    const slow = table.client();
    let overtaken = false;
    const meanwhile: ImportTools['workLine'] = async (at, work) => {
      if (!overtaken) {
        overtaken = true;
        await importStatement(tools(table, files), id, AT);
      }
      return workLine(at, work);
    };
    expect(await importStatement(tools(slow, files, { workLine: meanwhile }), id, AT)).toBe('overtaken');
    expect(linesOf(table)).toHaveLength(30);
    expect((await loadStatement(table, id))?.counts).toEqual(countsOf(linesOf(table)));
  });

  it('broken off at any write and gone on with, ends as if it never broke off', async () => {
    const whole = await aWorld(60);
    const entries = entriesFor(40);
    await importStatement(tools(whole.table, whole.files), await take(whole.table, whole.files, entries), AT);
    const expected = outcomes(whole.table);
    expect(new Set(expected.map(([, status]) => status))).toEqual(
      new Set(['matched', 'suggested', 'queued']),
    );
    const crash = fc.record({
      nth: fc.integer({ min: 1, max: 45 }),
      when: fc.constantFrom('before', 'after'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(crash, { minLength: 1, maxLength: 4 }), async (crashes) => {
        const { table, files } = await aWorld(60);
        const id = await take(table, files, entries);
        for (const { nth, when } of crashes) {
          const client = table.client();
          if (when === 'before') client.faults.crashBefore(nth);
          else client.faults.crashAfter(nth);
          await importStatement(tools(client, files, { linesAtOnce: 7 }), id, AT).catch(() => undefined);
        }
        await importStatement(tools(table, files, { linesAtOnce: 7 }), id, AT);
        expect(outcomes(table)).toEqual(expected);
        const found = await loadStatement(table, id);
        expect(found?.counts).toEqual(countsOf(linesOf(table)));
        expect(paidIn(table)).toEqual(paidIn(whole.table));
        expect(factsIn(table).filter(({ type }) => type === 'bank_statement.imported')).toHaveLength(1);
      }),
      { numRuns: Number(process.env['HISTORIES'] ?? 25) },
    );
  }, 120_000);
});
