import { type QueueName, queuePartitions } from './keys.ts';
import type { Item, Query, Table } from './table.ts';

/** Everything a query finds, page after page. */
export async function queryAll(table: Table, query: Omit<Query, 'after' | 'limit'>): Promise<Item[]> {
  const items: Item[] = [];
  let after: Query['after'];
  do {
    const page = await table.query({ ...query, ...(after && { after }) });
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}

/** Everything in a work queue, shard by shard: its shards are read side by side. `bounds` are of the sort key. */
export async function queryQueue(
  table: Table,
  queue: QueueName,
  bounds: Pick<Query, 'from' | 'to' | 'prefix'> = {},
): Promise<Item[]> {
  const shards = await Promise.all(
    queuePartitions(queue).map((partition) => queryAll(table, { index: 'byDue', partition, ...bounds })),
  );
  return shards.flat();
}
