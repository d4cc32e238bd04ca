import type { Order, OrderLine } from './order.ts';
import type { OrderSummary, OrderView } from './order-api.ts';

/** An order as lists show it. */
export function orderSummary(order: Order): OrderSummary {
  const {
    orderId,
    customerId,
    status,
    channel,
    currency,
    poNumber,
    documentDate,
    placedAt,
    pricesIncludeTax,
    adjustments,
    totals,
    lineCount,
    version,
  } = order;
  const self = `/v1/orders/${orderId}`;
  return {
    orderId,
    customerId,
    status,
    channel,
    currency,
    ...(poNumber !== undefined && { poNumber }),
    ...(documentDate !== undefined && { documentDate }),
    placedAt,
    ...(pricesIncludeTax && { pricesIncludeTax }),
    ...(adjustments && { adjustments }),
    totals,
    lineCount,
    ...('reasons' in order && { reasons: order.reasons }),
    ...('reason' in order && { cancelReason: order.reason }),
    version,
    links: { self, timeline: `${self}/timeline`, shipments: `${self}/shipments` },
  };
}

/** An order with its lines. */
export function orderView(order: Order, lines: OrderLine[]): OrderView {
  return { ...orderSummary(order), lines };
}
