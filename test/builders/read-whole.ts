import type { StatementEnd, StatementEntry, StatementFormat } from '#shared/bank/bank-statement.ts';
import { type ReadOptions, readStatements } from '#shared/bank/read-statements.ts';

/** A statement of a file with all its entries. */
export type ReadStatement = Omit<StatementEnd, 'kind' | 'entries'> & { entries: StatementEntry[] };

/** Reads `file`, in pieces of `size` bytes, whole. */
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
    else if (event.kind === 'entry') entries.push(event.entry);
    else statements.push({ header: event.header, sum: event.sum, entries });
  }
  return statements;
}
