import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import { Deposit } from '../deposit/deposit.ts';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CustomerId, OrderId, Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor, RatePercent } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { RuleTouch } from '../rule/rule-effects.ts';
import { Incoterm } from '../shipment/incoterm.ts';
import { TaxClass, Totals } from '../tax/tax.ts';
import { Hold, OrderPriority, OrderTag } from './desk.ts';
import {
  Adjustment,
  Channel,
  MAX_LINES,
  OrderLine,
  OrderSource,
  OrderUnits,
  orderStatuses,
  Reason,
  Verification,
} from './order.ts';

/** No line orders more: a slip of the keyboard should not empty a warehouse. */
const MAX_QUANTITY = 1_000_000;

/** The customer's own number for the order, unique per customer. */
const PoNumber = z.string().regex(/^[\w./-]{1,40}$/, 'must be 1 to 40 letters, digits or . / - _');

/** A part of what it refers to, or an amount in minor units, with tax in it where the customer's prices have. */
const share = {
  percent: RatePercent.refine((percent) => Number(percent) <= 100, 'must be at most 100').optional(),
  amount: Minor.min(0).max(MAX_AMOUNT).optional(),
};
const eitherOr = ({ percent, amount }: { percent?: string | undefined; amount?: number | undefined }) =>
  (percent === undefined) !== (amount === undefined);
const reason = z.string().min(1).max(100);

const DiscountRequest = z
  .strictObject({ ...share, reason: reason.optional() })
  .refine(eitherOr, 'needs either percent or amount');

/** Per cent are of all lines. A charge or freight without a tax class is taxed as the lines are, in proportion. */
const AdjustmentRequest = z
  .strictObject({
    kind: Adjustment.shape.kind,
    reason,
    ...share,
    taxClass: TaxClass.exclude(['exempt']).optional(),
  })
  .refine(eitherOr, 'needs either percent or amount')
  .refine(({ kind, taxClass }) => kind !== 'discount' || taxClass === undefined, {
    path: ['taxClass'],
    message: 'is for charges and freight: a discount is taxed as what it is taken off',
  });
export type AdjustmentRequest = z.infer<typeof AdjustmentRequest>;

/** No order has more discounts, charges and freight of its own. */
const MAX_ADJUSTMENTS = 10;

export const OrderLineRequest = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1).max(MAX_QUANTITY),
  /**
   * Agreed price in minor units, before tax unless the customer's prices include it; sales only. Customers pay the
   * list price.
   */
  unitPrice: Minor.min(0).max(MAX_AMOUNT).optional(),
  /** What the customer expects a unit to cost; where that is not our price, the order waits for sales. */
  statedPrice: Minor.min(0).max(MAX_AMOUNT).optional(),
  /** Taken off the line; sales only. */
  discount: DiscountRequest.optional(),
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
  channel: Channel.exclude(['api', 'edi', 'quote']).optional(),
  /** Where the goods go, and by which they are taxed; to the customer's address when left out. */
  shipTo: Address.optional(),
  /** The day the goods are wished for. */
  requestedOn: CalendarDate.optional(),
  /** Whether what is out of stock may wait until it comes; as agreed with the customer when left out. */
  backorder: z.enum(['allow', 'refuse']).optional(),
  /** The warehouse that should ship it, where it has what it takes; sales only. */
  warehouse: WarehouseId.optional(),
  /** Who bears cost and risk of the way; DAP where goods cross a customs border and nothing is agreed. */
  incoterm: Incoterm.optional(),
  /** Sales only. */
  priority: OrderPriority.optional(),
  /** Sales only. */
  tags: z.array(OrderTag).min(1).max(20).optional(),
  lines: z.array(OrderLineRequest).min(1),
  /** Taken off or added to the order as a whole; sales only. */
  adjustments: z.array(AdjustmentRequest).min(1).max(MAX_ADJUSTMENTS).optional(),
});
export type PlaceOrderRequest = z.infer<typeof PlaceOrderRequest>;

const OrderSummary = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  status: z.enum(orderStatuses),
  channel: Channel,
  currency: Currency,
  poNumber: z.string().optional(),
  documentDate: CalendarDate.optional(),
  placedAt: Instant,
  shipTo: Address.optional(),
  requestedOn: CalendarDate.optional(),
  /** Where its goods are reserved, where that is not `main`. */
  warehouse: WarehouseId.optional(),
  /** Units that wait for stock to come. */
  backordered: z.int().optional(),
  priority: OrderPriority.optional(),
  tags: z.array(OrderTag).optional(),
  source: OrderSource.optional(),
  incoterm: Incoterm.optional(),
  pricesIncludeTax: z.literal(true).optional(),
  adjustments: z.array(Adjustment).optional(),
  totals: Totals,
  lineCount: z.int(),
  /** What became of its units, goods and charges together. */
  units: OrderUnits.optional(),
  reasons: z.array(Reason).optional(),
  hold: Hold.optional(),
  cancelReason: z.string().optional(),
  version: z.int(),
  links: z.strictObject({ self: z.string(), timeline: z.string(), shipments: z.string() }),
});
/** A deposit asked for. `left` was not taken off by an invoice yet. Minor units, tax included. */
const DepositView = Deposit.pick({
  invoiceId: true,
  number: true,
  issuedOn: true,
  gross: true,
  credited: true,
}).extend({
  left: Minor,
  links: z.strictObject({ invoice: z.string() }),
});

