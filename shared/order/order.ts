import * as z from 'zod';
import { Address, Invoicing } from '../customer/customer.ts';
import { CustomerId, OrderId, Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, Minor, RatePercent } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { ProductKind } from '../product/product.ts';
import { RuleTouch } from '../rule/rule-effects.ts';
import { Incoterm } from '../shipment/incoterm.ts';
import { TaxTreatment, Totals } from '../tax/tax.ts';
import { Hold, OrderPriority, OrderTag } from './desk.ts';

/** How an order came in. */
export const Channel = z.enum(['api', 'sales', 'import', 'edi', 'quote', 'counter']);
export type Channel = z.infer<typeof Channel>;

/** Why an order waits or was turned down, with the figures in `detail`. Codes never change. */
export const Reason = z.strictObject({
  code: z.enum([
    'credit_limit_exceeded',
    'large_order',
    'customer_blocked',
    'processing_failed',
    'insufficient_stock',
    'within_limit',
    'paid_at_once',
    'released',
    'price_differs',
    'duplicate_order',
    'address_incomplete',
    'fraud_suspected',
    'turned_down',
    'held_by_rule',
    'rule_failed',
  ]),
  detail: z.string(),
});
export type Reason = z.infer<typeof Reason>;

/**
 * What an order was checked for and looked like: `score` (0 to 100) is the sum of the points of its signals, by the
 * policy `verification` of that version.
 */
export const Verification = z.strictObject({
  policyVersion: z.string(),
  score: z.int().min(0).max(100),
  signals: z
    .array(
      z.strictObject({
        code: z.enum(['velocity', 'first_order', 'countries_differ', 'blocked_address']),
        points: z.int(),
        detail: z.string(),
      }),
    )
    .min(1)
    .optional(),
});
export type Verification = z.infer<typeof Verification>;

/** Taken off a line. `amount` in minor units, with tax in it where the prices have; `percent` says how it was agreed. */
export const LineDiscount = z.strictObject({
  percent: RatePercent.optional(),
  amount: Minor.min(0),
  reason: z.string().min(1).max(100).optional(),
});
export type LineDiscount = z.infer<typeof LineDiscount>;

/**
 * What a document takes off or adds as a whole: a discount, a charge, freight. `amount` is as agreed, with tax in it
 * where the document's prices have; `net` is before tax. Both positive, minor units.
 */
export const Adjustment = z.strictObject({
  kind: z.enum(['discount', 'charge', 'freight']),
  reason: z.string().min(1).max(100),
  percent: RatePercent.optional(),
  amount: Minor.min(0),
  net: Minor.min(0),
  tax: TaxTreatment,
});
export type Adjustment = z.infer<typeof Adjustment>;

/**
 * `unitPrice` as quoted, with tax in it where the document's prices have; `net` before tax and after the line's
 * discount. Minor units.
 */
export const OrderLine = z.strictObject({
  line: z.int().min(1),
  kind: ProductKind,
  sku: Sku,
  description: z.string(),
  quantity: z.int().min(1),
  unitPrice: Minor.min(0),
  /** Where the price is from, where that is not the list. */
  priceSource: z.enum(['agreed', 'price_list', 'volume_break']).optional(),
  /** What the customer stated, where that differs. */
  statedPrice: Minor.min(0).optional(),
  discount: LineDiscount.optional(),
  net: Minor.min(0),
  tax: TaxTreatment,
  /** Units of `quantity` that were cancelled and not shipped. `net` is of those that are left. */
  cancelled: z.int().min(0).optional(),
  /** What the line was when the order was placed, where it was changed since. */
  asPlaced: z
    .strictObject({ quantity: z.int().min(1), discount: LineDiscount.optional(), net: Minor.min(0) })
    .optional(),
  /** Where its goods are reserved, where that is not all in the order's warehouse. */
  allocations: z
    .array(z.strictObject({ warehouse: WarehouseId, quantity: z.int().min(1) }))
    .min(1)
    .optional(),
  /** Units that wait for stock to come. */
  backordered: z.int().min(0).optional(),
  /** Units that had to wait when the order was placed. */
  waited: z.int().min(1).optional(),
});
export type OrderLine = z.infer<typeof OrderLine>;

/** The document an order came by. */
export const OrderSource = z.strictObject({ kind: z.enum(['csv', 'ubl', 'quote']), id: z.string().min(1) });
export type OrderSource = z.infer<typeof OrderSource>;

/**
 * What became of an order's units, sums over its goods and charges. How many are invoiced is not kept here: invoices
 * are issued while the order ships on, and would contend for it. It is worked out when somebody reads the order.
 */
export const OrderUnits = z.strictObject({
  ordered: z.int().min(1),
  cancelled: z.int().min(0),
  shipped: z.int().min(0),
  delivered: z.int().min(0),
  returned: z.int().min(0),
});
export type OrderUnits = z.infer<typeof OrderUnits>;

