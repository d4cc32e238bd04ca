import { beforeEach, describe, expect, it } from 'vitest';
import { type BankAccount, BankAccountId, BankStatementId } from '#shared/bank/bank-line.ts';
import { listWaiting } from '#shared/bank/line-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { aBankAccount, aMatch, anEntry, aStatement } from '../../builders/bank-line.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';

const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');
const accounts = ['main', 'euro', 'dollar', 'payroll', 'savings'];

let table: MemoryTable;
const wait = async (account: BankAccount, index: number, bookedOn: string) => {
  const bankStatementId = BankStatementId.parse(`bst_${String(index).padStart(32, '0')}`);
  await workLine(table, {
    timeZone: 'Europe/London',
    statement: aStatement(6_000, 1, { bankStatementId, bankAccountId: account.bankAccountId }),
    account,
    entry: anEntry({ bookedOn, line: index }),
    match: aMatch({ outcome: 'queued', customerId: undefined }),
    at,
    today,
    actor: 'import-statement',
  });
};

/** Two lines of each account wait, the later first. */
beforeEach(async () => {
  table = memoryTable();
  for (const [index, bankAccountId] of accounts.entries()) {
    const account = aBankAccount({ bankAccountId });
    await wait(account, 2 * index + 1, '2026-03-31');
    await wait(account, 2 * index + 2, '2026-03-30');
  }
});

/** The lines of all pages of `limit`, and how many pages they took. */
async function pages(limit: number, bankAccountId?: string) {
  const account = bankAccountId === undefined ? undefined : BankAccountId.parse(bankAccountId);
  const lines: number[] = [];
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await listWaiting(table, account, { limit, cursor });
    lines.push(...page.lines.map(({ entry }) => entry.line));
    cursor = page.nextCursor;
    count++;
  } while (cursor !== undefined && count < 50);
  return { lines, count };
}

describe('the lines that wait', () => {
  it.each([1, 2, 3, 7, 10, 100])('are all there once, in pages of %d', async (limit) => {
    const { lines } = await pages(limit);
    expect(lines.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('are those of one account, the oldest first', async () => {
    expect(await pages(100, 'euro')).toEqual({ lines: [4, 3], count: 1 });
    expect((await pages(1, 'euro')).lines).toEqual([4, 3]);
  });

  it('are not reached with the cursor of another list', async () => {
    const cursor = Buffer.from(JSON.stringify({ DPK: 'QUEUE#call#1' })).toString('base64url');
    await expect(listWaiting(table, undefined, { limit: 2, cursor })).rejects.toMatchObject({
      code: 'cursor_invalid',
    });
  });
});
