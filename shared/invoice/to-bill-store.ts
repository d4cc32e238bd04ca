import type { OrderId } from '../kernel/ids.ts';
import { twinId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { OrderHead } from '../order/order.ts';
import type { Shipment } from '../shipment/shipment.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, queuePartition } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { InvoiceDraft } from './issue-invoice.ts';
import { billingDue, ToBill } from './to-bill.ts';

/** The write that makes a shipment wait for an invoice over several, in the queue where the calendar decides when. */
export function keepToBill(
  { orderId, shipmentId, customerId, shippedAt }: Shipment,
  invoicing: NonNullable<OrderHead['invoicing']>,
  timeZone: string,
): Action {
  const due = billingDue(invoicing, shippedAt, timeZone);
  const toBill: ToBill = { orderId, shipmentId, customerId, ...(due !== undefined && { due }) };
  return {
    do: 'put',
    item: {
      ...keys.toBill(orderId, shipmentId),
      toBill,
      ...(due !== undefined && {
        DPK: queuePartition('to-bill', customerId),
        DSK: `${due}#${shipmentId}`,
        due: toBill,
      }),
    },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
}

/** The shipments of an order that wait, oldest first. */
export async function loadToBill(table: Table, orderId: OrderId): Promise<ToBill[]> {
  const query = { partition: orderId, prefix: prefixes.toBill, consistent: true };
  return (await queryAll(table, query)).map(toBillOf);
}

/** Those whose time has come by `at`. The index may still show some that were billed a moment ago. */
export async function loadDueToBill(table: Table, at: Instant): Promise<ToBill[]> {
  const waiting = await queryQueue(table, 'to-bill', { to: `${at}~` });
  return waiting.map((item) => ToBill.parse(item['due']));
}

/** Those of `waiting` that wait still, in their order. */
export async function stillToBill(table: Table, waiting: readonly ToBill[]): Promise<ToBill[]> {
  const items = await table.getMany(
    waiting.map(({ orderId, shipmentId }) => keys.toBill(orderId, shipmentId)),
    { consistent: true },
  );
  const left = new Set(items.map((item) => toBillOf(item).shipmentId));
  return waiting.filter(({ shipmentId }) => left.has(shipmentId));
}

/**
 * The writes that take the shipments of a draft off the list, each refused where it is not on it any more: that makes
 * double billing impossible. Under the id that a shipment's own invoice would have they leave which one bills it.
 */
export function billedActions({ invoice: { invoiceId }, toBill = [] }: InvoiceDraft): Action[] {
  return toBill.flatMap(({ orderId, shipmentId }): Action[] => {
    const own = twinId('inv', shipmentId);
    return [
      {
        do: 'delete',
        key: keys.toBill(orderId, shipmentId),
        when: [{ attribute: 'PK', is: 'present' }],
        refusal: versionConflict('list of shipments to invoice'),
      },
      ...(own === invoiceId
        ? []
        : [
            {
              do: 'put' as const,
              item: { ...keys.billedOn(own), invoiceId },
              when: [{ attribute: 'PK', is: 'absent' as const }],
            },
          ]),
    ];
  });
}

function toBillOf(item: Item): ToBill {
  return ToBill.parse(item['toBill']);
}
