import { describe, expect, it } from 'vitest';
import { orderStatus, unitsOf } from '#shared/order/order-status.ts';
import { anOrder, anOrderLine } from '#test/builders/order.ts';

const ten = { ordered: 10, cancelled: 0, shipped: 0, delivered: 0, returned: 0 };

describe('the state of an accepted order', () => {
  it.each([
    ['confirmed', {}],
    ['confirmed', { cancelled: 9 }],
    ['cancelled', { cancelled: 10 }],
    ['partly_shipped', { shipped: 1 }],
    ['partly_shipped', { shipped: 9, delivered: 9, returned: 9 }],
    ['shipped', { shipped: 10 }],
    ['shipped', { shipped: 4, cancelled: 6 }],
    ['partly_delivered', { shipped: 10, delivered: 1 }],
    ['delivered', { shipped: 4, cancelled: 6, delivered: 4 }],
    ['partly_returned', { shipped: 10, delivered: 10, returned: 1 }],
    ['partly_returned', { shipped: 10, returned: 9 }],
    ['returned', { shipped: 4, cancelled: 6, delivered: 4, returned: 4 }],
  ] as const)('is %s with %j of ten', (status, units) => {
    expect(orderStatus('accepted', { ...ten, ...units })).toBe(status);
  });
});

it.each(['placed', 'held', 'rejected'] as const)(
  'an order that is %s is that until all is cancelled',
  (decision) => {
    expect(orderStatus(decision, { ...ten, cancelled: 9 })).toBe(decision);
    expect(orderStatus(decision, { ...ten, cancelled: 10 })).toBe('cancelled');
  },
);

it('an order stored without its units has those that its lines and open units tell of', () => {
  const order = anOrder({ status: 'partly_shipped', openUnits: 3 });
  expect(unitsOf(order, [anOrderLine()])).toEqual({ ...ten, ordered: 4, shipped: 1 });
  expect(unitsOf(anOrder({ status: 'cancelled' }), [anOrderLine()])).toEqual({
    ...ten,
    ordered: 4,
    cancelled: 4,
  });
});
