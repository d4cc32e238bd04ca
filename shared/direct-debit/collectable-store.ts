import { QueuedInvoice } from '../collection/queued-invoice.ts';
import { queuePartitions } from '../table/keys.ts';
import type { Key, Query, Table } from '../table/table.ts';
import type { DirectDebit } from './direct-debit.ts';
import { listActiveMandates } from './mandate-store.ts';

/** What one transaction adds to a run: invoices, each customer's together, and where the mandates of those lie. */
export type DebitChunk = { readonly invoices: readonly QueuedInvoice[]; readonly mandates: readonly Key[] };

/** A transaction holds 100 writes; the run, its fact and the request's key are three of them. */
const MAX_WRITES = 97;
/** A debit and its invoice. */
const WRITES_OF_INVOICE = 2;
/** A mandate and the fact that announces its debits. */
const WRITES_OF_CUSTOMER = 2;

/**
 * What can be collected, in chunks of one transaction each. Reads the work queues page by page, a quarter of the customers
 * after the other, the longest due first in each: 12 queries of 1 MB pages in all, and no more in memory than a quarter.
 * The index may lag, so each chunk is looked at again before it is taken. What a run took is not found again: reading
 * from the start goes on where a run that broke off ended.
 */
export async function* chunksToCollect(
  table: Table,
  run: Pick<DirectDebit, 'format' | 'collectOn' | 'currency'>,
): AsyncGenerator<DebitChunk> {
  let invoices: QueuedInvoice[] = [];
  let mandates: Key[] = [];
  let writes = 0;
  for await (const { owed, at } of debtors(table, run)) {
    const all = WRITES_OF_CUSTOMER + owed.length * WRITES_OF_INVOICE;
    // A customer is told of all its debits at once, unless those alone are too many.
    if (writes > 0 && writes + all > MAX_WRITES) {
      yield { invoices, mandates };
      [invoices, mandates, writes] = [[], [], 0];
    }
    mandates.push(...at);
    writes += WRITES_OF_CUSTOMER;
    for (const invoice of owed) {
      if (writes + WRITES_OF_INVOICE > MAX_WRITES) {
        yield { invoices, mandates };
        [invoices, mandates, writes] = [[], [...at], WRITES_OF_CUSTOMER];
      }
      invoices.push(invoice);
      writes += WRITES_OF_INVOICE;
    }
  }
  if (invoices.length > 0) yield { invoices, mandates };
}

/** What a customer owes that is due by the day, and where its mandates lie. */
type Debtor = { readonly owed: readonly QueuedInvoice[]; readonly at: readonly Key[] };

/** Those who can be debited, a quarter of the customers after the other. */
async function* debtors(
  table: Table,
  { format, collectOn, currency: own }: Pick<DirectDebit, 'format' | 'collectOn' | 'currency'>,
): AsyncGenerator<Debtor> {
  // The queues and the list of mandates are spread alike, by customer.
  const collect = queuePartitions('collect');
  const call = queuePartitions('call');
  for (const [shard, partition] of queuePartitions('mandate').entries()) {
    const mandates = await listActiveMandates(table, format, partition);
    if (mandates.size === 0) continue;
    const due: QueuedInvoice[] = [];
    for (const queue of [collect[shard], call[shard]]) {
      if (queue === undefined) continue;
      for await (const invoice of queued(table, queue)) {
        const { customerId, currency, dueOn } = invoice;
        if (mandates.has(customerId) && currency === own && dueOn <= collectOn) due.push(invoice);
      }
    }
    const ordered = due.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
    for (const [customerId, owed] of Map.groupBy(ordered, (invoice) => invoice.customerId))
      yield { owed, at: mandates.get(customerId) ?? [] };
  }
}

async function* queued(table: Table, partition: string): AsyncGenerator<QueuedInvoice> {
  let after: Query['after'];
  do {
    const page = await table.query({ index: 'byDue', partition, ...(after && { after }) });
    for (const { due } of page.items) yield QueuedInvoice.parse(due);
    after = page.next;
  } while (after);
}

const orderOf = ({ dueOn, invoiceId }: QueuedInvoice) => `${dueOn}#${invoiceId}`;
