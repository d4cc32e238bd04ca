import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { BOOKS_BEGIN, entriesByDay } from '../ledger/ledger-store.ts';
import { keys, owners, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Query, Table } from '../table/table.ts';
import { BankAccount, type BankAccountId, BankStatement } from './bank-line.ts';
import { lineOf } from './line-store.ts';
import { endOf, type Reconciliation, Reconciling } from './reconcile.ts';

// Items bear their keys and more besides; these read the rest.
const AccountItem = z.object(BankAccount.shape);
const StatementItem = z.object(BankStatement.shape);

/**
 * What explains, at the end of `on`, that the bank says something else than the books, for all accounts in the currency of
 * one. Reads every line and every entry until then: half a read unit per 4 KB, about 8 entries or 6 lines.
 * @throws DomainError `bank_account_not_found`
 */
export async function reconcileBank(
  table: Table,
  bankAccountId: BankAccountId,
  on: CalendarDate,
): Promise<Reconciliation> {
  const found = await table.get(keys.bankAccount(bankAccountId));
  if (!found) throw new DomainError('bank_account_not_found', `There is no bank account ${bankAccountId}.`);
  const { currency } = AccountItem.parse(found);
  const reconciling = new Reconciling(on, currency);
  for await (const entries of entriesByDay(table, BOOKS_BEGIN, on)) {
    for (const entry of entries) reconciling.entry(entry);
  }
  const accounts = await loadAll(table, owners.bankAccounts(), AccountItem);
  const each = await Promise.all(
    accounts
      .filter((account) => account.currency === currency)
      .map((account) =>
        loadAll(table, owners.bankAccount(account.bankAccountId, 'statement'), StatementItem),
      ),
  );
  const statements = each.flat().filter((statement) => endOf(statement) <= on);
  const stored = new Map<string, number>();
  for (const { bankStatementId } of statements) {
    let sum = 0;
    for await (const item of pages(table, { partition: bankStatementId, prefix: prefixes.bankLine })) {
      const line = lineOf(item);
      sum += line.entry.amount;
      reconciling.line(line);
    }
    stored.set(bankStatementId, sum);
  }
  return reconciling.result(statements, stored);
}

async function loadAll<S extends z.ZodType>(
  table: Table,
  partition: string,
  schema: S,
): Promise<z.output<S>[]> {
  const found = await queryAll(table, { index: 'byOwner', partition });
  return (await table.getMany(found)).map((item) => schema.parse(item));
}

/** Item after item, a page at a time. */
async function* pages(table: Table, query: Query) {
  let after: Query['after'];
  do {
    const page = await table.query({ ...query, ...(after && { after }) });
    yield* page.items;
    after = page.next;
  } while (after);
}
