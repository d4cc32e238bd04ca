import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import { commit } from '../table/commit.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import { type Action, ConditionFailed, type Table } from '../table/table.ts';
import { ChunkProgress, ImportResult, OrderImport, OrderImportId } from './order-import.ts';
import { FileOrder, type OrdersFile } from './read-orders-csv.ts';

const HeadItem = z.object(OrderImport.shape);
const ProgressItem = z.object(ChunkProgress.shape);
const ResultItem = z.object(ImportResult.shape);
const Packed = z.object({ gzip: z.string() });

/** Orders of one chunk, and how many chunks one transaction opens: two writes each, and the head. */
const CHUNK_ORDERS = 100;
const MAX_CHUNKS = 45;
/** What an item of a packed file or chunk holds, in characters. */
const MAX_PACKED = 350_000;

/** The id of the import of `content` for `own`, or for whichever customers it names. */
export function importIdOf(content: Uint8Array, own: CustomerId | undefined): OrderImportId {
  const hash = createHash('sha256')
    .update(`${own ?? 'staff'}\n`)
    .update(content)
    .digest('hex');
  return OrderImportId.parse(`imp_${hash.slice(0, 32)}`);
}

export async function loadImport(table: Table, importId: OrderImportId): Promise<OrderImport | undefined> {
  const item = await table.get(keys.orderImport(importId), { consistent: true });
  return item && HeadItem.parse(item);
}

/** How far each chunk is: one query. */
export async function loadProgress(table: Table, importId: OrderImportId): Promise<ChunkProgress[]> {
  const prefix = prefixes.importProgress;
  const items = await queryAll(table, { partition: importId, prefix, consistent: true });
  return items.map((item) => ProgressItem.parse(item));
}

/** What became of the orders of a chunk, or of the whole file, in its order. */
export async function loadResults(
  table: Table,
  importId: OrderImportId,
  chunk?: number,
): Promise<ImportResult[]> {
  const prefix =
    chunk === undefined ? prefixes.importResult : keys.importResult(importId, chunk, 0).SK.slice(0, -6);
  const items = await queryAll(table, { partition: importId, prefix, consistent: true });
  return items.map((item) => ResultItem.parse(item));
}

/**
 * Takes a file: keeps it and its orders in chunks, then opens all of them in one transaction, so that a file is taken whole
 * or not at all.
 * @throws DomainError `order_import_invalid` for more than 4,500 orders
 */
export async function openImport(
  table: Table,
  content: Uint8Array,
  { rows, orders }: OrdersFile,
  about: Pick<OrderImport, 'importId' | 'at' | 'by' | 'byId' | 'mayAgreePrices'>,
): Promise<OrderImport> {
  const chunks = chunksOf(orders);
  if (chunks.length > MAX_CHUNKS) {
    throw new DomainError(
      'order_import_invalid',
      `A file holds ${MAX_CHUNKS * CHUNK_ORDERS} orders at most; this one has ${orders.length}. Split it.`,
    );
  }
  const { importId, at, by } = about;
  await Promise.all([
    ...piecesOf(pack(content)).map((gzip, index) =>
      table.write({ do: 'put', item: { ...keys.importFile(importId, index + 1), gzip } }),
    ),
    ...chunks.map((chunk, index) => {
      const gzip = pack(Buffer.from(JSON.stringify(chunk)));
      return table.write({ do: 'put', item: { ...keys.importChunk(importId, index + 1), gzip } });
    }),
  ]);
  const head = OrderImport.parse({ ...about, rows, orders: orders.length, chunks: chunks.length });
  const actions: Action[] = [
    {
      do: 'put',
      item: { ...keys.orderImport(importId), ...head },
      when: [{ attribute: 'PK', is: 'absent' }],
    },
    ...chunks.flatMap((chunk, index): Action[] => [
      {
        do: 'put',
        item: {
          ...keys.importProgress(importId, index + 1),
          chunk: index + 1,
          orders: chunk.length,
          placed: 0,
          rejected: 0,
        },
      },
      recordFact('order_import.received', importId, `chunk-${String(index + 1).padStart(3, '0')}`, {
        at,
        actor: by,
        data: { importId, chunk: index + 1 },
      }),
    ]),
  ];
  try {
    await commit(table, actions);
  } catch (error) {
    // Sent twice at once: the other was faster, and took the same.
    const other = error instanceof ConditionFailed ? await loadImport(table, importId) : undefined;
    if (!other) throw error;
    return other;
  }
  return head;
}

/** The file as it came. */
export async function loadImportFile(table: Table, importId: OrderImportId): Promise<Buffer> {
  const prefix = prefixes.importFile;
  const items = await queryAll(table, { partition: importId, prefix, consistent: true });
  return unpack(items.map((item) => Packed.parse(item).gzip).join(''));
}

/** The orders of a chunk. */
export async function loadChunk(table: Table, importId: OrderImportId, chunk: number): Promise<FileOrder[]> {
  const item = await table.get(keys.importChunk(importId, chunk), { consistent: true });
  const { gzip } = Packed.parse(item);
  return z.array(FileOrder).parse(JSON.parse(unpack(gzip).toString('utf8')));
}

/**
 * The writes that note what became of the order at `position` of a chunk, once: in the transaction that places it, or
 * alone.
 */
export function noteResult(
  importId: OrderImportId,
  chunk: number,
  position: number,
  result: ImportResult,
): Action[] {
  return [
    {
      do: 'put',
      item: { ...keys.importResult(importId, chunk, position), ...result },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: () => new ResultKnown(),
    },
    {
      do: 'update',
      key: keys.importProgress(importId, chunk),
      add: { [result.reject ? 'rejected' : 'placed']: 1 },
    },
  ];
}

/** What became of the order is known already: another run was faster. */
export class ResultKnown extends Error {}

function chunksOf(orders: readonly FileOrder[]): FileOrder[][] {
  const chunks: FileOrder[][] = [];
  for (let from = 0; from < orders.length; from += CHUNK_ORDERS) {
    chunks.push(orders.slice(from, from + CHUNK_ORDERS));
  }
  return chunks;
}

const pack = (content: Uint8Array) => gzipSync(content).toString('base64');
const unpack = (gzip: string) => gunzipSync(Buffer.from(gzip, 'base64'));

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; from += MAX_PACKED) pieces.push(text.slice(from, from + MAX_PACKED));
  return pieces;
}