const head = {
  orderId: OrderId,
  customerId: CustomerId,
  channel: Channel,
  currency: Currency,
  poNumber: z.string().optional(),
  /** The day on the customer's own document, where it came later than that. */
  documentDate: CalendarDate.optional(),
  placedAt: Instant,
  placedBy: z.string(),
  /** The token's `sub` of who placed it; it is not for them to release it from a hold. */
  placedById: z.string().optional(),
  /** The same of whoever changed it last. */
  amendedById: z.string().optional(),
  /** Where its goods go; to the customer's address when left out. */
  shipTo: Address.optional(),
  /** The day the customer wishes to have them. */
  requestedOn: CalendarDate.optional(),
  /** What was doubtful about it when it came in; a person looks at it before it goes on. */
  doubts: z.array(Reason).min(1).optional(),
  verification: Verification.optional(),
  /** The rules that were true of it when it came in, and what they did. */
  rules: z.array(RuleTouch).min(1).optional(),
  priority: OrderPriority.optional(),
  tags: z.array(OrderTag).max(20).optional(),
  source: OrderSource.optional(),
  /** Where its goods are reserved; in `main` when left out. */
  warehouse: WarehouseId.optional(),
  /** What is out of stock may wait until it comes. */
  backorder: z.literal('allow').optional(),
  /** Units that wait for stock to come. */
  backordered: z.int().min(1).optional(),
  incoterm: Incoterm.optional(),
  lineCount: z.int().min(1),
  /** Its prices, discounts and charges were quoted with tax in them. */
  pricesIncludeTax: z.literal(true).optional(),
  /** What the invoices of its shipments cover, as agreed when it was placed; each shipment its own when left out. */
  invoicing: Invoicing.exclude(['shipment']).optional(),
  /** What is taken off or added to what is left of the order as a whole. */
  adjustments: z.array(Adjustment).min(1).optional(),
  /** What was agreed to be taken off or added for all units of its lines, where some of those were cancelled. */
  agreedAdjustments: z.array(Adjustment).min(1).optional(),
  /** What the order comes to without what was cancelled. */
  totals: Totals,
  /** What the order was when it was placed, where it was changed since. */
  asPlaced: z
    .strictObject({
      adjustments: z.array(Adjustment).min(1).optional(),
      totals: Totals,
      shipTo: Address.optional(),
      requestedOn: CalendarDate.optional(),
      warehouse: WarehouseId.optional(),
    })
    .optional(),
  /** Left out on orders older than it. */
  units: OrderUnits.optional(),
  /**
   * Whether all its goods are reserved that don't wait for stock, or `accept-order` has to (orders too long for one
   * transaction), or they were given back because it was on hold for too long.
   */
  reservation: z.enum(['pending', 'reserved', 'expired']),
  /** Units not shipped yet, charges counted as their quantity. */
  openUnits: z.int().min(0),
  /** What the order still claims of the customer's credit: accepted and not shipped, gross minor units. */
  claim: Minor.min(0),
  /** Who released it from a hold and why; credit is then not asked again. */
  release: z.strictObject({ by: z.string(), reason: z.string(), at: Instant }).optional(),
  version: z.int().min(1),
};

/** What an order has in every state. */
export const OrderHead = z.object(head);
export type OrderHead = z.infer<typeof OrderHead>;

const decision = z.strictObject({ policyVersion: z.string(), reasons: z.array(Reason) });
const accepted = { ...head, acceptedAt: Instant, decision };
const acceptedAs = <const S extends string>(status: S) =>
  z.strictObject({ ...accepted, status: z.literal(status) });

/**
 * An order's state is its type: a held order has reasons, a cancelled one says why. `status` is what
 * `orderStatus` makes of the decision about it and of its units.
 */
export const Order = z.discriminatedUnion('status', [
  z.strictObject({ ...head, status: z.literal('placed') }),
  z.strictObject({
    ...head,
    status: z.literal('held'),
    heldAt: Instant,
    reasons: z.array(Reason).min(1),
    hold: Hold.optional(),
  }),
  acceptedAs('confirmed'),
  acceptedAs('partly_shipped'),
  acceptedAs('shipped'),
  acceptedAs('partly_delivered'),
  acceptedAs('delivered'),
  acceptedAs('partly_returned'),
  acceptedAs('returned'),
  z.strictObject({
    ...head,
    status: z.literal('rejected'),
    rejectedAt: Instant,
    reasons: z.array(Reason).min(1),
  }),
  z.strictObject({ ...head, status: z.literal('cancelled'), cancelledAt: Instant, reason: z.string() }),
]);
export type Order = z.infer<typeof Order>;
export type OrderStatus = Order['status'];
export type OrderIn<S extends OrderStatus> = Extract<Order, { status: S }>;

export const orderStatuses = [
  'placed',
  'held',
  'confirmed',
  'partly_shipped',
  'shipped',
  'partly_delivered',
  'delivered',
  'partly_returned',
  'returned',
  'rejected',
  'cancelled',
] as const satisfies readonly OrderStatus[];

/** An order that was accepted and not cancelled, whatever has left of it. */
export type AcceptedOrder = Extract<Order, { acceptedAt: Instant }>;

export function isAccepted(order: Order): order is AcceptedOrder {
  return 'acceptedAt' in order;
}

/** What the queue of held orders knows of one. `gross` in minor units. */
export const HeldOrder = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  heldAt: Instant,
  currency: Currency,
  gross: Minor,
  reasons: z.array(Reason),
  /** Left out on orders held before there were teams. */
  hold: Hold.optional(),
});
export type HeldOrder = z.infer<typeof HeldOrder>;

/** Where an order may go from each state. A change that leaves it where it is stands here as well. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['confirmed', 'held', 'rejected', 'cancelled'],
  held: ['placed', 'rejected', 'cancelled'],
  confirmed: ['confirmed', 'held', 'partly_shipped', 'shipped', 'cancelled'],
  partly_shipped: [
    'partly_shipped',
    'shipped',
    'partly_delivered',
    'delivered',
    'partly_returned',
    'returned',
  ],
  shipped: ['partly_delivered', 'delivered', 'partly_returned', 'returned'],
  partly_delivered: ['partly_delivered', 'delivered', 'partly_returned', 'returned'],
  delivered: ['partly_returned', 'returned'],
  partly_returned: ['partly_returned', 'returned'],
  returned: ['returned'],
  rejected: [],
  cancelled: [],
};

/** No order is longer. */
export const MAX_LINES = 1000;
