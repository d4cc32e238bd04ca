import type { DunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import type { Company } from '../company/company.ts';
import type { Customer } from '../customer/customer.ts';
import { type SellerId, twinId } from '../kernel/ids.ts';
import { shareOf } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import type { Entry } from '../ledger/ledger.ts';
import { invoicePostings } from '../ledger/postings.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { Shipment } from '../shipment/shipment.ts';
import type { CalendarPolicy } from '../terms/calendar-policy.ts';
import { agreedDates } from '../terms/due-dates.ts';
import { billedOf } from './billed-lines.ts';
import type { Buyer, Invoice, InvoiceLine, OpenItem } from './invoice.ts';
import type { Numbered } from './series-store.ts';

/** An invoice that lacks only its number, with what else its transaction needs. */
export type InvoiceDraft = {
  readonly invoice: Omit<Invoice, keyof Numbered['identity']>;
  readonly lines: readonly InvoiceLine[];
  /** When its first reminder falls due. */
  readonly nextActionAt: Instant;
  /** The credit claim of the shipment, which the invoice replaces. Gross minor units. */
  readonly claim: number;
};

export type InvoiceContext = {
  order: Order;
  orderLines: readonly OrderLine[];
  shipment: Shipment;
  /** All that have left of the order, this one among them: what a shipment bills depends on those before it. */
  shipments: readonly Shipment[];
  customer: Customer;
  company: Pick<Company, 'timeZone'>;
  seller: SellerId;
  at: Instant;
  dunning: DunningPolicy;
  /** Needed where the customer's terms speak of business days. */
  calendars?: CalendarPolicy | undefined;
  /** What a unit costs us by SKU, minor units of the order's currency, where that is known. */
  unitCosts?: ReadonlyMap<string, number> | undefined;
};

/**
 * The invoice of a shipment: what left at the order's prices, discounts and tax, one rounding a tax group, due by the
 * customer's terms, and the customer as it is today. Days are those of the company's time zone. Its id is the
 * shipment's twin, so that a shipment can be invoiced only once.
 * @throws RangeError when the shipment names a line the order lacks: the table is damaged
 */
export function draftInvoice(context: InvoiceContext): InvoiceDraft {
  const { order, shipment, customer, company, seller, at, dunning } = context;
  const { shipments, orderLines, unitCosts } = context;
  const { lines: billed, ...figures } = billedOf(order, orderLines, shipments, [shipment.shipmentId]);
  const lines = withUnitCosts(billed, unitCosts);
  const issuedOn = dateIn(company.timeZone, at);
  const { currency } = order;
  const due = agreedDates(customer, { issuedOn, gross: figures.totals.gross, currency }, context.calendars);
  return {
    invoice: {
      kind: 'invoice',
      type: order.channel === 'counter' ? 'counter' : 'standard',
      invoiceId: twinId('inv', shipment.shipmentId),
      orders: [
        {
          orderId: order.orderId,
          ...(order.poNumber !== undefined && { poNumber: order.poNumber }),
          shipmentIds: [shipment.shipmentId],
        },
      ],
      customerId: customer.customerId,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn,
      suppliedOn: dateIn(company.timeZone, shipment.shippedAt),
      ...due,
      currency,
      ...figures,
      lineCount: lines.length,
    },
    lines,
    nextActionAt: nextActionAt({ dueOn: firstDueOn(due), dunningStep: 0 }, dunning, company.timeZone),
    claim: shipment.claim,
  };
}

/** The customer as documents show it for ever, whatever changes later. */
export function buyerOf({ name, email, address, vatId, language, peppolId, reference }: Customer): Buyer {
  return {
    name,
    email,
    address,
    language,
    ...(vatId !== undefined && { vatId }),
    ...(peppolId !== undefined && { peppolId }),
    ...(reference !== undefined && { reference }),
  };
}

/** When the first of an invoice is due. */
function firstDueOn({ dueOn, instalments }: Pick<Invoice, 'dueOn' | 'instalments'>): CalendarDate {
  return instalments?.[0]?.dueOn ?? dueOn;
}

/** What is owed on an invoice the moment it is issued: all of it; one over nothing is paid at once. */
export function openItemOfNew(invoice: Invoice, firstActionAt: Instant): OpenItem {
  const { invoiceId, number, customerId, currency, issuedOn, totals, instalments, discount } = invoice;
  const common = {
    invoiceId,
    number,
    customerId,
    currency,
    issuedOn,
    dueOn: firstDueOn(invoice),
    total: totals.gross,
    ...(instalments && { instalments }),
    ...(discount && {
      discount: {
        until: discount.until,
        amount: discount.amount,
        tax: shareOf(discount.amount, totals.tax, totals.gross),
      },
    }),
    dunningStep: 0,
    version: 1,
  };
  return totals.gross === 0
    ? { ...common, status: 'paid', balance: 0, paidAt: invoice.issuedAt }
    : { ...common, status: 'open', balance: totals.gross, nextActionAt: firstActionAt };
}

/** An invoice in the books, on the day it was issued. */
export function entryOfInvoice(invoice: Invoice, lines: readonly InvoiceLine[]): Entry {
  return {
    entryId: twinId('ent', invoice.invoiceId),
    date: invoice.issuedOn,
    at: invoice.issuedAt,
    kind: 'invoice',
    source: invoice.invoiceId,
    reference: invoice.number,
    customerId: invoice.customerId,
    currency: invoice.currency,
    postings: invoicePostings(invoice, lines),
  };
}

/** Lines with what a unit of their goods costs us at this moment, where that is known: frozen with the document. */
function withUnitCosts(
  lines: readonly InvoiceLine[],
  unitCosts: ReadonlyMap<string, number> = new Map(),
): InvoiceLine[] {
  return lines.map((line) => {
    const unitCost = line.kind === 'goods' ? unitCosts.get(line.sku) : undefined;
    return unitCost === undefined ? line : { ...line, unitCost };
  });
}
