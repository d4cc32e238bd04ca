import type { Sku } from '../kernel/ids.ts';
import { keys, prefixes, queuePartition } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import { Backorder, inTurn } from './backorder.ts';

/** The orders that wait for a SKU as it stands now, those who are served first in front. One query. */
export async function loadWaiting(table: Table, sku: Sku): Promise<Backorder[]> {
  const partition = keys.stock(sku).PK;
  const items = await queryAll(table, { partition, prefix: prefixes.backorder, consistent: true });
  return items.map((item) => Backorder.parse(item['due'])).sort(inTurn);
}

/** All that orders wait for, longest waiting first. */
export async function listWaiting(table: Table): Promise<Backorder[]> {
  const items = await queryQueue(table, 'backorder');
  return items
    .map((item) => Backorder.parse(item['due']))
    .sort((one, other) => one.since.localeCompare(other.since));
}

/** Notes that an order waits, or for how many units still, in the partition of the SKU and in the queue `backorder`. */
export function saveBackorder(backorder: Backorder): Action {
  const { orderId, customerId, sku, since } = backorder;
  return {
    do: 'put',
    item: {
      ...keys.backorder(sku, since, orderId),
      DPK: queuePartition('backorder', customerId),
      DSK: `${since}#${orderId}#${sku}`,
      due: backorder,
    },
  };
}

/** The order waits for it no more. */
export function dropBackorder({ sku, since, orderId }: Pick<Backorder, 'sku' | 'since' | 'orderId'>): Action {
  return { do: 'delete', key: keys.backorder(sku, since, orderId) };
}

/** Whether any order waits for units of the SKU. */
export async function isWaitedFor(table: Table, sku: Sku): Promise<boolean> {
  const partition = keys.stock(sku).PK;
  const { items } = await table.query({ partition, prefix: prefixes.backorder, consistent: true, limit: 1 });
  return items.length > 0;
}
