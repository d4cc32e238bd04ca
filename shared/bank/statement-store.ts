import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import type { Instant } from '../kernel/time.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, owners, versionSlot } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { type BankAccountId, BankStatement, type BankStatementId, LineCounts } from './bank-line.ts';
import type { FoundStatement, InspectedFile } from './inspect-file.ts';

/** Two writes each: a transaction takes so many statements with room to spare. */
const STATEMENTS_AT_ONCE = 40;

const StatementItem = z.object(BankStatement.shape);
const CountsItem = z.object(LineCounts.shape);

/** A statement and its lines by status, as far as they are worked. */
export type CountedStatement = { statement: BankStatement; counts: LineCounts };

export async function loadStatement(
  table: Table,
  id: BankStatementId,
  options: { consistent?: boolean } = {},
): Promise<CountedStatement | undefined> {
  const item = await table.get(keys.bankStatement(id), options);
  return item && countedOf(item);
}

/** A page of a bank account's statements, the one taken last first. @throws DomainError `cursor_invalid` */
export async function listStatements(table: Table, bankAccountId: BankAccountId, page: PageQuery) {
  const partition = owners.bankAccount(bankAccountId, 'statement');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const statements = (await table.getMany(items)).map(countedOf);
  statements.sort(({ statement: one }, { statement: other }) =>
    positionOf(one) < positionOf(other) ? 1 : -1,
  );
  return { statements, nextCursor };
}

/** Which of `found` were taken before. */
export async function loadTaken(table: Table, found: readonly FoundStatement[]): Promise<CountedStatement[]> {
  const items = await table.getMany(
    found.map(({ bankStatementId }) => keys.bankStatement(bankStatementId)),
    { consistent: true },
  );
  return items.map(countedOf);
}

/** How statements come in: from which file, when and by whom. */
export type Receipt = Pick<InspectedFile, 'format' | 'reading'> & {
  readonly file: string;
  readonly at: Instant;
  readonly by: string;
};

/** A statement as it is taken, none of its lines worked. */
export function newStatement(
  found: FoundStatement,
  bankAccountId: BankAccountId,
  receipt: Receipt,
): BankStatement {
  const { bankStatementId, ordinal, header, entries, sum } = found;
  return {
    bankStatementId,
    bankAccountId,
    format: receipt.format,
    header,
    entries,
    sum,
    done: 0,
    status: 'importing',
    receivedAt: receipt.at,
    receivedBy: receipt.by,
    file: receipt.file,
    ...(ordinal > 1 && { ordinal }),
    ...(receipt.reading && { reading: receipt.reading }),
    version: 1,
  };
}

/**
 * Takes statements: each with its fact, which wakes the import, in one transaction. A file of very many takes several
 * transactions; taking it again finishes what a break left.
 * @param actions what is to be written with the last of them
 * @throws DomainError `version_conflict` when one was taken meanwhile
 */
export async function storeStatements(
  table: Table,
  statements: readonly BankStatement[],
  actions: readonly Action[] = [],
): Promise<void> {
  let start = 0;
  do {
    const next = start + STATEMENTS_AT_ONCE;
    const batch = statements.slice(start, next).flatMap(receiveActions);
    const all = next >= statements.length ? [...batch, ...actions] : batch;
    if (all.length > 0) await commit(table, all);
    start = next;
  } while (start < statements.length);
}

function receiveActions(statement: BankStatement): Action[] {
  const { bankStatementId, bankAccountId, format, header, entries, sum } = statement;
  return [
    {
      do: 'put',
      item: {
        ...keys.bankStatement(bankStatementId),
        OPK: owners.bankAccount(bankAccountId, 'statement'),
        OSK: positionOf(statement),
        ...statement,
        ...noLines,
      },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('bank statement'),
    },
    recordFact('bank_statement.received', bankStatementId, versionSlot(1), {
      at: statement.receivedAt,
      actor: statement.receivedBy,
      data: {
        bankStatementId,
        bankAccountId,
        format,
        statementId: header.statementId,
        currency: header.currency,
        entries,
        sum,
        closingBalance: header.closingBalance,
      },
    }),
  ];
}

/** What of a statement a run has worked, and what it does next. */
export type Advance = {
  /** Lines worked since the last time. */
  readonly lines: number;
  readonly counts: LineCounts;
  /** `pause` wakes another run. */
  readonly next: 'go on' | 'pause' | 'finish';
  readonly at: Instant;
};

/**
 * Moves a statement on: its lines up to there are worked. Refused when another run was faster, which then goes on.
 * @returns the statement as it stands then
 * @throws DomainError `version_conflict`
 */
export async function advance(
  table: Table,
  from: CountedStatement,
  step: Advance,
): Promise<CountedStatement> {
  const { bankStatementId, bankAccountId, entries, done, version } = from.statement;
  const finished = step.next === 'finish';
  const next = {
    ...from.statement,
    done: done + step.lines,
    status: finished ? ('imported' as const) : ('importing' as const),
    version: version + 1,
  };
  const counts = addCounts(from.counts, step.counts);
  const fact = { at: step.at, actor: IMPORTER };
  await commit(table, [
    {
      do: 'update',
      key: keys.bankStatement(bankStatementId),
      set: { done: next.done, status: next.status, version: next.version },
      add: countsAdded(step.counts),
      when: [{ attribute: 'version', is: 'equal', value: version }],
      refusal: versionConflict('bank statement'),
    },
    ...(step.next === 'pause'
      ? [
          recordFact('bank_statement.continued', bankStatementId, `continued-${next.done}`, {
            ...fact,
            data: { bankStatementId, done: next.done },
          }),
        ]
      : []),
    ...(finished
      ? [
          recordFact('bank_statement.imported', bankStatementId, 'imported', {
            ...fact,
            data: { bankStatementId, bankAccountId, entries, counts },
          }),
        ]
      : []),
  ]);
  return { statement: next, counts };
}

/** Who works lines by itself. */
export const IMPORTER = 'import-statement';

export const noLines: LineCounts = { matched: 0, suggested: 0, queued: 0, ignored: 0 };

const countsAdded = (counts: LineCounts): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0));

function addCounts(one: LineCounts, other: LineCounts): LineCounts {
  return {
    matched: one.matched + other.matched,
    suggested: one.suggested + other.suggested,
    queued: one.queued + other.queued,
    ignored: one.ignored + other.ignored,
  };
}

function countedOf(item: Item): CountedStatement {
  return { statement: StatementItem.parse(item), counts: CountsItem.parse(item) };
}

const positionOf = ({ receivedAt, bankStatementId }: BankStatement) => `${receivedAt}#${bankStatementId}`;
