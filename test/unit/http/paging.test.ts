import { describe, expect, it } from 'vitest';
import { encodeCursor, queryPage } from '#shared/http/paging.ts';
import { memoryTable } from '#test/builders/memory-table.ts';

const query = { index: 'byOwner', partition: 'cus_harbour#order' } as const;

async function threeOrders() {
  const table = memoryTable();
  for (const id of ['ord_1', 'ord_2', 'ord_3']) {
    await table.write({ do: 'put', item: { PK: id, SK: 'HEAD', OPK: 'cus_harbour#order', OSK: id } });
  }
  return table;
}

describe('a page', () => {
  it('leads on to the next until there is none', async () => {
    const table = await threeOrders();
    const first = await queryPage(table, query, { limit: 2 });
    expect(first.items.map(({ PK }) => PK)).toEqual(['ord_1', 'ord_2']);
    const second = await queryPage(table, query, { limit: 2, cursor: first.nextCursor });
    expect(second.items.map(({ PK }) => PK)).toEqual(['ord_3']);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each([
    ['of another list', { PK: 'ord_1', SK: 'HEAD', OPK: 'cus_other#order', OSK: 'ord_1' }],
    ['with the right list under another name', { PK: 'cus_harbour#order' }],
    ['with more than a place', { PK: 'a', SK: 'b', OPK: 'cus_harbour#order', OSK: 'c', RPK: 'd' }],
  ])('is refused for a cursor %s', async (_, key) => {
    const page = queryPage(await threeOrders(), query, { limit: 2, cursor: encodeCursor(key) });
    await expect(page).rejects.toMatchObject({ code: 'cursor_invalid' });
  });

  it('is refused for a cursor that is no cursor', async () => {
    const page = queryPage(await threeOrders(), query, { limit: 2, cursor: 'tomorrow' });
    await expect(page).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
});
