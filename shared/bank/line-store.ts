import { decodeCursor, encodeCursor, type PageQuery } from '../http/paging.ts';
import { DomainError } from '../kernel/errors.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, queuePartition, queuePartitions } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { type BankAccountId, BankLine, type BankLineReference } from './bank-line.ts';

/** Found when a line is stored that is there already. */
export class LineTaken extends Error {
  readonly line: BankLine;

  constructor(line: BankLine) {
    super('this bank line is worked already');
    this.name = 'LineTaken';
    this.line = line;
  }
}

/** @throws DomainError `bank_line_not_found` */
export async function loadLine(
  table: Table,
  { bankStatementId, line }: BankLineReference,
): Promise<BankLine> {
  const item = await table.get(keys.bankLine(bankStatementId, line), { consistent: true });
  if (!item)
    throw new DomainError(
      'bank_line_not_found',
      `There is no line ${line} of a statement ${bankStatementId}.`,
    );
  return lineOf(item);
}

/**
 * The write of a line that is worked for the first time.
 * @throws (on commit) LineTaken when it was worked before
 */
export function newLine(line: BankLine): Action {
  return {
    do: 'put',
    item: itemOf(line),
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: (found) => (found ? new LineTaken(lineOf(found)) : versionConflict('bank line')()),
  };
}

/** The write that makes `next` the line. @throws (on commit) DomainError `version_conflict` */
export function saveLine(next: BankLine): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [{ attribute: 'version', is: 'equal', value: next.version - 1 }],
    refusal: versionConflict('bank line'),
  };
}

/**
 * The write that counts a line of a statement as `to` instead of `from`, and that a line of it has changed, so that what
 * was reckoned from its lines before holds no more.
 */
export function recount(
  { bankStatementId }: BankLine,
  from: BankLine['status'],
  to: BankLine['status'],
): Action {
  return {
    do: 'update',
    key: keys.bankStatement(bankStatementId),
    add: { changed: 1, ...(from !== to && { [from]: -1, [to]: 1 }) },
    when: [{ attribute: 'PK', is: 'present' }],
  };
}

/**
 * A page of the lines that wait for a decision, the oldest of a bank account first.
 * @param bankAccountId of all accounts when left out
 * @throws DomainError `cursor_invalid`
 */
export async function listWaiting(
  table: Table,
  bankAccountId: BankAccountId | undefined,
  { limit, cursor }: PageQuery,
): Promise<{ lines: BankLine[]; nextCursor?: string }> {
  const partitions =
    bankAccountId === undefined ? queuePartitions('bank-line') : [queuePartition('bank-line', bankAccountId)];
  const begun = cursor === undefined ? undefined : placeOf(cursor, partitions);
  const found: Item[] = [];
  const left = begun ? partitions.slice(partitions.indexOf(begun.partition)) : partitions;
  let after = begun?.after;
  let next: string | undefined;
  for (const partition of left) {
    if (found.length === limit) {
      next ??= encodeCursor({ DPK: partition });
      break;
    }
    const page = await table.query({
      index: 'byDue',
      partition,
      ...(bankAccountId !== undefined && { prefix: `${bankAccountId}#` }),
      limit: limit - found.length,
      ...(after && { after }),
    });
    after = undefined;
    found.push(...page.items);
    if (page.next) {
      next = encodeCursor(page.next);
      break;
    }
  }
  const lines = (await table.getMany(found))
    .map(lineOf)
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  return { lines, ...(next !== undefined && { nextCursor: next }) };
}

/** Where a page ended: in which partition, and after which of its lines; at its beginning where there is none. */
function placeOf(cursor: string, partitions: readonly string[]) {
  for (const partition of partitions) {
    try {
      const after = decodeCursor(cursor, partition);
      const names = Object.keys(after ?? {})
        .toSorted()
        .join();
      if (names === 'DPK') return { partition, after: undefined };
      if (names === 'DPK,DSK,PK,SK') return { partition, after };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  throw new DomainError('cursor_invalid', 'The cursor is not one of this list. Start again without it.');
}

/** Lines that wait stand in the queue, by bank account and date. */
function itemOf(line: BankLine): Item {
  const { bankStatementId, bankAccountId, entry, status } = line;
  const { amount, currency } = entry;
  return {
    ...keys.bankLine(bankStatementId, entry.line),
    ...line,
    ...((status === 'suggested' || status === 'queued') && {
      DPK: queuePartition('bank-line', bankAccountId),
      DSK: orderOf(line),
      due: { bankAccountId, status, amount, currency, bookedOn: line.bookedOn },
    }),
  };
}

function orderOf({ bankAccountId, bookedOn, bankStatementId, entry }: BankLine): string {
  return `${bankAccountId}#${bookedOn}#${bankStatementId}#${String(entry.line).padStart(6, '0')}`;
}

/** @throws ZodError when the item is no bank line */
export function lineOf(item: Item): BankLine {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...line } = item;
  return BankLine.parse(line);
}
