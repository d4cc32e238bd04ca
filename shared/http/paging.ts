import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { tableNames } from '../table/names.ts';
import type { Item, Query, Table } from '../table/table.ts';

/** The query parameters of every list; spread its shape into a list's own: `z.strictObject({ ...PageQuery.shape })`. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** Where the last page ended: its `nextCursor`. */
  cursor: z.string().min(1).max(2000).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The answer of every list: `nextCursor` is missing on the last page. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().optional() });

const StartKey = z.record(z.string().max(3), z.union([z.string(), z.number()]));

/** Where a page ended, opaque to the caller. */
export function encodeCursor(next: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(next)).toString('base64url');
}

/**
 * The place a cursor means.
 * @param partition the partition the list reads: a cursor of another list is refused, so that none leads to
 *   someone else's
 * @throws DomainError `cursor_invalid`
 */
export function decodeCursor(
  cursor: string | undefined,
  partition: string,
): Readonly<Record<string, unknown>> | undefined {
  if (cursor === undefined) return undefined;
  const key = StartKey.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!key.success || !Object.values(key.data).includes(partition)) {
    throw cursorInvalid();
  }
  return key.data;
}

const cursorInvalid = () =>
  new DomainError('cursor_invalid', 'The cursor is not one of this list. Start again without it.');

/** The attributes that tell where a page of `query` ended. */
function startKeyNames({ index }: Pick<Query, 'index'>): string[] {
  const own = [tableNames.partitionKey, tableNames.sortKey];
  return index ? [...own, tableNames.indexes[index].partitionKey, tableNames.indexes[index].sortKey] : own;
}

/** One page of a query, as the items' keys (and what the index carries), with the cursor of the next. */
export async function queryPage(
  table: Table,
  query: Omit<Query, 'limit' | 'after'>,
  { limit, cursor }: PageQuery,
): Promise<{ items: Item[]; nextCursor?: string }> {
  const after = decodeCursor(cursor, query.partition);
  // DynamoDB refuses a start key with other attributes; a caller who made one up is told so.
  if (after && Object.keys(after).toSorted().join() !== startKeyNames(query).toSorted().join())
    throw cursorInvalid();
  const { items, next } = await table.query({ ...query, limit, ...(after && { after }) });
  return next ? { items, nextCursor: encodeCursor(next) } : { items };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
