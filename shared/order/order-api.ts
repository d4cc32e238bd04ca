import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CustomerId, OrderId, Sku } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Totals } from '../tax/tax.ts';
import { Channel, HeldOrder, OrderLine, Reason } from './order.ts';

/** No line orders more: a slip of the keyboard should not empty a warehouse. */
const MAX_QUANTITY = 1_000_000;

/** The customer's own number for the order, unique per customer. */
const PoNumber = z.string().regex(/^[\w./-]{1,40}$/, 'must be 1 to 40 letters, digits or . / - _');

export const OrderLineRequest = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1).max(MAX_QUANTITY),
  /** Agreed price before tax in minor units; sales only. Customers pay the list price. */
  unitPrice: Minor.min(0).max(MAX_AMOUNT).optional(),
  /** What the invoice calls it, where that differs from the product's description; sales only. */
  description: z.string().max(200).optional(),
});
export type OrderLineRequest = z.infer<typeof OrderLineRequest>;

export const PlaceOrderRequest = z.strictObject({
  /** Left out by customers: their token says who they are. */
  customerId: CustomerId.optional(),
  currency: Currency,
  poNumber: PoNumber.optional(),
  documentDate: CalendarDate.optional(),
  channel: Channel.exclude(['api']).optional(),
  lines: z.array(OrderLineRequest).min(1),
});
export type PlaceOrderRequest = z.infer<typeof PlaceOrderRequest>;

const OrderSummary = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  status: z.enum(['placed', 'held', 'confirmed', 'partly_shipped', 'shipped', 'rejected', 'cancelled']),
  channel: Channel,
  currency: Currency,
  poNumber: z.string().optional(),
  documentDate: CalendarDate.optional(),
  placedAt: Instant,
  totals: Totals,
  lineCount: z.int(),
  reasons: z.array(Reason).optional(),
  cancelReason: z.string().optional(),
  version: z.int(),
  links: z.strictObject({ self: z.string(), timeline: z.string(), shipments: z.string() }),
});
export const OrderView = OrderSummary.extend({
  lines: z.array(OrderLine),
});
export type OrderView = z.infer<typeof OrderView>;
export type OrderSummary = z.infer<typeof OrderSummary>;

const TimelineEvent = z.strictObject({
  at: Instant,
  type: z.string(),
  actor: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
});

const params = z.strictObject({ orderId: OrderId });
const why = z.strictObject({ reason: z.string().min(3).max(500) });

export const placeOrder = contract({
  operationId: 'placeOrder',
  body: PlaceOrderRequest,
  status: 201,
  response: OrderView,
  idempotent: true,
  problems: [
    'customer_not_found',
    'customer_blocked',
    'product_not_found',
    'product_price_missing',
    'price_not_allowed',
    'currency_mismatch',
    'insufficient_stock',
    'purchase_order_reused',
    'too_many_lines',
    'amount_too_large',
  ],
  example: {
    body: {
      customerId: 'cus_bluebell',
      currency: 'GBP',
      poNumber: 'PO-4711',
      lines: [{ sku: '85123A', quantity: 6 }],
    },
  },
});

export const listOrders = contract({
  operationId: 'listOrders',
  query: z.strictObject({
    ...PageQuery.shape,
    customerId: CustomerId.optional(),
    poNumber: PoNumber.optional(),
  }),
  status: 200,
  response: pageOf(OrderSummary),
  problems: ['cursor_invalid'],
});

export const getOrder = contract({
  operationId: 'getOrder',
  params,
  status: 200,
  response: OrderView,
  problems: ['order_not_found'],
});

export const getOrderTimeline = contract({
  operationId: 'getOrderTimeline',
  params,
  status: 200,
  response: z.strictObject({ items: z.array(TimelineEvent) }),
  problems: ['order_not_found'],
});

export const releaseOrder = contract({
  operationId: 'releaseOrder',
  params,
  body: why,
  status: 200,
  response: OrderSummary,
  idempotent: true,
  problems: ['order_not_found', 'order_not_releasable', 'version_conflict'],
  example: { body: { reason: 'Payment was promised for Friday.' } },
});

export const cancelOrder = contract({
  operationId: 'cancelOrder',
  params,
  body: why,
  status: 200,
  response: OrderSummary,
  idempotent: true,
  problems: ['order_not_found', 'order_not_cancellable', 'version_conflict'],
  example: { body: { reason: 'The customer ordered twice.' } },
});

export const listHeldOrders = contract({
  operationId: 'listHeldOrders',
  status: 200,
  response: z.strictObject({ items: z.array(HeldOrder) }),
});
