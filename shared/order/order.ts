import * as z from 'zod';
import { Address, Invoicing } from '../customer/customer.ts';
import { CustomerId, OrderId, Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, Minor, RatePercent } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { ProductKind } from '../product/product.ts';
import { TaxTreatment, Totals } from '../tax/tax.ts';

/** How an order came in. */
export const Channel = z.enum(['api', 'sales', 'import', 'counter']);
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
  ]),
  detail: z.string(),
});
export type Reason = z.infer<typeof Reason>;

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
  discount: LineDiscount.optional(),
  net: Minor.min(0),
  tax: TaxTreatment,
  /** Units of `quantity` that were cancelled and not shipped. `net` is of those that are left. */
  cancelled: z.int().min(0).optional(),
  /** Where its goods are reserved, where that is not all in the order's warehouse. */
  allocations: z
    .array(z.strictObject({ warehouse: WarehouseId, quantity: z.int().min(1) }))
    .min(1)
    .optional(),
  /** Units that wait for stock to come. */
  backordered: z.int().min(0).optional(),
});
export type OrderLine = z.infer<typeof OrderLine>;

export const OrderPriority = z.enum(['low', 'normal', 'high']);

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
  /** Where its goods go; to the customer's address when left out. */
  shipTo: Address.optional(),
  priority: OrderPriority.optional(),
  /** Where its goods are reserved; in `main` when left out. */
  warehouse: WarehouseId.optional(),
  /** What is out of stock may wait until it comes. */
  backorder: z.literal('allow').optional(),
  /** Units that wait for stock to come. */
  backordered: z.int().min(1).optional(),
  lineCount: z.int().min(1),
  /** Its prices, discounts and charges were quoted with tax in them. */
  pricesIncludeTax: z.literal(true).optional(),
  /** What the invoices of its shipments cover, as agreed when it was placed; each shipment its own when left out. */
  invoicing: Invoicing.exclude(['shipment']).optional(),
  /** What is taken off or added to the order as a whole. */
  adjustments: z.array(Adjustment).min(1).optional(),
  totals: Totals,
  /** Whether all its goods are reserved, or `accept-order` has to (orders too long for one transaction). */
  reservation: z.enum(['pending', 'reserved']),
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

/** An order's state is its type: a held order has reasons, a cancelled one says why. */
export const Order = z.discriminatedUnion('status', [
  z.strictObject({ ...head, status: z.literal('placed') }),
  z.strictObject({ ...head, status: z.literal('held'), heldAt: Instant, reasons: z.array(Reason).min(1) }),
  z.strictObject({ ...accepted, status: z.literal('confirmed') }),
  z.strictObject({ ...accepted, status: z.literal('partly_shipped') }),
  z.strictObject({ ...accepted, status: z.literal('shipped') }),
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

/** What the queue of held orders knows of one. `gross` in minor units. */
export const HeldOrder = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  heldAt: Instant,
  currency: Currency,
  gross: Minor,
  reasons: z.array(Reason),
});
export type HeldOrder = z.infer<typeof HeldOrder>;

/** Where an order may go from each state. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['confirmed', 'held', 'rejected', 'cancelled'],
  held: ['placed', 'cancelled'],
  confirmed: ['partly_shipped', 'shipped', 'cancelled'],
  partly_shipped: ['partly_shipped', 'shipped'],
  shipped: [],
  rejected: [],
  cancelled: [],
};

/** No order is longer. */
export const MAX_LINES = 1000;
