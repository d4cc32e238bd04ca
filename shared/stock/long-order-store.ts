import { DomainError } from '../kernel/errors.ts';
import { keys, stockMovePrefix } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { moveInChunks, takeBackChunks } from './chunked-move-store.ts';
import type { StockNeed } from './stock-needs.ts';
import { releaseStock, reserveStock, shipStock } from './stock-store.ts';

const RESERVE = 'reserve';
const RELEASE = 'release';

/** The order left the state in which its goods may be reserved: someone cancelled it. */
class NotPlaced extends Error {}

/**
 * Reserves all goods of a placed order too long for one transaction. When one SKU falls short, what was reserved
 * before stays until the order is rejected: only then can no other run of the same work reserve any more. Safe to
 * repeat.
 * @returns `settled` when the order is no longer placed
 */
export async function reserveLongOrder(
  table: Table,
  orderId: string,
  needs: readonly StockNeed[],
): Promise<{ outcome: 'reserved' | 'settled' } | { outcome: 'insufficient'; detail: string }> {
  const stillPlaced = {
    when: [{ attribute: 'status', is: 'equal', value: 'placed' }] as const,
    refusal: () => new NotPlaced(),
  };
  const alongside = (last: boolean): Action[] => [
    last
      ? { do: 'update', key: keys.order(orderId), set: { reservation: 'reserved' }, ...stillPlaced }
      : { do: 'check', key: keys.order(orderId), ...stillPlaced },
  ];
  try {
    await moveInChunks(table, orderId, RESERVE, needs, reserveStock, alongside);
    return { outcome: 'reserved' };
  } catch (error) {
    if (error instanceof NotPlaced) return { outcome: 'settled' };
    if (!(error instanceof DomainError) || error.code !== 'insufficient_stock') throw error;
    return { outcome: 'insufficient', detail: error.message };
  }
}

/**
 * Releases what is reserved for a long order that was cancelled or rejected. Safe to repeat.
 * @param reservation how far it had come: of one that was not reserved whole only the chunks that have their marker; of
 *   one that was all of its needs, however they were changed since
 */
export function releaseLongOrder(
  table: Table,
  orderId: string,
  needs: readonly StockNeed[],
  reservation: 'pending' | 'reserved' | 'expired',
): Promise<void> {
  return reservation !== 'reserved'
    ? takeBackChunks(table, orderId, RESERVE, needs, releaseStock)
    : moveInChunks(table, orderId, RELEASE, needs, releaseStock);
}

/**
 * Forgets the chunks in which an order's goods were reserved, before all of them are given back at once: they would pass for
 * reserved still. An order that is reserved whole needs them no more. A query, and a write for each.
 */
export async function forgetReservedChunks(table: Table, orderId: string): Promise<void> {
  const { items } = await table.query({
    partition: orderId,
    prefix: stockMovePrefix(RESERVE),
    consistent: true,
  });
  for (const { PK, SK } of items) await table.write({ do: 'delete', key: { PK, SK } });
}

/** Lets the goods of a long shipment leave the stock. Safe to repeat. */
export function shipLongShipment(
  table: Table,
  orderId: string,
  shipmentId: string,
  needs: readonly StockNeed[],
): Promise<void> {
  return moveInChunks(table, orderId, `ship#${shipmentId}`, needs, shipStock);
}
