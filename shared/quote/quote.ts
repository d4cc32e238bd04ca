import * as z from 'zod';
import { CustomerId, OrderId, QuoteId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { PlaceOrderRequest } from '../order/order-api.ts';
import { Totals } from '../tax/tax.ts';

const head = {
  quoteId: QuoteId,
  customerId: CustomerId,
  issuedAt: Instant,
  issuedBy: z.string(),
  /** The last day on which it can be accepted. */
  validUntil: CalendarDate,
  note: z.string().optional(),
  /** The order it becomes, each line with the price that was quoted. */
  request: PlaceOrderRequest,
  /** What it comes to, with the taxes of the day it was issued. */
  totals: Totals,
  version: z.int().min(1),
};

/** What was offered to a customer. Nothing is reserved for it, and no credit claimed. */
export const Quote = z.discriminatedUnion('status', [
  z.strictObject({ ...head, status: z.literal('issued') }),
  z.strictObject({
    ...head,
    status: z.literal('accepted'),
    acceptedAt: Instant,
    acceptedBy: z.string(),
    orderId: OrderId,
  }),
  z.strictObject({
    ...head,
    status: z.literal('declined'),
    declinedAt: Instant,
    declinedBy: z.string(),
    reason: z.string(),
  }),
]);
export type Quote = z.infer<typeof Quote>;
export type QuoteIn<S extends Quote['status']> = Extract<Quote, { status: S }>;
