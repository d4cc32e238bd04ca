import { describe, expect, it } from 'vitest';
import { OrderId, ReturnId, ShipmentId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { confirmOrder, holdOrder, rejectOrder } from '#shared/order/accept-order.ts';
import { amendOrder, cancelUnits, concludeChange, isCancelledWhole } from '#shared/order/amend-order.ts';
import { cancelOrder } from '#shared/order/cancel-order.ts';
import { turnDown } from '#shared/order/decide-held.ts';
import { deliverUnits, type MovedOrder, returnUnits } from '#shared/order/move-units.ts';
import { isAccepted, orderTransitions } from '#shared/order/order.ts';
import { ReceivedShipment, ReturnedGoods } from '#shared/order/order-movement.ts';
import { releaseOrder } from '#shared/order/release-order.ts';
import { shipOrder } from '#shared/shipment/ship-order.ts';
import { anOrder, anOrderLine, ORDER_ID } from '#test/builders/order.ts';

const at = instant('2026-03-02T09:00:05Z');
const hold = { team: 'credit' as const, dueAt: instant('2026-03-03T09:00:05Z') };
const reasons = [{ code: 'credit_limit_exceeded' as const, detail: 'limit GBP 50.00' }];
const three = { ordered: 3, cancelled: 0, shipped: 0, delivered: 0, returned: 0 };

/** Three mugs, just ordered. */
const start: MovedOrder = {
  order: anOrder({ openUnits: 3, units: three }),
  lines: [anOrderLine({ quantity: 3, net: 3_750 })],
  shipments: [],
  received: [],
  returned: [],
};

/** Everything that can be done with an order, by the functions that decide about it. Refusals lead nowhere. */
function stepsFrom(file: MovedOrder): MovedOrder[] {
  const { order } = file;
  const credit = { decision: 'confirm' as const, policyVersion: '1', reasons: [] };
  const changed = (
    change: ReturnType<typeof amendOrder>,
    objections: typeof reasons,
    hold: 'hold' | 'refuse',
  ) =>
    change ? [{ ...file, order: concludeChange(change, objections, hold, at), lines: change.lines }] : [];
  const attempts: (() => MovedOrder[])[] = [
    ...(order.status === 'placed'
      ? [
          () => [{ ...file, order: confirmOrder(order, credit, at) }],
          () => [{ ...file, order: holdOrder(order, reasons, hold, at) }],
          () => [{ ...file, order: rejectOrder(order, reasons, at) }],
        ]
      : []),
    () => [{ ...file, order: releaseOrder(order, { by: 'carla', reason: 'agreed', at }, 'carla') }],
    () => [{ ...file, order: turnDown(order, 'too small', at) }],
    () => [{ ...file, order: cancelOrder(file, 'not needed', at) }],
    ...[1, 2, 3].flatMap((quantity) => {
      const amendment = () => amendOrder(file, { lines: [{ line: 1, quantity }] }, 'sam');
      return [() => changed(amendment(), [], 'refuse'), () => changed(amendment(), reasons, 'hold')];
    }),
    () =>
      isCancelledWhole(file, undefined) ? [] : changed(cancelUnits(file, undefined, 'sam'), [], 'refuse'),
    () => changed(cancelUnits(file, [{ line: 1, quantity: 1 }], 'sam'), [], 'refuse'),
    () => shipOne(file),
    ...file.shipments.map(({ shipmentId, lines }) => () => {
      const received = ReceivedShipment.parse({ orderId: ORDER_ID, shipmentId, lines, at });
      return [{ ...file, order: deliverUnits(file, received), received: [...file.received, received] }];
    }),
    ...[1, 2, 3].map((quantity) => () => {
      const place = String(file.returned.length).padStart(2, '0');
      const returned = ReturnedGoods.parse({
        orderId: OrderId.parse(ORDER_ID),
        returnId: ReturnId.parse(`ret_01k000000000000000000000${place}`),
        lines: [{ line: 1, quantity }],
        at,
      });
      return [{ ...file, order: returnUnits(file, returned), returned: [...file.returned, returned] }];
    }),
  ];
  return attempts.flatMap((attempt) => {
    try {
      return attempt();
    } catch {
      return [];
    }
  });
}

function shipOne(file: MovedOrder): MovedOrder[] {
  const sent = shipOrder(
    file.order,
    file.lines,
    file.shipments,
    { lines: [{ line: 1, quantity: 1 }] },
    'walt',
    at,
  );
  const shipmentId = ShipmentId.parse(
    `shp_01k000000000000000000000${String(file.shipments.length).padStart(2, '0')}`,
  );
  return [{ ...file, order: sent.order, shipments: [...file.shipments, { ...sent.shipment, shipmentId }] }];
}

/** What two orders must share to have the same future. */
const nameOf = ({ order, received }: MovedOrder) =>
  JSON.stringify([order.status, order.units, received.map(({ shipmentId }) => shipmentId).toSorted()]);

describe('the states of an order, by everything that can be done to one of three mugs', () => {
  const taken = new Map<string, Set<string>>([[start.order.status, new Set()]]);
  const known = new Set([nameOf(start)]);
  const open = [start];
  for (let file = open.pop(); file; file = open.pop()) {
    for (const next of stepsFrom(file)) {
      taken.set(next.order.status, taken.get(next.order.status) ?? new Set());
      taken.get(file.order.status)?.add(next.order.status);
      const name = nameOf(next);
      if (known.has(name)) continue;
      known.add(name);
      open.push(next);
    }
  }

  it('are all reached', () => {
    expect([...taken.keys()].sort()).toEqual(Object.keys(orderTransitions).sort());
  });

  it('follow each other as the table of transitions says, and each of its transitions is taken', () => {
    const table = Object.entries(orderTransitions).map(([from, to]) => [from, [...to].sort()]);
    expect(Object.fromEntries([...taken].map(([from, to]) => [from, [...to].sort()]))).toEqual(
      Object.fromEntries(table),
    );
  });

  it('are many enough to mean something', () => {
    expect(known.size).toBeGreaterThan(60);
    expect(isAccepted(start.order)).toBe(false);
  });
});
