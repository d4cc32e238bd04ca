import * as z from 'zod';
import { QueuedInvoice } from '../collection/queued-invoice.ts';
import { monthOf } from '../kernel/calendar.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { loadEntriesOfDay } from '../ledger/ledger-store.ts';
import { keys, owners, type QueueName } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Table } from '../table/table.ts';
import { loadInvoiceAccuracy } from './invoice-accuracy-store.ts';
import type { OwedInvoice, ReportSources } from './report-sources.ts';

const PlacedOrder = z.object({ currency: Currency, net: Minor, gross: Minor });
const SentReminder = z.object({ step: z.int(), stepName: z.string() });
const HeldOrder = z.object({ currency: Currency, gross: Minor });
const UnappliedCredit = z.object({ currency: Currency, amount: Minor });
const Contact = z.object({ customerId: CustomerId, name: z.string(), email: z.string() });

/**
 * Reads what the morning report of `date` is made of: summaries that lie in indexes, side by side, and one batch read
 * of the customers who owe. No invoice, order or payment is read one by one, so 30,000 open invoices of 5,000
 * customers take some 12 MB of index pages and 50 batches. The month's accuracy takes the month's
 * ledger: 1 MB for some 1,700 entries.
 */
export async function loadReportSources(table: Table, date: CalendarDate): Promise<ReportSources> {
  const [orders, reminders, entries, owed, unapplied, held, accuracy] = await Promise.all([
    loadDay(table, 'order.placed', date, PlacedOrder),
    loadDay(table, 'account.reminded', date, SentReminder),
    loadEntriesOfDay(table, date),
    loadOwed(table),
    loadQueue(table, 'unapplied', UnappliedCredit),
    loadQueue(table, 'held-order', HeldOrder),
    loadInvoiceAccuracy(table, { from: monthOf(date).from, to: date, until: date }),
  ]);
  const contacts = await loadContacts(table, owed);
  return { orders, reminders, entries, owed, unapplied, held, accuracy, contacts };
}

/** An invoice that changes queues while they are read may be seen in both: each counts once. */
async function loadOwed(table: Table): Promise<OwedInvoice[]> {
  const [collect, call, dispute, paused] = await Promise.all([
    loadQueue(table, 'collect', QueuedInvoice),
    loadQueue(table, 'call', QueuedInvoice),
    loadQueue(table, 'dispute', QueuedInvoice),
    loadQueue(table, 'paused', QueuedInvoice),
  ]);
  const owed = new Map<string, OwedInvoice>();
  for (const invoice of [...collect, ...dispute, ...paused])
    owed.set(invoice.invoiceId, { ...invoice, onCallList: false });
  for (const invoice of call) owed.set(invoice.invoiceId, { ...invoice, onCallList: true });
  return [...owed.values()];
}

async function loadQueue<T>(table: Table, queue: QueueName, due: z.ZodType<T>): Promise<T[]> {
  const waiting = await queryQueue(table, queue);
  return waiting.map((item) => due.parse(item['due']));
}

async function loadDay<T>(
  table: Table,
  factType: 'order.placed' | 'account.reminded',
  date: CalendarDate,
  sum: z.ZodType<T>,
): Promise<T[]> {
  const items = await queryAll(table, { index: 'byOwner', partition: owners.day(factType, date) });
  return items.map((item) => sum.parse(item['sum']));
}

async function loadContacts(table: Table, owed: readonly OwedInvoice[]): Promise<ReportSources['contacts']> {
  const customerIds = [...new Set(owed.map((invoice) => invoice.customerId))];
  const profiles = await table.getMany(customerIds.map(keys.customer));
  return new Map(
    profiles.map((profile) => {
      const { customerId, name, email } = Contact.parse(profile);
      return [customerId, { name, email }];
    }),
  );
}
