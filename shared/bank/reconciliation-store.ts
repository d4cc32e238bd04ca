import * as z from 'zod';
import { addDays } from '../kernel/days.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { BOOKS_BEGIN, entriesByDay } from '../ledger/ledger-store.ts';
import { lastDayOf } from '../ledger/period.ts';
import { loadClosedPeriods } from '../ledger/period-store.ts';
import { keys, owners, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Query, Table } from '../table/table.ts';
import { BankAccount, type BankAccountId, BankStatement } from './bank-line.ts';
import { lineOf } from './line-store.ts';
import { byEnd, endOf, type Reconciliation, Reconciling } from './reconcile.ts';
import { Checkpoint, checkpointOf, fingerprintOf } from './reconciliation-checkpoint.ts';

// Items bear their keys and more besides; these read the rest.
const AccountItem = z.object(BankAccount.shape);
const StatementItem = z.object(BankStatement.shape);

/**
 * What explains, at the end of `on`, that the bank says something else than the books, for all accounts in the currency of
 * one. Reads the heads of all statements, and lines and entries (half a read unit per 4 KB, about 8 entries or 6 lines)
 * since the last closed month whose checkpoint still holds. Leaves a checkpoint for each closed month it reads.
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
  // The heads first: what changes in a line after this makes the checkpoint one that does not hold.
  const statements = await loadStatements(table, currency, on);
  const [from, closed] = await Promise.all([
    lastCheckpoint(table, currency, on, statements),
    loadClosedPeriods(table),
  ]);
  const reconciling = new Reconciling(on, currency, from?.carried);
  const stored = new Map<string, number>();
  for (const { bankStatementId, sum } of until(statements, from?.on)) stored.set(bankStatementId, sum);

  let after = from?.on;
  const ends = closed.map(({ month }) => lastDayOf(month)).filter((end) => end <= on);
  for (const end of ends.toSorted()) {
    if (after !== undefined && end <= after) continue;
    await read(table, reconciling, stored, { statements, after, to: end, consistent: true });
    after = end;
    const reckoned = { on: end, currency, carried: reconciling.carry() };
    const checkpoint = checkpointOf(reckoned, until(statements, end), stored);
    if (checkpoint)
      await table.write({ do: 'put', item: { ...keys.bankCheckpoint(currency, end), ...checkpoint } });
  }
  await read(table, reconciling, stored, { statements, after, to: on, consistent: false });
  return reconciling.result(statements, stored);
}

type Span = {
  readonly statements: readonly BankStatement[];
  readonly after: CalendarDate | undefined;
  readonly to: CalendarDate;
  /** What a checkpoint is reckoned from must be as new as the heads. */
  readonly consistent: boolean;
};

/** Tells entries and lines of the days after `after` until `to`. */
async function read(
  table: Table,
  reconciling: Reconciling,
  stored: Map<string, number>,
  { statements, after, to, consistent }: Span,
): Promise<void> {
  const first = after === undefined ? BOOKS_BEGIN : addDays(after, 1);
  for await (const entries of entriesByDay(table, first, to)) {
    for (const entry of entries) reconciling.entry(entry);
  }
  for (const statement of until(statements, to)) {
    const { bankStatementId } = statement;
    if (after !== undefined && endOf(statement) <= after) continue;
    let sum = 0;
    const lines = { partition: bankStatementId, prefix: prefixes.bankLine, consistent };
    for await (const item of pages(table, lines)) {
      const line = lineOf(item);
      sum += line.entry.amount;
      reconciling.line(line);
    }
    stored.set(bankStatementId, sum);
  }
}

/** Those that ended by then; none for no day. */
function until(statements: readonly BankStatement[], on: CalendarDate | undefined): BankStatement[] {
  return on === undefined ? [] : statements.filter((statement) => endOf(statement) <= on);
}

/** The statements of all accounts in a currency that ended by `on`, in the order they follow one another. */
async function loadStatements(table: Table, currency: Currency, on: CalendarDate): Promise<BankStatement[]> {
  const accounts = await loadAll(table, owners.bankAccounts(), AccountItem);
  const each = await Promise.all(
    accounts
      .filter((account) => account.currency === currency)
      .map(({ bankAccountId }) =>
        loadAll(table, owners.bankAccount(bankAccountId, 'statement'), StatementItem),
      ),
  );
  return until(each.flat(), on).toSorted(byEnd);
}

/** The newest checkpoint until `on` that still holds, looked for one by one: it is the first unless the past has changed. */
async function lastCheckpoint(
  table: Table,
  currency: Currency,
  on: CalendarDate,
  statements: readonly BankStatement[],
): Promise<Checkpoint | undefined> {
  const partition = keys.bankCheckpoint(currency, on).PK;
  let after: Query['after'];
  do {
    const page = await table.query({
      partition,
      to: on,
      newestFirst: true,
      limit: 1,
      ...(after && { after }),
    });
    for (const { PK: _pk, SK: _sk, ...item } of page.items) {
      const checkpoint = Checkpoint.parse(item);
      if (checkpoint.fingerprint === fingerprintOf(until(statements, checkpoint.on))) return checkpoint;
    }
    after = page.next;
  } while (after);
  return undefined;
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
