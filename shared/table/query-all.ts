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
