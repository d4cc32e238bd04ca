import { documentActions, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { anAccount } from './customer.ts';
import { anInvoice, anOpenItem } from './invoice.ts';
import { anOrderLine } from './order.ts';

/** Lays {@link anInvoice} of GBP 60.00 into `table`, unpaid, with the account that owes it. */
export function oweOneInvoice(table: Table): Promise<void> {
  return commit(table, [
    ...documentActions(anInvoice(), [anOrderLine()]),
    saveOpenItem(anOpenItem(), 'absent'),
    {
      do: 'put',
      item: { ...keys.account('cus_harbour'), ...anAccount({ exposure: 6_000, receivable: 6_000 }) },
    },
  ]);
}
