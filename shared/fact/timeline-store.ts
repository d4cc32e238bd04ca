import { tableNames } from '../table/names.ts';
import type { Table } from '../table/table.ts';
import { type Fact, factOfItem } from './fact.ts';

/** What happened to the subjects with these ids, oldest first. */
export async function loadTimeline(table: Table, subjects: readonly string[]): Promise<Fact[]> {
  const pages = await Promise.all(
    subjects.map((partition) => table.query({ partition, prefix: tableNames.factPrefix, consistent: true })),
  );
  return pages
    .flatMap((page) => page.items.map(factOfItem))
    .sort((one, other) => one.at.localeCompare(other.at) || one.id.localeCompare(other.id));
}
