import { companyFromEnv } from '#shared/company/company.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { Sku } from '#shared/kernel/ids.ts';
import type { Instant } from '#shared/kernel/time.ts';
import { fillBackorders } from '#shared/order/fill-backorders-store.ts';
import type { Reason } from '#shared/order/order.ts';
import { loadOrderFile } from '#shared/order/order-store.ts';
import { OrderTask } from '#shared/order/order-task.ts';
import { renewReservation } from '#shared/order/renew-reservation-store.ts';
import type { Placement } from '#shared/order/reserve-placement.ts';
import { reserveLongOrder } from '#shared/stock/long-order-store.ts';
import { stockNeeds, waitingUnits } from '#shared/stock/stock-needs.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const ACTOR = 'reserve-stock';

type Outcome = { outcome: 'reserved' | 'settled' } | { outcome: 'insufficient'; reasons: Reason[] };

/**
 * Task of `accept-order`: reserves what the order's own transaction could not hold, or what it gave back on hold; and
 * looks once more for what it waits for: stock that came while it was being placed has woken nobody on its behalf.
 */
export async function handler(event: unknown): Promise<Outcome> {
  const { orderId, at } = OrderTask.parse(event);
  return onFreshRead(async () => {
    const file = await loadOrderFile(table, orderId);
    if (!file) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
    if (file.order.status !== 'placed') return { outcome: 'settled' };
    try {
      return await reserve({ order: file.order, lines: file.lines }, { at, actor: ACTOR, timeZone });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'insufficient_stock') throw error;
      return {
        outcome: 'insufficient',
        reasons: [{ code: 'insufficient_stock', detail: error.message }],
      };
    }
  });
}

/** @throws DomainError `insufficient_stock` */
async function reserve(
  placed: Placement,
  change: { at: Instant; actor: string; timeZone: string },
): Promise<Outcome> {
  const { order, lines } =
    placed.order.reservation === 'expired' ? await renewReservation(table, placed, change) : placed;
  if (order.reservation === 'pending') {
    const needs = stockNeeds(lines, order.warehouse);
    const result = await reserveLongOrder(table, order.orderId, needs);
    if (result.outcome === 'settled') return { outcome: 'settled' };
    if (result.outcome === 'insufficient') throw new DomainError('insufficient_stock', result.detail);
  }
  for (const sku of waitingUnits(lines).keys()) await fillBackorders(table, Sku.parse(sku), change);
  return { outcome: 'reserved' };
}
