import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import type { Seller } from '../order/pricing-store.ts';
import { takeOrder } from '../order/take-order-store.ts';
import { commit } from '../table/commit.ts';
import type { Table } from '../table/table.ts';
import type { ImportResult, OrderImport, OrderImportId } from './order-import.ts';
import { loadChunk, loadImport, loadResults, noteResult, ResultKnown } from './order-import-store.ts';
import type { FileOrder } from './read-orders-csv.ts';

/** What passes by itself: the run ends, and the next tries the order again. */
const passing: ReadonlySet<ErrorCode> = new Set(['table_busy', 'version_conflict']);

/** How an import is worked. `timeLeft` in milliseconds; work ends before it does, and goes on with the next run. */
export type ChunkWork = {
  readonly table: Table;
  readonly seller: Seller;
  readonly at: Instant;
  readonly timeLeft: () => number;
};

/** Longer than an order of 1,000 lines takes. */
const ENOUGH_MS = 30_000;

/**
 * Places the orders of a chunk one after another, each in a transaction of its own together with what became of it: once,
 * however often this runs or is killed. What can't be placed is noted with why.
 * @throws Error where time runs out or the table is too busy: run it again
 */
export async function workChunk(work: ChunkWork, importId: OrderImportId, chunk: number): Promise<number> {
  const { table } = work;
  const head = await loadImport(table, importId);
  if (!head) throw new Error(`${importId} is not to be found`);
  const [orders, results] = await Promise.all([
    loadChunk(table, importId, chunk),
    loadResults(table, importId, chunk),
  ]);
  const known = new Set(results.map(({ row }) => row));
  let worked = 0;
  for (const [position, order] of orders.entries()) {
    if (known.has(order.row)) continue;
    if (work.timeLeft() < ENOUGH_MS)
      throw new Error(`time is up after ${worked} orders of ${importId} ${chunk}`);
    await placeOnce(work, head, chunk, position, order);
    worked += 1;
  }
  return worked;
}

async function placeOnce(
  { table, seller, at }: ChunkWork,
  { importId, by, byId, mayAgreePrices }: OrderImport,
  chunk: number,
  position: number,
  { row, ref, customerId, request }: FileOrder,
): Promise<void> {
  const about = { row, ref, customerId };
  const note = (result: Pick<ImportResult, 'orderId' | 'reject'>) =>
    noteResult(importId, chunk, position, { ...about, ...result });
  const source = { kind: 'csv' as const, id: importId };
  const ordered = {
    customerId,
    actor: by,
    actorId: byId,
    mayAgreePrices,
    channel: 'import' as const,
    source,
    at,
  };
  try {
    await takeOrder(table, seller, request, ordered, ({ order }) => note({ orderId: order.orderId }));
  } catch (error) {
    if (error instanceof ResultKnown) return;
    if (!(error instanceof DomainError) || passing.has(error.code)) throw error;
    await reject(table, note({ reject: { code: error.code, detail: detailOf(error) } }));
  }
}

async function reject(table: Table, actions: ReturnType<typeof noteResult>): Promise<void> {
  try {
    await commit(table, actions);
  } catch (error) {
    if (!(error instanceof ResultKnown)) throw error;
  }
}

function detailOf({ message, issues }: DomainError): string {
  return [message, ...issues.slice(0, 5).map((issue) => `${issue.path}: ${issue.message}`)].join(' ');
}
