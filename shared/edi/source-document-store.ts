import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import type { OrderId } from '../kernel/ids.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';

/** What DynamoDB keeps in one item, with room for the rest of it. */
const MAX_PACKED = 350_000;

/** The document an order came by, as it came: gzip, in base64. */
export const SourceDocument = z.object({
  kind: z.literal('ubl'),
  contentType: z.string(),
  gzip: z.string(),
});

/** The write that keeps `content` beside its order. @throws DomainError `body_too_large` where it does not fit */
export function keepSourceDocument(orderId: OrderId, contentType: string, content: Uint8Array): Action {
  const gzip = gzipSync(content).toString('base64');
  if (gzip.length > MAX_PACKED) {
    throw new DomainError('body_too_large', 'The document is too large to be kept with its order. Split it.');
  }
  return {
    do: 'put',
    item: { ...keys.sourceDocument(orderId), kind: 'ubl', contentType, gzip },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
}

export async function loadSourceDocument(
  table: Table,
  orderId: OrderId,
): Promise<{ contentType: string; content: Buffer } | undefined> {
  const item = await table.get(keys.sourceDocument(orderId), { consistent: true });
  if (!item) return undefined;
  const { contentType, gzip } = SourceDocument.parse(item);
  return { contentType, content: gunzipSync(Buffer.from(gzip, 'base64')) };
}
