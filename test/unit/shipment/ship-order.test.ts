import { describe, expect, it } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { shipOrder } from '#shared/shipment/ship-order.ts';
import { anOrder, anOrderLine, aShipment } from '#test/builders/order.ts';

const at = instant('2026-03-03T14:00:00Z');
const lines = [anOrderLine()];
const ship = (
  order: Parameters<typeof shipOrder>[0],
  dispatch: Parameters<typeof shipOrder>[3],
  earlier: Parameters<typeof shipOrder>[2] = [],
) => shipOrder(order, lines, earlier, dispatch, 'warehouse@example.com', at);

describe('shipping an order of four mugs', () => {
  it('takes everything that is left when no lines are named, and all of the credit claim with it', () => {
    const { order, shipment } = ship(anOrder({ status: 'confirmed' }), {});
    expect(order).toMatchObject({ status: 'shipped', openUnits: 0, claim: 0, version: 3 });
    expect(shipment).toMatchObject({ lines: [{ line: 1, quantity: 4 }], claim: 6_000, complete: true });
  });

  it('takes a quarter of the claim with one mug of four', () => {
    const { order, shipment } = ship(anOrder({ status: 'confirmed' }), { lines: [{ line: 1, quantity: 1 }] });
    expect(order).toMatchObject({ status: 'partly_shipped', openUnits: 3, claim: 4_500 });
    expect(shipment).toMatchObject({ claim: 1_500, complete: false });
  });

  it('takes what is left of the claim with the last mugs, whatever rounding left before', () => {
    const earlier = [aShipment({ lines: [{ line: 1, quantity: 1 }], claim: 1_499, complete: false })];
    const { shipment } = ship(anOrder({ status: 'partly_shipped', claim: 4_501 }), {}, earlier);
    expect(shipment).toMatchObject({ lines: [{ line: 1, quantity: 3 }], claim: 4_501, complete: true });
  });

  const tax = { category: 'S', rate: '20' } as const;

  it('takes what the invoice of the shipment will be: freight with the first', () => {
    const freight = { kind: 'freight', reason: 'Parcel', amount: 400, net: 400, tax } as const;
    const order = anOrder({ status: 'confirmed', claim: 6_480, adjustments: [freight] });
    const { shipment } = ship(order, { lines: [{ line: 1, quantity: 1 }] });
    expect(shipment.claim).toBe(1_500 + 480);
  });

  it('gives each shipment an id after those before it, even where a clock went back', () => {
    const shipmentId = newId('shp', '2026-03-03T14:00:00.500Z');
    const earlier = [
      aShipment({ shipmentId, lines: [{ line: 1, quantity: 1 }], claim: 1_500, complete: false }),
    ];
    const { shipment } = ship(anOrder({ status: 'partly_shipped' }), {}, earlier);
    expect(shipment.shipmentId > shipmentId).toBe(true);
    expect(shipment.shippedAt).toBe('2026-03-03T14:00:00.000Z');
  });

  it.each([
    ['more than was ordered', [{ line: 1, quantity: 5 }], 'lines.0.quantity', 'only 4 left to ship'],
    ['a line the order does not have', [{ line: 2, quantity: 1 }], 'lines.0.line', 'the order has no line 2'],
    [
      'a line twice',
      [
        { line: 1, quantity: 1 },
        { line: 1, quantity: 1 },
      ],
      'lines.1.line',
      'line 1 is named twice',
    ],
  ])('refuses to ship %s', (_, wanted, path, message) => {
    expect(() => ship(anOrder({ status: 'confirmed' }), { lines: wanted })).toThrow(
      expect.objectContaining({ code: 'shipment_exceeds_order', issues: [{ path, message }] }),
    );
  });

  it('refuses to ship again what has left already', () => {
    const earlier = [aShipment({ lines: [{ line: 1, quantity: 1 }], complete: false })];
    expect(() =>
      ship(anOrder({ status: 'partly_shipped' }), { lines: [{ line: 1, quantity: 4 }] }, earlier),
    ).toThrow(
      expect.objectContaining({ issues: [{ path: 'lines.0.quantity', message: 'only 3 left to ship' }] }),
    );
  });

  it.each(['placed', 'held', 'shipped', 'rejected', 'cancelled'] as const)(
    'ships nothing while the order is %s',
    (status) => {
      expect(() => ship(anOrder({ status }), {})).toThrow(
        expect.objectContaining({ code: 'order_not_shippable' }),
      );
    },
  );
});
