import { QueuedInvoice } from '../collection/queued-invoice.ts';
import type { CustomerId } from '../kernel/ids.ts';
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
  // The queues and the list of mandates are spread alike, by customer.
  const collect = queuePartitions('collect');
  const call = queuePartitions('call');
  for (const [shard, partition] of queuePartitions('mandate').entries()) {
    const mandates = await listActiveMandates(table, run.format, partition);
    if (mandates.size === 0) continue;
    const due: QueuedInvoice[] = [];
    for (const queue of [collect[shard], call[shard]]) {
      if (queue === undefined) continue;
      for await (const invoice of queued(table, queue)) {
        const { customerId, currency, dueOn } = invoice;
        if (mandates.has(customerId) && currency === run.currency && dueOn <= run.collectOn)
          due.push(invoice);
      }
    }
    yield* packed(due, mandates);
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

function* packed(
  due: readonly QueuedInvoice[],
  mandates: ReadonlyMap<CustomerId, readonly Key[]>,
): Generator<DebitChunk> {
  const ordered = due.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  let invoices: QueuedInvoice[] = [];
  let at: Key[] = [];
  let writes = 0;
  for (const [customerId, own] of Map.groupBy(ordered, (invoice) => invoice.customerId)) {
    const all = WRITES_OF_CUSTOMER + own.length * WRITES_OF_INVOICE;
    // A customer is told of all its debits at once, unless those alone are too many.
    if (writes > 0 && writes + all > MAX_WRITES) {
      yield { invoices, mandates: at };
      [invoices, at, writes] = [[], [], 0];
    }
    const keys = mandates.get(customerId) ?? [];
    at.push(...keys);
    writes += WRITES_OF_CUSTOMER;
    for (const invoice of own) {
      if (writes + WRITES_OF_INVOICE > MAX_WRITES) {
        yield { invoices, mandates: at };
        [invoices, at, writes] = [[], [...keys], WRITES_OF_CUSTOMER];
      }
      invoices.push(invoice);
      writes += WRITES_OF_INVOICE;
    }
  }
  if (invoices.length > 0) yield { invoices, mandates: at };
}

const orderOf = ({ dueOn, invoiceId }: QueuedInvoice) => `${dueOn}#${invoiceId}`;
