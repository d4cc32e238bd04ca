import type * as z from 'zod';
import { Order, type OrderIn, OrderLine, type OrderStatus } from '#shared/order/order.ts';
import { Shipment } from '#shared/shipment/shipment.ts';

export const ORDER_ID = 'ord_01k0000000000000000000000a';
export const SHIPMENT_ID = 'shp_01k0000000000000000000000b';

/** Four mugs at 12.50, GBP 50.00 before tax. */
export function anOrderLine(overrides: Partial<z.input<typeof OrderLine>> = {}): OrderLine {
  return OrderLine.parse({
    line: 1,
    kind: 'goods',
    sku: 'MUG-1',
    description: 'Mug, blue glaze',
    quantity: 4,
    unitPrice: 1_250,
    net: 5_000,
    tax: { category: 'S', rate: '20' },
    ...overrides,
  });
}

const head = {
  orderId: ORDER_ID,
  customerId: 'cus_harbour',
  channel: 'api',
  currency: 'GBP',
  placedAt: '2026-03-02T09:00:00.000Z',
  placedBy: 'orders@harbour.example',
  lineCount: 1,
  totals: {
    net: 5_000,
    tax: 1_000,
    gross: 6_000,
    groups: [{ category: 'S', rate: '20', net: 5_000, tax: 1_000 }],
  },
  reservation: 'reserved',
  openUnits: 4,
  claim: 0,
} as const;

const accepted = {
  acceptedAt: '2026-03-02T09:00:01.000Z',
  decision: {
    policyVersion: 'shipped-1',
    reasons: [{ code: 'within_limit', detail: 'limit GBP 1,000.00, exposure GBP 60.00 with this order' }],
  },
} as const;

const reasons = [
  { code: 'credit_limit_exceeded', detail: 'limit GBP 50.00, exposure GBP 0.00, order GBP 60.00' },
] as const;

const allShipped = { ordered: 4, cancelled: 0, shipped: 4, delivered: 0, returned: 0 } as const;
const left = { ...head, ...accepted, openUnits: 0, version: 4 } as const;

const inState = {
  placed: { ...head, status: 'placed', version: 1 },
  held: { ...head, status: 'held', heldAt: '2026-03-02T09:00:01.000Z', reasons, version: 2 },
  confirmed: { ...head, ...accepted, status: 'confirmed', claim: 6_000, version: 2 },
  partly_shipped: { ...head, ...accepted, status: 'partly_shipped', openUnits: 3, claim: 4_500, version: 3 },
  shipped: { ...head, ...accepted, status: 'shipped', openUnits: 0, version: 3 },
  partly_delivered: { ...left, status: 'partly_delivered', units: { ...allShipped, delivered: 1 } },
  delivered: { ...left, status: 'delivered', units: { ...allShipped, delivered: 4 } },
  partly_returned: {
    ...left,
    status: 'partly_returned',
    units: { ...allShipped, delivered: 4, returned: 1 },
  },
  returned: { ...left, status: 'returned', units: { ...allShipped, delivered: 4, returned: 4 } },
  rejected: { ...head, status: 'rejected', rejectedAt: '2026-03-02T09:00:01.000Z', reasons, version: 2 },
  cancelled: {
    ...head,
    status: 'cancelled',
    cancelledAt: '2026-03-02T10:00:00.000Z',
    reason: 'ordered twice',
    version: 2,
  },
} as const satisfies Record<OrderStatus, object>;

/** Any order: four mugs for GBP 60.00 with tax, all of them left to ship but where its state says otherwise. */
export function anOrder<S extends OrderStatus = 'placed'>(
  overrides: { status?: S } & Partial<Omit<z.input<typeof Order>, 'status'>> & Record<string, unknown> = {},
): OrderIn<S> {
  const status: OrderStatus = overrides.status ?? 'placed';
  const order = Order.parse({ ...inState[status], ...overrides });
  if (!isIn<S>(order, status)) throw new Error(`the order is ${order.status}, not ${status}`);
  return order;
}

function isIn<S extends OrderStatus>(order: Order, status: OrderStatus): order is OrderIn<S> {
  return order.status === status;
}

/** All of {@link anOrder}, on its way. */
export function aShipment(overrides: Partial<z.input<typeof Shipment>> = {}): Shipment {
  return Shipment.parse({
    shipmentId: SHIPMENT_ID,
    orderId: ORDER_ID,
    customerId: 'cus_harbour',
    shippedAt: '2026-03-03T14:00:00.000Z',
    shippedBy: 'warehouse@example.com',
    carrier: 'Royal Mail',
    trackingNumber: 'RM123456785GB',
    lines: [{ line: 1, quantity: 4 }],
    claim: 6_000,
    complete: true,
    ...overrides,
  });
}
