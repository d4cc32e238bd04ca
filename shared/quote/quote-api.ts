import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CustomerId, OrderId, QuoteId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { PlaceOrderRequest } from '../order/order-api.ts';
import { Totals } from '../tax/tax.ts';
import { quoteStatus } from './decide-quote.ts';
import type { Quote } from './quote.ts';

const params = z.strictObject({ quoteId: QuoteId });

const QuoteView = z.strictObject({
  quoteId: QuoteId,
  customerId: CustomerId,
  status: z.enum(['issued', 'accepted', 'declined', 'expired']),
  issuedAt: Instant,
  issuedBy: z.string(),
  validUntil: CalendarDate,
  note: z.string().optional(),
  order: PlaceOrderRequest,
  totals: Totals,
  orderId: OrderId.optional(),
  reason: z.string().optional(),
  version: z.int(),
});

/** A quote as it stands on a day. */
export function quoteView(quote: Quote, today: CalendarDate): z.infer<typeof QuoteView> {
  const { quoteId, customerId, issuedAt, issuedBy, validUntil, note, request, totals, version } = quote;
  return {
    quoteId,
    customerId,
    status: quoteStatus(quote, today),
    issuedAt,
    issuedBy,
    validUntil,
    ...(note !== undefined && { note }),
    order: request,
    totals,
    ...(quote.status === 'accepted' && { orderId: quote.orderId }),
    ...(quote.status === 'declined' && { reason: quote.reason }),
    version,
  };
}

export const issueQuote = contract({
  operationId: 'issueQuote',
  description:
    'Offers a customer what an order would be: prices are those you state, else those agreed with it today, and hold until `validUntil`. The customer is mailed. Nothing is reserved.',
  body: PlaceOrderRequest.omit({ poNumber: true, documentDate: true, channel: true }).extend({
    customerId: CustomerId,
    validUntil: CalendarDate,
    note: z.string().max(1_000).optional(),
  }),
  status: 201,
  response: QuoteView,
  idempotent: true,
  problems: [
    'customer_not_found',
    'customer_blocked',
    'product_not_found',
    'product_price_missing',
    'product_not_sold',
    'currency_mismatch',
    'too_many_lines',
    'amount_too_large',
  ],
  example: {
    body: {
      customerId: 'cus_bluebell',
      currency: 'GBP',
      validUntil: '2026-04-30',
      lines: [{ sku: '85123A', quantity: 500, unitPrice: 240 }],
    },
  },
});

export const getQuote = contract({
  operationId: 'getQuote',
  params,
  status: 200,
  response: QuoteView,
  versioned: true,
  problems: ['quote_not_found'],
});

export const listQuotes = contract({
  operationId: 'listQuotes',
  query: z.strictObject({ customerId: CustomerId.optional(), ...PageQuery.shape }),
  status: 200,
  response: pageOf(QuoteView),
  problems: ['customer_not_found', 'cursor_invalid'],
});

export const acceptQuote = contract({
  operationId: 'acceptQuote',
  description:
    'Makes the quote an order at the quoted prices, once. Goods are reserved now: where they are not there any more, the quote stays as it is.',
  params,
  body: z.strictObject({ poNumber: PlaceOrderRequest.shape.poNumber }),
  status: 201,
  response: QuoteView,
  idempotent: true,
  problems: [
    'quote_not_found',
    'quote_not_open',
    'too_many_lines',
    'customer_blocked',
    'insufficient_stock',
    'product_not_sold',
    'purchase_order_missing',
    'purchase_order_reused',
    'version_conflict',
  ],
  example: { body: { poNumber: 'PO-4711' } },
});

export const declineQuote = contract({
  operationId: 'declineQuote',
  params,
  body: z.strictObject({ reason: z.string().min(3).max(500) }),
  status: 200,
  response: QuoteView,
  idempotent: true,
  problems: ['quote_not_found', 'quote_not_open', 'version_conflict'],
  example: { body: { reason: 'Found it elsewhere.' } },
});
