import { commit } from '../table/commit.ts';
import { keys, stockMovePrefix } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { NEEDS_PER_TRANSACTION, type StockNeed } from './stock-needs.ts';

/** A chunk was done by an earlier attempt; its marker lies in the table. */
class AlreadyMoved extends Error {}

/**
 * Moves the stock of an order too long for one transaction: chunk by chunk, each with a marker in its own
 * transaction, so that an attempt that broke off is taken up where it ended and nothing is moved twice.
 * @param move names the kind of move; markers are kept under it
 * @param alongside further writes of each chunk, `last` telling the last one
 * @throws DomainError what the first refused write says; the chunks before it stay moved
 */
export async function moveInChunks(
  table: Table,
  orderId: string,
  move: string,
  needs: readonly StockNeed[],
  action: (need: StockNeed) => Action,
  alongside: (last: boolean) => Action[] = () => [],
): Promise<void> {
  const chunks = chunked(needs);
  for (const [index, chunk] of chunks.entries()) {
    const marker: Action = {
      do: 'put',
      item: keys.stockMove(orderId, move, index),
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: () => new AlreadyMoved(),
    };
    try {
      await commit(table, [marker, ...alongside(index === chunks.length - 1), ...chunk.map(action)]);
    } catch (error) {
      if (!(error instanceof AlreadyMoved)) throw error;
    }
  }
}

/** Takes back the chunks of `move` whose markers lie in the table, each with its marker. */
export async function takeBackChunks(
  table: Table,
  orderId: string,
  move: string,
  needs: readonly StockNeed[],
  action: (need: StockNeed) => Action,
): Promise<void> {
  const chunks = chunked(needs);
  const { items } = await table.query({
    partition: orderId,
    prefix: stockMovePrefix(move),
    consistent: true,
  });
  const done = new Set(items.map((item) => item.SK));
  for (const [index, chunk] of chunks.entries()) {
    const key = keys.stockMove(orderId, move, index);
    if (!done.has(key.SK)) continue;
    const marker: Action = {
      do: 'delete',
      key,
      when: [{ attribute: 'PK', is: 'present' }],
      refusal: () => new AlreadyMoved(),
    };
    try {
      await commit(table, [marker, ...chunk.map(action)]);
    } catch (error) {
      if (!(error instanceof AlreadyMoved)) throw error;
    }
  }
}

/** At least one chunk, which may be empty: what is done alongside is done. */
function chunked(needs: readonly StockNeed[]): StockNeed[][] {
  const chunks: StockNeed[][] = [needs.slice(0, NEEDS_PER_TRANSACTION)];
  for (let start = NEEDS_PER_TRANSACTION; start < needs.length; start += NEEDS_PER_TRANSACTION) {
    chunks.push(needs.slice(start, start + NEEDS_PER_TRANSACTION));
  }
  return chunks;
}