/** What became of the units of one line. Invoiced are those of shipments that an invoice bills. */
export const LineUnits = z.strictObject({
  ...OrderUnits.shape,
  invoiced: z.int().min(0),
});
export type LineUnits = z.infer<typeof LineUnits>;

/** A line as it stands: `quantity`, `discount` and `net` are of the units that were not cancelled. */
export const OrderLineView = OrderLine.omit({ cancelled: true, asPlaced: true }).extend({
  quantity: z.int().min(0),
  units: LineUnits.optional(),
});

export const OrderView = OrderSummary.extend({
  lines: z.array(OrderLineView),
  /** What it was checked for; staff only. */
  verification: Verification.optional(),
  /** Which rules were true of it when it came in, and what they did; staff only. */
  rules: z.array(RuleTouch).optional(),
  deposits: z.array(DepositView).optional(),
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
    'purchase_order_missing',
    'product_not_sold',
    'order_too_small',
    'currency_mismatch',
    'insufficient_stock',
    'warehouse_not_found',
    'too_many_backorders',
    'purchase_order_reused',
    'too_many_lines',
    'amount_too_large',
    'policy_invalid',
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
  description:
    'Each line says what became of its units: ordered, cancelled, shipped, delivered, returned, invoiced.',
  params,
  status: 200,
  response: OrderView,
  versioned: true,
  problems: ['order_not_found'],
});

/** Units of a line; `minimum` of them at least. */
const quantitiesOf = (minimum: 0 | 1) =>
  z
    .array(z.strictObject({ line: z.int().min(1), quantity: z.int().min(minimum).max(MAX_QUANTITY) }))
    .min(1)
    .max(MAX_LINES);

export const AmendOrderRequest = z
  .strictObject({
    /** Units wanted of a line in all, shipped ones counted; 0 for none. Lines left out stay as they are. */
    lines: quantitiesOf(0).optional(),
    shipTo: Address.optional(),
    /** `null`: no day is wished for any more. */
    requestedOn: CalendarDate.nullable().optional(),
    /** What becomes of a change that the credit does not bear: nothing, or the whole order waits for the credit team. */
    onInsufficientCredit: z.enum(['refuse', 'hold']).default('refuse'),
  })
  .refine(
    ({ lines, shipTo, requestedOn }) =>
      lines !== undefined || shipTo !== undefined || requestedOn !== undefined,
    'needs lines, shipTo or requestedOn',
  );
export type AmendOrderRequest = z.infer<typeof AmendOrderRequest>;

const changeProblems = [
  'order_not_found',
  'order_being_decided',
  'order_has_deposit',
  'change_too_long',
  'version_conflict',
] as const;

export const amendOrder = contract({
  operationId: 'amendOrder',
  description:
    'Before anything ships quantities, address and wished day may change; of an order that has shipped in part what is left may become less, and the day may change. Stock and credit follow in the same transaction. A held order is decided about anew. Repeating it changes nothing.',
  params,
  body: AmendOrderRequest,
  status: 200,
  response: OrderView,
  versioned: true,
  problems: [
    ...changeProblems,
    'precondition_failed',
    'order_not_amendable',
    'amendment_below_shipped',
    'ship_to_changes_tax',
    'credit_limit_exceeded',
    'insufficient_stock',
    'amount_too_large',
  ],
  example: { body: { lines: [{ line: 1, quantity: 4 }], requestedOn: '2026-04-15' } },
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
  problems: [
    'order_not_found',
    'order_not_releasable',
    'claimed_by_other',
    'approval_by_requester',
    'version_conflict',
  ],
  example: { body: { reason: 'Payment was promised for Friday.' } },
});

/** Units to cancel by line; left out, all that has not shipped. */
export const CancelOrderRequest = why.extend({ lines: quantitiesOf(1).optional() });
export type CancelOrderRequest = z.infer<typeof CancelOrderRequest>;

export const rejectOrder = contract({
  operationId: 'rejectOrder',
  description:
    'Turns a held order down: its goods and its claim on credit are free again, and the customer is told the reason. For the team whose desk it lies on, like the release.',
  params,
  body: why,
  status: 200,
  response: OrderSummary,
  idempotent: true,
  problems: ['order_not_found', 'order_not_releasable', 'claimed_by_other', 'version_conflict'],
  example: { body: { reason: 'ordered by mistake, says the customer' } },
});

export const cancelOrder = contract({
  operationId: 'cancelOrder',
  description:
    'Cancels all that has not shipped, or only the units named. Where something has shipped the order goes on with that. Charges and freight of the whole order stay; its discounts are in proportion.',
  params,
  body: CancelOrderRequest,
  status: 200,
  response: OrderSummary,
  idempotent: true,
  problems: [...changeProblems, 'order_not_cancellable', 'cancellation_exceeds_order'],
  example: { body: { reason: 'The customer ordered twice.', lines: [{ line: 1, quantity: 2 }] } },
});
