import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { BankAccountId, BankLine, type BankStatement } from '#shared/bank/bank-line.ts';
import { newLine, recount, saveLine } from '#shared/bank/line-store.ts';
import { reconcileBank } from '#shared/bank/reconciliation-store.ts';
import { checkpointsHold } from '#shared/invariant/bank-checkpoints.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { addDays } from '#shared/kernel/days.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { postEntry } from '#shared/ledger/ledger-store.ts';
import { lastDayOf, monthOf } from '#shared/ledger/period.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { anEntry as aBankEntry, aStatement, layStatement } from '../../builders/bank-line.ts';
import { anEntry } from '../../builders/invoice.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';

const main = BankAccountId.parse('main');
const months = ['2026-01', '2026-02', '2026-03'];
const on = CalendarDate.parse('2026-04-10');
const idOf = (month: string, n = 0) => `bst_${month.replace('-', '')}${String(n).padStart(26, '0')}`;
const own = (month: string, line: number) => `${idOf(month)}#${line}`;

let table: MemoryTable;
let entries = 0;
beforeEach(async () => {
  table = memoryTable();
  for (const [index, month] of months.entries()) await layMonth(month, index);
});

/** A month's statement of `lines` entries of 1.00, all but the last booked on their day; and the month is closed. */
async function layMonth(month: string, index: number, lines = 20) {
  const day = CalendarDate.parse(`${month}-15`);
  for (let line = 1; line <= lines; line++) {
    const waits = line === lines;
    await table.write(newLine(lineOf(month, line, waits)));
    if (!waits) await table.write(postEntry(booking(own(month, line), day, 100)));
  }
  const sum = lines * 100;
  const openingBalance = 10_000 + index * sum;
  const header = { openingBalance, closingBalance: openingBalance + sum };
  await layStatement(table, statementOf(month, lines, header), { matched: lines - 1, queued: 1 });
  await table.write({
    do: 'put',
    item: {
      ...keys.period(month),
      month,
      closedAt: `${addDays(lastDayOf(monthOf(day)), 3)}T08:00:00.000Z`,
      closedBy: 'finance',
      entries: 0,
      turnover: [],
    },
  });
}

function statementOf(
  month: string,
  lines: number,
  header: { openingBalance: number; closingBalance: number },
  change: Partial<BankStatement> = {},
): BankStatement {
  const base = aStatement(lines * 100, lines, {
    bankStatementId: idOf(month),
    status: 'imported',
    done: lines,
  });
  const openingOn = CalendarDate.parse(`${month}-01`);
  const closingOn = lastDayOf(monthOf(openingOn));
  return { ...base, ...change, header: { ...base.header, ...header, openingOn, closingOn } };
}

function lineOf(month: string, line: number, waits: boolean, version = 1): BankLine {
  const common = {
    bankStatementId: idOf(month),
    bankAccountId: main,
    entry: { ...aBankEntry(), line, amount: 100 },
    bookedOn: `${month}-15`,
    version,
  };
  return waits
    ? BankLine.parse({ ...common, status: 'queued' })
    : BankLine.parse({
        ...common,
        status: 'matched',
        by: 'finance',
        at: '2026-04-01T08:00:00.000Z',
        outcome: { kind: 'booking', account: 'interest', reason: 'Interest' },
      });
}

function booking(source: string, date: CalendarDate, amount: number) {
  return anEntry({
    entryId: `ent_${String(++entries).padStart(26, '0')}`,
    kind: 'bank',
    customerId: undefined,
    source,
    date,
    postings: [
      { account: 'bank', amount },
      { account: 'interest', amount: -amount },
    ],
  });
}

const checkpoints = () => table.items(({ PK }) => PK.startsWith('reconciliation_'));
/** As if nobody had reconciled before. */
async function fromTheStart(day = on) {
  const fresh = memoryTable(table.items(({ PK }) => !PK.startsWith('reconciliation_')));
  return reconcileBank(fresh, main, day);
}
/** The line of January that waits is decided today, or what was decided is undone. */
const change = (line: number, waits: boolean) => {
  const next = lineOf('2026-01', line, waits, 2);
  return commit(table, [
    saveLine(next),
    recount(next, waits ? 'matched' : 'queued', next.status),
    postEntry(booking(own('2026-01', line), on, waits ? -100 : 100)),
  ]);
};

