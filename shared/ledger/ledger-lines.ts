import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { accountOf, type ChartPolicy } from './chart.ts';
import type { Entry, EntryKind } from './ledger.ts';

/** A posting as bookkeeping wants to read it: one line of a journal. Minor units, one of both is 0. */
export type JournalLine = {
  readonly date: CalendarDate;
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly reference: string;
  readonly source: string;
  readonly customerId?: string | undefined;
  readonly account: string;
  readonly accountName: string;
  readonly currency: Currency;
  readonly debit: number;
  readonly credit: number;
};

/** The postings of `entry`, each with its account as `chart` calls it. */
export function linesOfEntry(entry: Entry, chart: ChartPolicy): JournalLine[] {
  const { date, entryId, kind, reference, source, customerId, currency } = entry;
  return entry.postings.map(({ account: role, amount }) => {
    const { code, name } = accountOf(chart, role);
    return {
      date,
      entryId,
      kind,
      reference,
      source,
      customerId,
      account: code,
      accountName: name,
      currency,
      debit: Math.max(amount, 0),
      credit: Math.max(-amount, 0),
    };
  });
}
