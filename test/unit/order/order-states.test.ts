import { describe, expect, it } from 'vitest';
import { instant } from '#shared/kernel/time.ts';
import { confirmOrder, holdOrder, rejectOrder } from '#shared/order/accept-order.ts';
import { asPlaced } from '#shared/order/as-placed.ts';
import { cancelOrder } from '#shared/order/cancel-order.ts';
import { type OrderIn, type OrderStatus, orderTransitions } from '#shared/order/order.ts';
import { releaseOrder } from '#shared/order/release-order.ts';
import { VerificationPolicy } from '#shared/order/verification-policy.ts';
import { verifyOrder } from '#shared/order/verify-order.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { anOrder, anOrderLine } from '#test/builders/order.ts';

const at = instant('2026-03-02T09:00:05Z');
const hold = { team: 'credit' as const, dueAt: instant('2026-03-03T09:00:05Z') };
const tooMuch = [{ code: 'credit_limit_exceeded' as const, detail: 'limit GBP 50.00' }];

describe('an order', () => {
  it('claims its gross amount of the credit once it is confirmed', () => {
    const decision = { decision: 'confirm' as const, policyVersion: 'shipped-1', reasons: [] };
    expect(confirmOrder(anOrder(), decision, at)).toMatchObject({
      status: 'confirmed',
      claim: 6_000,
      acceptedAt: at,
      version: 2,
    });
  });

  it('waits with its reasons when it is held', () => {
    expect(holdOrder(anOrder(), tooMuch, hold, at)).toMatchObject({
      status: 'held',
      reasons: tooMuch,
      claim: 0,
      version: 2,
    });
  });

  it('ends with its reasons when it is rejected', () => {
    expect(rejectOrder(anOrder(), tooMuch, at)).toMatchObject({ status: 'rejected', reasons: tooMuch });
  });

  it('goes back to being decided when someone releases it, in their name', () => {
    const release = { by: 'carla@example.com', reason: 'pays on Friday', at };
    const released = releaseOrder(anOrder({ status: 'held' }), release, 'carla');
    expect(released).toMatchObject({ status: 'placed', release, version: 3 });
    expect(released).not.toHaveProperty('reasons');
  });

  it('is not released by whoever entered it or changed it last', () => {
    const release = { by: 'Sam Sales', reason: 'pays on Friday', at };
    const byThem = expect.objectContaining({ code: 'approval_by_requester' });
    const entered = anOrder({ status: 'held', placedById: 'sam' });
    expect(() => releaseOrder(entered, release, 'sam')).toThrow(byThem);
    const changed = anOrder({ status: 'held', placedById: 'customer-7', amendedById: 'sam' });
    expect(() => releaseOrder(changed, release, 'sam')).toThrow(byThem);
    expect(releaseOrder(changed, release, 'carla')).toMatchObject({ status: 'placed', release });
  });

  it('is not released twice', () => {
    expect(() =>
      releaseOrder(anOrder({ status: 'confirmed' }), { by: 'c', reason: 'r', at }, 'carla'),
    ).toThrow(expect.objectContaining({ code: 'order_not_releasable' }));
  });

  it.each(['placed', 'held', 'confirmed'] as const)('may be cancelled while it is %s', (status) => {
    expect(
      cancelOrder({ order: anOrder({ status }), lines: [anOrderLine()] }, 'ordered twice', at),
    ).toMatchObject({
      status: 'cancelled',
      claim: 0,
      reason: 'ordered twice',
    });
  });

  it.each(['partly_shipped', 'shipped', 'rejected', 'cancelled'] as const)(
    'may not be cancelled once it is %s',
    (status) => {
      expect(() =>
        cancelOrder({ order: anOrder({ status }), lines: [anOrderLine()] }, 'ordered twice', at),
      ).toThrow(expect.objectContaining({ code: 'order_not_cancellable' }));
    },
  );

  it('is held when its customer was blocked after it was placed, unless a person released it', () => {
    const blocked = aCustomer({ status: 'blocked' });
    const background = { ordersToday: 0, isFirst: false, blockedNeighbours: [] };
    const policy = { version: 'shipped-1', policy: VerificationPolicy.parse({}) };
    const reasonsOf = (order: OrderIn<'placed'>) => verifyOrder(order, blocked, background, policy).reasons;
    expect(reasonsOf(anOrder())).toEqual([expect.objectContaining({ code: 'customer_blocked' })]);
    expect(reasonsOf(anOrder({ release: { by: 'carla', reason: 'agreed', at } }))).toEqual([]);
  });

  it('reaches every state from placed, and no state leads out of the table', () => {
    const reached = new Set<OrderStatus>(['placed']);
    for (const status of reached) for (const next of orderTransitions[status]) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(orderTransitions).sort());
  });

  it('is shown as it was placed to whoever repeats the request later', () => {
    const { order } = asPlaced({ order: anOrder({ status: 'cancelled' }), lines: [anOrderLine()] });
    expect(order).toMatchObject({ status: 'placed', version: 1 });
  });
});
