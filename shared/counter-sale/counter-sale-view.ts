import type { Invoice } from '../invoice/invoice.ts';
import type { Order } from '../order/order.ts';
import type { Payment } from '../payment/payment.ts';
import type { Shipment } from '../shipment/shipment.ts';
import { CounterSaleView } from './counter-sale-api.ts';

/** What came of a counter sale: only what stays as it was, however often it is asked. */
export function counterSaleView({
  order: { orderId, customerId, poNumber, placedAt, currency, totals },
  shipment: { shipmentId },
  invoice: { invoiceId, number },
  payment,
}: {
  order: Order;
  shipment: Shipment;
  invoice: Invoice;
  payment: Payment | undefined;
}): CounterSaleView {
  const order = `/v1/orders/${orderId}`;
  return CounterSaleView.parse({
    orderId,
    customerId,
    ...(poNumber !== undefined && { poNumber }),
    soldAt: placedAt,
    currency,
    totals,
    shipmentId,
    invoice: { invoiceId, number },
    ...(payment && {
      payment: {
        paymentId: payment.paymentId,
        method: payment.method,
        amount: payment.amount,
        reference: payment.reference,
      },
    }),
    links: {
      order,
      timeline: `${order}/timeline`,
      shipments: `${order}/shipments`,
      invoice: `/v1/invoices/${invoiceId}`,
      ...(payment && { payment: `/v1/payments/${payment.paymentId}` }),
    },
  });
}
