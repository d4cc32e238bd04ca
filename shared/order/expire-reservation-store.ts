import { eachLimited } from '../kernel/each-limited.ts';
import type { OrderId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { dropBackorder } from '../stock/backorder-store.ts';
import { forgetReservedChunks } from '../stock/long-order-store.ts';
import { stockNeeds } from '../stock/stock-needs.ts';
import { releaseStock } from '../stock/stock-store.ts';
import { warehousePolicy } from '../stock/warehouse-policy.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { expireReservation, isOverdue } from './expire-reservation.ts';
import { changed, listHeldOrders, loadOrderFile } from './order-store.ts';
import { backordersOf } from './waiting-units.ts';

const CONCURRENT_ORDERS = 10;

type Change = { readonly at: Instant; readonly actor: string; readonly timeZone: string };

/**
 * Gives back the goods of orders that have been on hold for longer than the policy `warehouses` says, each in a
 * transaction of its own with the fact that tells of it. What a missed run left is overdue still; a second one does
 * nothing.
 * @returns how many orders gave their goods back
 */
export async function expireReservations(table: Table, change: Change): Promise<number> {
  const { policy } = await policyInForce(table, warehousePolicy, dateIn(change.timeZone, change.at));
  const overdue = (await listHeldOrders(table)).filter((held) => isOverdue(held, policy, change));
  let expired = 0;
  await eachLimited(overdue, CONCURRENT_ORDERS, async ({ orderId }) => {
    if (await expireOne(table, orderId, change)) expired += 1;
  });
  return expired;
}

function expireOne(table: Table, orderId: OrderId, { at, actor }: Change): Promise<boolean> {
  return onFreshRead(async () => {
    const file = await loadOrderFile(table, orderId);
    if (file?.order.status !== 'held') return false;
    const { order, lines } = file;
    const next = expireReservation(order, lines);
    if (!next) return false;
    await forgetReservedChunks(table, orderId);
    await commit(table, [
      {
        do: 'update',
        key: keys.order(orderId),
        set: { reservation: next.reservation, version: next.version },
        when: [{ attribute: 'version', is: 'equal', value: order.version }],
        refusal: versionConflict('order'),
      },
      ...stockNeeds(lines, order.warehouse).map(releaseStock),
      ...backordersOf(order, lines).map(dropBackorder),
      changed('order.reservation_expired', next, at, actor, { orderId, heldAt: order.heldAt }),
    ]);
    return true;
  });
}
