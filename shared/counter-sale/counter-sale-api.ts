import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId, OrderId, PaymentId, ShipmentId, WarehouseId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { PlaceOrderRequest } from '../order/order-api.ts';
import { PaymentMethod } from '../payment/payment.ts';
import { Totals } from '../tax/tax.ts';

/** How a counter takes money. */
const Tender = PaymentMethod.extract(['cash', 'card']);

export const CounterSaleRequest = z.strictObject({
  customerId: CustomerId,
  ...PlaceOrderRequest.pick({ currency: true, lines: true, poNumber: true }).shape,
  /** Where the goods are taken from; `main` when left out. */
  warehouse: WarehouseId.optional(),
  /** How all of it was paid: in cash, or by card at the terminal. */
  method: Tender,
  /** The till's or the terminal's receipt number; the payment's id when left out. */
  reference: z.string().trim().min(1).max(140).optional(),
});
export type CounterSaleRequest = z.infer<typeof CounterSaleRequest>;

export const CounterSaleView = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  poNumber: z.string().optional(),
  soldAt: Instant,
  currency: Currency,
  totals: Totals,
  shipmentId: ShipmentId,
  invoice: z.strictObject({ invoiceId: InvoiceId, number: z.string() }),
  /** Left out where everything was free of charge. */
  payment: z
    .strictObject({
      paymentId: PaymentId,
      method: Tender,
      amount: Minor.min(1),
      reference: z.string(),
    })
    .optional(),
  links: z.strictObject({
    order: z.string(),
    timeline: z.string(),
    shipments: z.string(),
    invoice: z.string(),
    payment: z.string().optional(),
  }),
});
export type CounterSaleView = z.infer<typeof CounterSaleView>;

export const createCounterSale = contract({
  operationId: 'createCounterSale',
  description:
    'Sells goods that are taken along and paid there and then: the order, its shipment, the invoice and the payment are written together or not at all. Credit is not asked. At most 40 different SKUs; place an order for more.',
  body: CounterSaleRequest,
  status: 201,
  response: CounterSaleView,
  idempotent: true,
  problems: [
    'customer_not_found',
    'customer_blocked',
    'product_not_found',
    'product_price_missing',
    'currency_mismatch',
    'insufficient_stock',
    'warehouse_not_found',
    'purchase_order_reused',
    'too_many_lines',
    'amount_too_large',
    'policy_invalid',
  ],
  example: {
    body: {
      customerId: 'cus_bluebell',
      currency: 'GBP',
      lines: [{ sku: '85123A', quantity: 6 }],
      method: 'cash',
      reference: 'TILL-2-000815',
    },
  },
});
