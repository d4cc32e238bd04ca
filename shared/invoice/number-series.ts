import type { CalendarDate } from '../kernel/time.ts';
import type { SeriesPolicy } from './series-policy.ts';

/** What has a series of its own or may have one. */
export type NumberedType = 'invoice' | 'creditNote' | 'deposit' | 'counter';

/** A legal series of documents: those of one type and year. Numbers have no gaps in it. */
export type Series = {
  /** What it is called in the table and on its documents, e.g. `INV_2026`. */
  readonly name: string;
  /** Of its numbers: all of it but the number itself is filled in, e.g. `INV-2026-{number:6}`. */
  readonly format: string;
};

/** The series of a document of `type` issued on `date`. */
export function seriesOf(policy: SeriesPolicy, type: NumberedType, date: CalendarDate): Series {
  const { prefix, format } = policy[type] ?? policy.invoice;
  const year = date.slice(0, 4);
  return {
    name: [...(policy.company === undefined ? [] : [policy.company]), prefix, year].join('_'),
    format: format.replaceAll('{prefix}', prefix).replaceAll('{year}', year),
  };
}

/** The `ordinal`-th number of a series, e.g. `INV-2026-000042`. */
export function documentNumber({ format }: Series, ordinal: number): string {
  return format.replace(/\{number:(\d{1,2})\}/, (_, digits: string) =>
    String(ordinal).padStart(Number(digits), '0'),
  );
}
