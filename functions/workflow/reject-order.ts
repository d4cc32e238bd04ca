import { DomainError } from '#shared/kernel/errors.ts';
import { rejectOrder } from '#shared/order/accept-order.ts';
import { loadOrder, rejectActions } from '#shared/order/order-store.ts';
import { ReasonedOrderTask } from '#shared/order/order-task.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();

/** Task of `accept-order`: turns the order down, with the reasons. Decided orders stay as they are. */
export async function handler(event: unknown): Promise<{ status: string }> {
  const { orderId, reasons, at } = ReasonedOrderTask.parse(event);
  return onFreshRead(async () => {
    const order = await loadOrder(table, orderId, { consistent: true });
    if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
    if (order.status !== 'placed' || order.reservation === 'reserved') return { status: order.status };
    const next = rejectOrder(order, reasons, at);
    await commit(table, rejectActions(order, next, 'reject-order'));
    return { status: next.status };
  });
}
