import * as z from 'zod';
import { keys, prefixes } from './keys.ts';
import type { Action, Item, Key } from './table.ts';

/** Lines an item holds: 200 with long descriptions stay far below DynamoDB's 400 KB. */
const LINES_PER_CHUNK = 200;

const Chunk = z.looseObject({ lines: z.array(z.unknown()) });

const DOCUMENT = keys.invoice('').SK;

/** Documents with at most so many lines carry them in themselves: an item less to write, and still a small one. */
const LINES_WITHIN = 10;

/**
 * The writes of a document that never changes, with its lines: within it when they are few, in chunks beside it
 * when not. `document` has no attribute `lines` of its own; {@link linesIn} finds them either way.
 */
export function documentWithLines(
  document: Extract<Action, { do: 'put' }>,
  keyOf: (chunk: number) => Key,
  lines: readonly unknown[],
): Action[] {
  return lines.length <= LINES_WITHIN
    ? [{ ...document, item: { ...document.item, lines } }]
    : [document, ...chunkActions(keyOf, lines)];
}

/** The writes that lay `lines` beside their document, in chunks. Refused where they lie there already. */
export function chunkActions(keyOf: (chunk: number) => Key, lines: readonly unknown[]): Action[] {
  const actions: Action[] = [];
  for (let start = 0; start < lines.length; start += LINES_PER_CHUNK) {
    actions.push({
      do: 'put',
      item: { ...keyOf(actions.length), lines: lines.slice(start, start + LINES_PER_CHUNK) },
      when: [{ attribute: 'PK', is: 'absent' }],
    });
  }
  return actions;
}

/**
 * The writes that put `after` in the place of `before`, line by line: the chunks in which any line is another object. Safe
 * only beside the document's own conditional write.
 */
export function changedChunkActions<T>(
  keyOf: (chunk: number) => Key,
  before: readonly T[],
  after: readonly T[],
): Action[] {
  if (before.length !== after.length) throw new RangeError('a change neither adds lines nor takes any away');
  const actions: Action[] = [];
  for (let start = 0; start < after.length; start += LINES_PER_CHUNK) {
    const lines = after.slice(start, start + LINES_PER_CHUNK);
    if (lines.every((line, index) => line === before[start + index])) continue;
    actions.push({
      do: 'put',
      item: { ...keyOf(start / LINES_PER_CHUNK), lines },
      when: [{ attribute: 'PK', is: 'present' }],
    });
  }
  return actions;
}

/** The lines among the items of a document's partition, in order, parsed with `schema`. */
export function linesIn<T>(items: readonly Item[], schema: z.ZodType<T>): T[] {
  return items
    .filter(({ SK, lines }) => SK.startsWith(prefixes.lines) || (SK === DOCUMENT && lines !== undefined))
    .flatMap((item) => Chunk.parse(item).lines.map((line) => schema.parse(line)));
}
