import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import type { BankLine } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { importStatement } from '#shared/bank/import-store.ts';
import { lineOf } from '#shared/bank/line-store.ts';
import { takeFile } from '#shared/bank/take-file-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { Currency } from '#shared/kernel/money.ts';
import { Instant } from '#shared/kernel/time.ts';
import { keys } from '#shared/table/keys.ts';
import { anEntry, aStatement, IBAN, MAIN } from './bank-statement.ts';
import { MemoryFiles } from './memory-files.ts';
import type { MemoryTable, TableClient } from './memory-table.ts';

const GBP = Currency.parse('GBP');

/** Takes a statement in pounds with `entries` on 2 April 2026. @returns a run of its import, through any client */
export async function takeLines(
  table: MemoryTable,
  entries: readonly (Partial<StatementEntry> & { amount: number })[],
  { currency = GBP, linesAtOnce = 200 }: { currency?: Currency; linesAtOnce?: number } = {},
) {
  const at = Instant.parse('2026-04-02T08:00:00.000Z');
  if (!(await table.get(keys.bankAccount(MAIN)))) {
    const account = { bankAccountId: MAIN, name: 'Main', account: { iban: IBAN }, currency, version: 1 };
    await table.transact(saveBankAccountActions(undefined, account, { at, actor: 'Fay' }));
  }
  const files = new MemoryFiles();
  const lines = entries.map((entry, index) => anEntry({ line: index + 1, currency, ...entry }));
  const name = String(table.items(({ SK }) => SK === 'HEAD').length);
  const file = Buffer.from(aStatement(name, lines, { currency }));
  const { statements } = await takeFile(table, files, file, {}, { at, by: 'Fay' });
  const statementId = statements[0]?.statement.bankStatementId;
  if (!statementId) throw new Error('no statement was taken');
  const tools = { files, workLine, timeZone: 'Europe/London', timeLeft: () => 900_000, linesAtOnce };
  return {
    statementId,
    run: (client: TableClient = table) => importStatement({ ...tools, table: client }, statementId, at),
    lines: (): BankLine[] =>
      table.items(({ PK, SK }) => PK === statementId && SK.startsWith('LINE#')).map(lineOf),
  };
}

/** The lines of such a statement once it is imported. */
export async function importLines(
  table: MemoryTable,
  entries: Parameters<typeof takeLines>[1],
  options: Parameters<typeof takeLines>[2] = {},
): Promise<BankLine[]> {
  const { run, lines } = await takeLines(table, entries, options);
  await run();
  return lines();
}
