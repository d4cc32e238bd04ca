import type { Customer } from '../customer/customer.ts';
import type { Buyer } from '../invoice/invoice.ts';
import { buyerOf } from '../invoice/issue-invoice.ts';
import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import type { Totals } from '../tax/tax.ts';
import type { Adjustment, Order } from './order.ts';

/** An order set out like an invoice before there is one: it has no number and is posted nowhere. */
export type ProForma = {
  kind: 'pro_forma';
  orderId: OrderId;
  poNumber?: string;
  customerId: CustomerId;
  buyer: Buyer;
  issuedAt: Instant;
  issuedOn: CalendarDate;
  currency: Currency;
  pricesIncludeTax?: true;
  adjustments?: Adjustment[];
  totals: Totals;
  lineCount: number;
};

/** The pro forma of an order as it was placed, dated that day. */
export function proFormaOf(order: Order, customer: Customer, timeZone: string): ProForma {
  const { orderId, poNumber, customerId, placedAt, currency, pricesIncludeTax, adjustments } = order;
  return {
    kind: 'pro_forma',
    orderId,
    ...(poNumber !== undefined && { poNumber }),
    customerId,
    buyer: buyerOf(customer),
    issuedAt: placedAt,
    issuedOn: order.documentDate ?? dateIn(timeZone, placedAt),
    currency,
    ...(pricesIncludeTax && { pricesIncludeTax }),
    ...(adjustments && { adjustments }),
    totals: order.totals,
    lineCount: order.lineCount,
  };
}
