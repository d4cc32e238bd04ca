import { companyFromEnv } from '#shared/company/company.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { holdOrder } from '#shared/order/accept-order.ts';
import { deskFor } from '#shared/order/hold-desk-store.ts';
import { holdActions, loadOrder } from '#shared/order/order-store.ts';
import { ReasonedOrderTask } from '#shared/order/order-task.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();

/** Task of `accept-order`: lets the order wait for a person, with the reasons. Decided orders stay as they are. */
export async function handler(event: unknown): Promise<{ status: string }> {
  const { orderId, reasons, verification, at } = ReasonedOrderTask.parse(event);
  return onFreshRead(async () => {
    const order = await loadOrder(table, orderId, { consistent: true });
    if (!order) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
    if (order.status !== 'placed') return { status: order.status };
    const hold = await deskFor(table, company, reasons, at, order);
    const next = holdOrder(order, reasons, hold, at, verification);
    await commit(table, holdActions(order, next, 'hold-order'));
    return { status: next.status };
  });
}
