import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { EntryId } from '../kernel/ids.ts';
import { CalendarDate } from '../kernel/time.ts';
import type { Entry } from './ledger.ts';

/** A Lambda answers 6 MB at most, headers and escaping included. */
const PAGE_BYTES = 4_000_000;

/** The last entry that was handed out; `of` names the list, so that a cursor of another is refused. */
const Cursor = z.strictObject({ of: z.string(), d: CalendarDate, e: EntryId, b: z.int().optional() });
type Cursor = z.infer<typeof Cursor>;

/** @param of names the list and all that it depends on */
export function writeCursor(of: string, { date, entryId }: Entry, balance?: number): string {
  const cursor = { of, d: date, e: entryId, ...(balance !== undefined && { b: balance }) };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws DomainError `cursor_invalid` */
export function readCursor(of: string, text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const parsed = Cursor.safeParse(jsonOf(text));
  if (parsed.success && parsed.data.of === of) return parsed.data;
  throw new DomainError('cursor_invalid', 'The cursor is not one of this list. Start again without it.');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether `entry` comes after where `cursor` points: within a day entries stand by their id. */
export function comesAfter({ date, entryId }: Entry, cursor: Pick<Cursor, 'd' | 'e'> | undefined): boolean {
  return !cursor || date > cursor.d || (date === cursor.d && entryId > cursor.e);
}

/**
 * As many of the entries after `cursor` as fit one answer, each as `write` makes it.
 * @param days entries day by day, from the cursor's own day on
 * @param most bytes of UTF-8
 */
export async function fillPage<T>(
  days: AsyncIterable<Entry[]>,
  cursor: Pick<Cursor, 'd' | 'e'> | undefined,
  write: (entry: Entry) => T,
  most = PAGE_BYTES,
): Promise<{ pieces: T[]; stoppedAfter?: Entry }> {
  const pieces: T[] = [];
  let bytes = 0;
  let last: Entry | undefined;
  for await (const entries of days) {
    for (const entry of entries) {
      if (!comesAfter(entry, cursor)) continue;
      const piece = write(entry);
      const size = Buffer.byteLength(typeof piece === 'string' ? piece : JSON.stringify(piece));
      if (last && bytes + size > most) return { pieces, stoppedAfter: last };
      pieces.push(piece);
      bytes += size;
      last = entry;
    }
  }
  return { pieces };
}
