import { companyFromEnv } from '#shared/company/company.ts';
import { recordFact } from '#shared/fact/record-fact.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { OrderId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { orderDeskPolicy } from '#shared/order/order-desk-policy.ts';
import { listHeldOrders, loadOrder } from '#shared/order/order-store.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { layClaim, refuseClaimed } from '#shared/queue/claim.ts';
import { dropClaim, loadClaim, loadClaims, saveClaim } from '#shared/queue/claim-store.ts';
import * as api from '#shared/queue/queue-api.ts';
import { listWaiting } from '#shared/stock/backorder-store.ts';
import { listLow } from '#shared/stock/low-stock-store.ts';
import { commit, versionConflict } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const held = operation(api.listHeldOrders, async ({ query: { team, mine, overdue }, caller, at }) => {
  const [orders, claims] = await Promise.all([listHeldOrders(table), loadClaims(table, 'held-order')]);
  const items = orders.map((order) => {
    const claim = claims.get(order.orderId);
    const isClaimed = claim !== undefined && claim.until > at;
    return {
      item: {
        ...order,
        overdue: order.hold !== undefined && order.hold.dueAt < at,
        ...(isClaimed && { claim: { by: claim.by, until: claim.until } }),
      },
      isMine: isClaimed && claim.byId === caller.id,
    };
  });
  const asked = items.filter(
    ({ item, isMine }) =>
      (team === undefined || item.hold?.team === team) &&
      (mine === undefined || isMine === mine) &&
      (overdue === undefined || item.overdue === overdue),
  );
  return { body: { items: asked.map(({ item }) => item) } };
});

const backorders = operation(api.listBackorders, async () => ({ body: { items: await listWaiting(table) } }));

const lowStock = operation(api.listLowStock, async () => ({ body: { items: await listLow(table) } }));

const claim = operation(api.claimHeldOrder, async ({ params: { orderId }, body, caller, at }) => {
  const [order, before, { policy }] = await Promise.all([
    heldOrder(orderId),
    loadClaim(table, 'held-order', orderId),
    policyInForce(table, orderDeskPolicy, dateIn(timeZone, at)),
  ]);
  const claimant = { by: caller.name, byId: caller.id };
  const next = layClaim(before, claimant, policy.claimMinutes, at, body.takeOver);
  const { until, by } = next;
  await commit(table, [
    saveClaim('held-order', orderId, before, next),
    recordFact(
      'order.claimed',
      orderId,
      `claimed-${at}-${caller.id}`,
      {
        at,
        actor: caller.name,
        customerId: order.customerId,
        data: { orderId, until, ...(body.takeOver !== undefined && { takeOver: body.takeOver }) },
      },
      versionConflict('claim'),
    ),
  ]);
  return { body: { by, until } };
});

const unclaim = operation(api.unclaimHeldOrder, async ({ params: { orderId }, caller, at }) => {
  const before = await loadClaim(table, 'held-order', orderId);
  refuseClaimed(before, caller.id, at);
  await Promise.all(dropClaim('held-order', orderId, before).map((action) => table.write(action)));
  return { body: { orderId } };
});

export const handler = httpFunction(table, [held, backorders, lowStock, claim, unclaim]);

async function heldOrder(orderId: OrderId) {
  const order = await loadOrder(table, orderId, { consistent: true });
  if (!order) throw new DomainError('order_not_found', 'There is no such order.');
  if (order.status === 'held') return order;
  throw new DomainError('order_not_releasable', `Only held orders are claimed; this one is ${order.status}.`);
}
