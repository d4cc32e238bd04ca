import { CorrectionReason } from '../invoice/invoice.ts';
import { datesBetween } from '../kernel/calendar.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { creditedBy } from '../ledger/account-movement.ts';
import { loadEntriesOfDay } from '../ledger/ledger-store.ts';
import type { Table } from '../table/table.ts';
import { type Correction, type InvoiceAccuracy, measureAccuracy } from './invoice-accuracy.ts';

/** How many days of the ledger are read side by side. */
const DAYS_AT_ONCE = 8;

// A reason that this version does not know is still one.
const Reason = CorrectionReason.catch('other');

/**
 * Measures the accuracy of the invoices issued from `from` to `to` with what was credited until `until`. Reads the
 * ledger of every day from `from` to `until`, some days at a time, and keeps only invoice ids and corrections.
 */
export async function loadInvoiceAccuracy(
  table: Table,
  period: { from: CalendarDate; to: CalendarDate; until: CalendarDate },
): Promise<InvoiceAccuracy> {
  const issued = new Set<string>();
  const corrections: Correction[] = [];
  await eachLimited(datesBetween(period.from, period.until), DAYS_AT_ONCE, async (date) => {
    for (const entry of await loadEntriesOfDay(table, date)) {
      const { kind, source, corrects, reasonCode, currency } = entry;
      if (kind === 'invoice' && date <= period.to) issued.add(source);
      if (kind === 'credit_note' && corrects !== undefined) {
        const amount = creditedBy(entry);
        corrections.push({ invoiceId: corrects, reason: Reason.parse(reasonCode), currency, amount });
      }
    }
  });
  return measureAccuracy(period, issued, corrections);
}
