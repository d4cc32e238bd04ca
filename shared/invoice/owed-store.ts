import * as z from 'zod';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { owedQueues, queuePartition } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Table } from '../table/table.ts';
import type { OpenItem } from './invoice.ts';
import { loadOpenItems } from './invoice-store.ts';

const Owed = z.object({ customerId: CustomerId, invoiceId: InvoiceId });

/**
 * What is owed on the customer's open invoices, in no order. An invoice that changes queues while they are read may be
 * seen in both: each counts once.
 */
export async function loadOwedBy(table: Table, customerId: CustomerId): Promise<OpenItem[]> {
  const queues = await Promise.all(
    owedQueues.map((queue) =>
      queryAll(table, { index: 'byDue', partition: queuePartition(queue, customerId) }),
    ),
  );
  const own = queues
    .flat()
    .map((item) => Owed.parse(item['due']))
    .filter((due) => due.customerId === customerId);
  return loadOpenItems(
    table,
    own.map(({ invoiceId }) => invoiceId),
  );
}