describe('a reconciliation after others', () => {
  it('says what reading from the start says, and leaves a checkpoint for each closed month', async () => {
    const first = await reconcileBank(table, main, on);
    expect(first).toMatchObject({
      difference: 0,
      items: [{ kind: 'opening_balance' }, { kind: 'queued', count: 3 }],
    });
    expect(checkpoints().map(({ SK }) => SK)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
    expect(await reconcileBank(table, main, on)).toEqual(first);
    for (const day of ['2026-01-20', '2026-02-28', '2026-03-02']) {
      const date = CalendarDate.parse(day);
      expect(await reconcileBank(table, main, date)).toEqual(await fromTheStart(date));
    }
    expect([...checkpointsHold(await readPicture(table.items()))]).toEqual([]);
  });

  it('reads neither lines nor entries of months that are done', async () => {
    await reconcileBank(table, main, on);
    // Nothing that could be read of January is right any more, and nothing is missed.
    const spoilt = table
      .items()
      .map((item) =>
        item.PK.startsWith('ledger_2026-01') || (item.PK === idOf('2026-01') && item.SK.startsWith('LINE#'))
          ? { PK: item.PK, SK: item.SK }
          : item,
      );
    expect(await reconcileBank(memoryTable(spoilt), main, on)).toEqual(await fromTheStart());
    table.resetUnits();
    await reconcileBank(table, main, on);
    expect(table.units.writes).toBe(0);
  });

  it('shows a line decided after its month was reckoned', async () => {
    await reconcileBank(table, main, on);
    await change(20, false);
    const now = await reconcileBank(table, main, on);
    expect(now).toEqual(await fromTheStart());
    expect(now.items).toMatchObject([{ kind: 'opening_balance' }, { kind: 'queued', count: 2 }]);
    const then = await reconcileBank(table, main, CalendarDate.parse('2026-03-31'));
    expect(then.items).toContainEqual(expect.objectContaining({ kind: 'booked_later', amount: 100 }));
  });

  it('shows a line undone, and one undone and decided again with the counts as they were', async () => {
    await reconcileBank(table, main, on);
    await change(1, true);
    const undone = await reconcileBank(table, main, on);
    expect(undone).toEqual(await fromTheStart());
    expect(undone.items).toMatchObject([{}, { kind: 'queued', count: 4 }]);
    // Decided, but not booked again: the entry that undid it is on no statement now.
    const again = lineOf('2026-01', 1, false, 3);
    await commit(table, [saveLine(again), recount(again, 'queued', 'matched')]);
    const decided = await reconcileBank(table, main, on);
    expect(decided).toEqual(await fromTheStart());
    expect(decided.items).toMatchObject([
      {},
      { kind: 'queued', count: 3 },
      { kind: 'not_on_statement', amount: 100 },
    ]);
  });

  it('shows a statement that comes in late', async () => {
    await reconcileBank(table, main, on);
    const late = statementOf('2026-02', 0, { openingBalance: 14_000, closingBalance: 14_000 });
    await layStatement(table, {
      ...late,
      bankStatementId: BankLine.options[0].shape.bankStatementId.parse(`bst_${'f'.repeat(32)}`),
    });
    const now = await reconcileBank(table, main, on);
    expect(now).toEqual(await fromTheStart());
  });

  it('leaves no checkpoint of a month whose statement is still being taken', async () => {
    await table.write({
      do: 'update',
      key: keys.bankStatement(idOf('2026-02')),
      set: { status: 'importing' },
      when: [],
    });
    await reconcileBank(table, main, on);
    expect(checkpoints().map(({ SK }) => SK)).toEqual(['2026-01-31']);
  });

  it('is violated by a checkpoint that says something else', async () => {
    await reconcileBank(table, main, on);
    const items = table
      .items()
      .map((item) =>
        item.SK === '2026-01-31' && item.PK.startsWith('reconciliation_')
          ? { ...item, carried: { ...z.looseObject({}).parse(item['carried']), ledger: 1 } }
          : item,
      );
    expect([...checkpointsHold(await readPicture(items))]).toMatchObject([{ invariant: 'A' }]);
  });
});
