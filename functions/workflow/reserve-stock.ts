import { companyFromEnv } from '#shared/company/company.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { Sku } from '#shared/kernel/ids.ts';
import { fillBackorders } from '#shared/order/fill-backorders-store.ts';
import type { Reason } from '#shared/order/order.ts';
import { loadOrderFile } from '#shared/order/order-store.ts';
import { OrderTask } from '#shared/order/order-task.ts';
import { reserveLongOrder } from '#shared/stock/long-order-store.ts';
import { stockNeeds, waitingUnits } from '#shared/stock/stock-needs.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const ACTOR = 'reserve-stock';

type Outcome = { outcome: 'reserved' | 'settled' } | { outcome: 'insufficient'; reasons: Reason[] };

/**
 * Task of `accept-order`: reserves what the order's own transaction could not hold, and looks once more for what it
 * waits for: stock that came while it was being placed has woken nobody on its behalf.
 */
export async function handler(event: unknown): Promise<Outcome> {
  const { orderId, at } = OrderTask.parse(event);
  const file = await loadOrderFile(table, orderId);
  if (!file) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  const { order, lines } = file;
  if (order.status !== 'placed') return { outcome: 'settled' };
  if (order.reservation === 'pending') {
    const result = await reserveLongOrder(table, orderId, stockNeeds(lines, order.warehouse));
    if (result.outcome === 'settled') return { outcome: 'settled' };
    if (result.outcome === 'insufficient')
      return {
        outcome: 'insufficient',
        reasons: [{ code: 'insufficient_stock', detail: result.detail }],
      };
  }
  for (const sku of waitingUnits(lines).keys())
    await fillBackorders(table, Sku.parse(sku), { at, actor: ACTOR, timeZone });
  return { outcome: 'reserved' };
}
