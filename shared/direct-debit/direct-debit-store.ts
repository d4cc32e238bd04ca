import * as z from 'zod';
import type { FactType } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import { DomainError } from '../kernel/errors.ts';
import type { DirectDebitId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { afterAll, keys, prefixes, queuePartition, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Query, Table } from '../table/table.ts';
import {
  AchItem,
  type DebitItem,
  DirectDebit,
  filesOf,
  MAX_FILE_ITEMS,
  partOf,
  SepaItem,
} from './direct-debit.ts';
import { debitNamed } from './find-debit-store.ts';

/** A run, or one of its files, with the debits in it. */
export type DebitFile = { run: DirectDebit; items: DebitItem[] };

/** Another writer moved the run on meanwhile. */
export class Overtaken extends DomainError {
  constructor() {
    super('version_conflict', versionConflict('direct debit run')().message);
    this.name = 'Overtaken';
  }
}

/** @throws DomainError `direct_debit_not_found` */
export async function loadRun(table: Table, directDebitId: DirectDebitId): Promise<DirectDebit> {
  const item = await table.get(keys.directDebit(directDebitId), { consistent: true });
  if (!item) throw new DomainError('direct_debit_not_found', 'There is no such direct debit run.');
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...run } = item;
  return DirectDebit.parse(run);
}

/** The write that makes `next` the run. @throws (on commit) Overtaken unless the stored one is the version before */
export function saveRun(next: DirectDebit): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [
      next.version === 1
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: next.version - 1 },
    ],
    refusal: () => new Overtaken(),
  };
}

/** The write that tells of what made the run's version. */
export function runFact<T extends Extract<FactType, `direct_debit.${string}`>>(
  type: T,
  { directDebitId, version }: DirectDebit,
  details: Parameters<typeof recordFact<T>>[3],
): Action {
  return recordFact(type, directDebitId, versionSlot(version), details);
}

/** Whether the run's bank money is still to come: it is found by what that would be. */
function itemOf(run: DirectDebit): Item {
  const { directDebitId, status, collectOn, currency, batches } = run;
  const waits = status === 'ready' || status === 'settling';
  return {
    ...keys.directDebit(directDebitId),
    ...run,
    ...(waits && {
      DPK: queuePartition('direct-debit', ''),
      DSK: `${collectOn}#${directDebitId}`,
      due: { directDebitId, collectOn, currency, batches },
    }),
  };
}

const WaitingRun = z.object({
  ...DirectDebit.options[0].pick({ directDebitId: true, collectOn: true, currency: true, batches: true })
    .shape,
});
/** A run that the bank may bring the money of. */
export type WaitingRun = z.infer<typeof WaitingRun>;

/** The runs to be debited from one day (the first when left out) to another whose money did not all come yet. One query. */
export async function loadWaitingRuns(
  table: Table,
  { from, to }: { from?: CalendarDate; to: CalendarDate },
): Promise<WaitingRun[]> {
  const partition = queuePartition('direct-debit', '');
  const items = await queryAll(table, { index: 'byDue', partition, ...(from && { from }), to: afterAll(to) });
  return items.map(({ due }) => WaitingRun.parse(due));
}

/** The writes of debits that follow the `before` ones in the run, each found by its end-to-end id. */
export function newItems(
  directDebitId: DirectDebitId,
  items: readonly DebitItem[],
  before: number,
): Action[] {
  return items.map((item, index) => ({
    do: 'put',
    item: debitOf(directDebitId, item, before + index + 1),
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: () => new Overtaken(),
  }));
}

/** The write that makes `next` the debit at `ordinal`, unless it is a payment by now. */
export function saveItem(directDebitId: DirectDebitId, next: DebitItem, ordinal: number): Action {
  return {
    do: 'put',
    item: debitOf(directDebitId, next, ordinal),
    when: [
      { attribute: 'PK', is: 'present' },
      { attribute: 'paymentId', is: 'absent' },
    ],
    refusal: () => new Overtaken(),
  };
}

function debitOf(directDebitId: DirectDebitId, item: DebitItem, ordinal: number): Item {
  const key = keys.directDebitItem(directDebitId, ordinal);
  return { ...key, RPK: `debit_${item.endToEndId}`, RSK: directDebitId, ...item };
}

/**
 * One of the run's files: its debits in their order, and the run as far as it is in it. 5,000 debits are 3 MB read and,
 * as XML, some 5 MB in memory.
 * @throws DomainError `direct_debit_not_found`, `direct_debit_not_ready` (with how far it is), `validation_failed` when
 * the run has no such file
 */
export async function loadDebitFile(
  table: Table,
  directDebitId: DirectDebitId,
  file: number,
): Promise<DebitFile> {
  const run = await loadRun(table, directDebitId);
  if (run.status === 'collecting') {
    const detail = `The run is still collecting: ${run.count} debits so far. Ask for its file once it is ready.`;
    throw new DomainError('direct_debit_not_ready', detail);
  }
  const files = filesOf(run);
  if (file > files) {
    throw new DomainError('validation_failed', `The run has ${files} file(s).`, {
      issues: [{ path: 'file', message: `must be at most ${files}` }],
    });
  }
  const from = keys.directDebitItem(directDebitId, (file - 1) * MAX_FILE_ITEMS + 1).SK;
  const to = keys.directDebitItem(directDebitId, file * MAX_FILE_ITEMS).SK;
  const items = await queryAll(table, { partition: directDebitId, from, to, consistent: true });
  return { run: partOf(run, file), items: items.map(debitItemOf) };
}

/** The whole debit that a bank statement's end-to-end id names. The index may lag a moment behind the run. */
export async function findDebitItem(table: Table, endToEndId: string): Promise<DebitItem | undefined> {
  const item = await debitNamed(table, endToEndId);
  return item && debitItemOf(item);
}

/** A page of a run's debits, in their order. @throws DomainError `cursor_invalid` */
export async function loadItemPage(table: Table, directDebitId: DirectDebitId, page: PageQuery) {
  const query = { partition: directDebitId, prefix: prefixes.debit, consistent: true };
  const { items, nextCursor } = await queryPage(table, query, page);
  return { items: items.map(debitItemOf), ...(nextCursor !== undefined && { nextCursor }) };
}

/** All debits of a run in their order, with their places, page after page of at most `limit`. */
export async function* itemPages(
  table: Table,
  directDebitId: DirectDebitId,
  limit: number,
): AsyncGenerator<{ ordinal: number; item: DebitItem }[]> {
  let after: Query['after'];
  do {
    const query = { partition: directDebitId, prefix: prefixes.debit, consistent: true, limit };
    const page = await table.query({ ...query, ...(after && { after }) });
    yield page.items.map((item) => ({
      ordinal: Number(item.SK.slice(prefixes.debit.length)),
      item: debitItemOf(item),
    }));
    after = page.next;
  } while (after);
}

const AnyItem = z.union([SepaItem, AchItem]);

/** A debit as it lies in the table. */
export function debitItemOf({ PK: _pk, SK: _sk, RPK: _rpk, RSK: _rsk, ...item }: Item): DebitItem {
  return AnyItem.parse(item);
}
