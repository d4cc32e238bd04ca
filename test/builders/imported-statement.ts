import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import type { BankLine } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import type { ImportTools } from '#shared/bank/import-store.ts';
import { lineOf } from '#shared/bank/line-store.ts';
import type { StatementFiles } from '#shared/bank/statement-files.ts';
import { takeFile } from '#shared/bank/take-file-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { Instant } from '#shared/kernel/time.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { anEntry, aStatement, IBAN, MAIN } from './bank-statement.ts';
import { aCustomer, anAccount } from './customer.ts';
import { MemoryFiles } from './memory-files.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';
import { openInvoice } from './open-invoice.ts';

export const AT = Instant.parse('2026-03-31T10:00:00.000Z');
export const EUR = Currency.parse('EUR');
const CUSTOMERS = 6;
export const cus = (n: number) => `cus_c${n % CUSTOMERS}`;

/** Six customers with `invoices` open invoices of EUR 100.00 and a few cents, each told apart by its amount. */
export async function aWorld(invoices: number): Promise<{ table: MemoryTable; files: MemoryFiles }> {
  const table = memoryTable();
  for (let n = 0; n < CUSTOMERS; n++) {
    const customerId = CustomerId.parse(cus(n));
    const name = ['Bluebell', 'Harbour', 'Larkspur', 'Meadow', 'Quarry', 'Tern'][n] ?? '';
    await table.transact([
      {
        do: 'put',
        item: { ...keys.customer(customerId), ...aCustomer({ customerId, name, currency: EUR }) },
      },
      {
        do: 'put',
        item: {
          ...keys.account(customerId),
          ...anAccount({ customerId, currency: EUR, exposure: 9_000_000, receivable: 9_000_000 }),
        },
      },
    ]);
  }
  for (let n = 1; n <= invoices; n++) {
    const amount = 10_000 + n;
    await table.write(
      saveOpenItem(
        openInvoice(n, { customerId: cus(n), currency: EUR, total: amount, balance: amount }),
        'absent',
      ),
    );
  }
  const account = { bankAccountId: MAIN, name: 'Main', account: { iban: IBAN }, currency: EUR, version: 1 };
  await table.transact(saveBankAccountActions(undefined, account, { at: AT, actor: 'Fay' }));
  return { table, files: new MemoryFiles() };
}

export const number = (n: number) => `INV-2026-${String(n).padStart(6, '0')}`;

/** Every kind of line: paid as asked for, paid again, paid in part and then the rest or the same again, unknown, money out. */
export function entriesFor(lines: number): StatementEntry[] {
  return Array.from({ length: lines }, (_, index) => {
    const line = index + 1;
    const n = Math.ceil(line / 5);
    switch (line % 5) {
      case 1:
        return anEntry({ line, amount: 10_000 + n, text: `Rechnung ${number(n)}` });
      case 2:
        return anEntry({ line, amount: 10_000 + n, text: `Rechnung ${number(n)} nochmals` });
      case 3:
        return anEntry({ line, amount: 4_000, text: number(n + 40) });
      case 4:
        return anEntry({ line, amount: n % 2 ? 4_000 : 6_040 + n, text: number(n + 40) });
      default:
        return anEntry({ line, amount: line % 2 ? -700 : 777, text: 'sundry' });
    }
  });
}

export const tools = (table: Table, files: StatementFiles, over: Partial<ImportTools> = {}): ImportTools => ({
  table,
  files,
  workLine,
  timeZone: 'Europe/Berlin',
  timeLeft: () => 900_000,
  ...over,
});

export async function take(table: Table, files: StatementFiles, entries: StatementEntry[]) {
  const { statements } = await takeFile(
    table,
    files,
    Buffer.from(aStatement('7', entries)),
    {},
    { at: AT, by: 'Fay' },
  );
  const [taken] = statements;
  if (!taken) throw new Error('no statement was taken');
  return taken.statement.bankStatementId;
}

export const linesOf = (table: MemoryTable): BankLine[] =>
  table.items(({ PK, SK }) => PK.startsWith('bst_') && SK.startsWith('LINE#')).map(lineOf);

export function countsOf(lines: readonly BankLine[]) {
  const counts = { matched: 0, suggested: 0, queued: 0, ignored: 0 };
  for (const { status } of lines) counts[status] += 1;
  return counts;
}

/** Amounts of all payments, and what is left of each invoice. */
export function paidIn(table: MemoryTable) {
  const payments = table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
  const open = table.items(({ SK }) => SK === 'OPEN');
  return {
    payments: payments.map(({ amount }) => amount).toSorted((one, other) => Number(one) - Number(other)),
    open: open.map(({ PK, balance }) => [PK, balance]),
  };
}
