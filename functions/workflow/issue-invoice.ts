import * as z from 'zod';
import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { sellerOf } from '#shared/company/seller-store.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { billOrder } from '#shared/invoice/bill-store.ts';
import type { Invoice } from '#shared/invoice/invoice.ts';
import { draftInvoice } from '#shared/invoice/issue-invoice.ts';
import { issueInvoice } from '#shared/invoice/issue-invoice-store.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { type CustomerId, type InvoiceId, OrderId, ShipmentId } from '#shared/kernel/ids.ts';
import { dateIn, type Instant, instant } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { loadUnitCosts } from '#shared/product/product-store.ts';
import { loadShippingFile } from '#shared/shipment/shipment-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { calendarsFor } from '#shared/terms/calendar-store.ts';

/** `data` is that of the fact: units of an order were cancelled or amended where it names no shipment. */
const Event = z.object({
  orderId: OrderId,
  data: z.object({ shipmentId: ShipmentId.optional() }),
  at: z.string(),
});

const table = dynamoTable();
const company = companyFromEnv();

const ACTOR = 'issue-invoice';

type Invoiced = { invoiceId: InvoiceId; number: string; customerId: CustomerId } | { invoiced: 'later' };

/**
 * Task of `invoice-shipment`: issues the invoice of a shipment, or answers with the one it has already. Of an order
 * billed as a whole, the shipment that completes it issues the invoice of all, or the change that leaves nothing to ship of
 * it; `later` says that none is due yet.
 * Two rounds of reads (the order names its customer), a third where its terms speak of business days, and one write;
 * all again where another invoice took the order's deposits meanwhile. The counter is read last, so that few others
 * take the number before this invoice does.
 */
export async function handler(event: unknown): Promise<Invoiced> {
  const { orderId, data, at } = Event.parse(event);
  return onFreshRead(() => invoiceOf(orderId, data.shipmentId, instant(at)));
}

async function invoiceOf(
  orderId: OrderId,
  shipmentId: ShipmentId | undefined,
  at: Instant,
): Promise<Invoiced> {
  const today = dateIn(company.timeZone, at);
  const [file, dunning] = await Promise.all([
    loadShippingFile(table, orderId),
    policyInForce(table, dunningPolicy, today),
  ]);
  if (!file) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
  const { order, lines: orderLines } = file;
  if (order.invoicing) {
    // The last shipment of an order finds all that wait; what is billed by the calendar waits for its day.
    const due = order.invoicing === 'order' && order.openUnits === 0;
    const invoice = due ? await billOrder(table, orderId, { company, actor: ACTOR, at }) : undefined;
    return invoice ? answerOf(invoice) : { invoiced: 'later' };
  }
  if (shipmentId === undefined) return { invoiced: 'later' };
  const shipment = file.shipments.find((each) => each.shipmentId === shipmentId);
  if (!shipment)
    throw new DomainError('shipment_not_found', `Order ${orderId} has no shipment ${shipmentId}.`);
  const [customer, seller, unitCosts, next] = await Promise.all([
    loadCustomer(table, order.customerId),
    sellerOf(table, company),
    loadUnitCosts(
      table,
      orderLines.filter(({ line }) => shipment.lines.some((shipped) => shipped.line === line)),
      order.currency,
    ),
    nextNumber(table, 'invoice', today),
  ]);
  if (!customer) throw new DomainError('customer_not_found', `There is no customer ${order.customerId}.`);

  const draft = draftInvoice({
    order,
    orderLines,
    shipment,
    shipments: file.shipments,
    deposits: file.deposits,
    customer,
    company,
    seller,
    at,
    dunning: dunning.policy,
    calendars: await calendarsFor(table, customer, today),
    unitCosts,
  });
  return answerOf(await issueInvoice(table, draft, next, ACTOR));
}

function answerOf({ invoiceId, number, customerId }: Invoice) {
  return { invoiceId, number, customerId };
}
