import { loadInvoice } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import { loadOrder } from '../order/order-store.ts';
import { loadShipment } from '../shipment/shipment-store.ts';
import { shipmentNotFound } from '../shipment/tracking-store.ts';
import type { Table } from '../table/table.ts';
import type { CaseAbout } from './case.ts';

/**
 * That what a case is about is there and the customer's own.
 * @throws DomainError `order_not_found`, `shipment_not_found`, `invoice_not_found`
 */
export async function assertAbout(
  table: Table,
  customerId: CustomerId,
  { orderId, shipmentId, invoiceId }: CaseAbout,
): Promise<void> {
  const [order, shipment, invoice] = await Promise.all([
    orderId && loadOrder(table, orderId),
    orderId && shipmentId && loadShipment(table, orderId, shipmentId),
    invoiceId && loadInvoice(table, invoiceId),
  ]);
  if (orderId && order?.customerId !== customerId) {
    throw new DomainError('order_not_found', 'There is no such order.');
  }
  if (shipmentId && !shipment) throw shipmentNotFound();
  if (invoiceId && invoice?.customerId !== customerId) {
    throw new DomainError('invoice_not_found', 'There is no such invoice.');
  }
}
