import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId, OrderId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { Invoice } from './invoice.ts';

/** An invoice that was just issued. Minor units. */
export const IssuedInvoice = z.strictObject({
  invoiceId: InvoiceId,
  number: z.string(),
  customerId: CustomerId,
  orders: Invoice.shape.orders,
  issuedOn: CalendarDate,
  dueOn: CalendarDate,
  currency: Currency,
  net: Minor,
  tax: Minor,
  gross: Minor,
  links: z.strictObject({ invoice: z.string() }),
});
type IssuedInvoice = z.infer<typeof IssuedInvoice>;

export const invoiceOrder = contract({
  operationId: 'invoiceOrder',
  description:
    'For customers who get one invoice an order, a week or a month: bills now what has shipped of the order and is not invoiced yet, 40 shipments at most. Wanted where the rest of an order will never ship, or a customer asks.',
  params: z.strictObject({ orderId: OrderId }),
  status: 201,
  response: IssuedInvoice,
  idempotent: true,
  problems: ['order_not_found', 'nothing_to_invoice', 'version_conflict'],
});

/** An invoice as it is answered to who asked for it. */
export function issuedView(invoice: Invoice): IssuedInvoice {
  const { invoiceId, number, customerId, orders, issuedOn, dueOn, currency } = invoice;
  const { net, tax, gross } = invoice.totals;
  return {
    invoiceId,
    number,
    customerId,
    orders,
    issuedOn,
    dueOn,
    currency,
    net,
    tax,
    gross,
    links: { invoice: `/v1/invoices/${invoiceId}` },
  };
}
