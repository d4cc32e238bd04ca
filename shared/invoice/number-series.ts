import type { CalendarDate } from '../kernel/time.ts';

/** A legal series of documents: invoices (`INV`) or credit notes (`CN`) of one year. Numbers have no gaps in it. */
export type Series = { readonly kind: 'INV' | 'CN'; readonly year: string };

/** The series of a document of `kind` issued on `date`. */
export function seriesOf(kind: Series['kind'], date: CalendarDate): Series {
  return { kind, year: date.slice(0, 4) };
}

/** What a series is called in the table and on its documents, e.g. `INV_2026`. */
export function seriesName({ kind, year }: Series): string {
  return `${kind}_${year}`;
}

/** The `ordinal`-th number of a series, e.g. `INV-2026-000042`. */
export function documentNumber({ kind, year }: Series, ordinal: number): string {
  return `${kind}-${year}-${String(ordinal).padStart(6, '0')}`;
}
