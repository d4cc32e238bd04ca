import {
  type StatementEnd,
  StatementEntry,
  type StatementFormat,
  StatementHeader,
} from '#shared/bank/bank-statement.ts';
import { type ReadOptions, readStatements } from '#shared/bank/read-statements.ts';

/** A statement of a file with all its entries. */
export type ReadStatement = Omit<StatementEnd, 'kind' | 'entries'> & { entries: StatementEntry[] };

/** Reads `file`, in pieces of `size` bytes, whole; every event is as its schema wants it. */
export async function readWhole(
  format: StatementFormat,
  file: string | Uint8Array,
  options: ReadOptions & { size?: number } = {},
): Promise<ReadStatement[]> {
  const bytes = Buffer.from(file);
  const { size = bytes.length || 1, ...rest } = options;
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  const statements: ReadStatement[] = [];
  let entries: StatementEntry[] = [];
  for await (const event of readStatements(format, pieces, rest)) {
    if (event.kind === 'statement') entries = [];
    else if (event.kind === 'entry') entries.push(StatementEntry.parse(event.entry));
    else statements.push({ header: StatementHeader.parse(event.header), sum: event.sum, entries });
  }
  return statements;
}
