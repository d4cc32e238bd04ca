import type { DunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import type { Company } from '../company/company.ts';
import { type Address, type Customer, sameAddress } from '../customer/customer.ts';
import { deductDeposits } from '../deposit/deduct-deposits.ts';
import type { DepositChange, OrderDeposits } from '../deposit/deposit.ts';
import { type SellerId, twinId } from '../kernel/ids.ts';
import { shareOf } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import type { Entry } from '../ledger/ledger.ts';
import { depositInvoicePostings, invoicePostings } from '../ledger/postings.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { Shipment } from '../shipment/shipment.ts';
import type { CalendarPolicy } from '../terms/calendar-policy.ts';
import { agreedDates } from '../terms/due-dates.ts';
import { type Billed, billedOf } from './billed-lines.ts';
import { collectiveOf } from './collective-lines.ts';
import { type Buyer, type Invoice, type InvoiceLine, MAX_PO_NUMBERS, type OpenItem } from './invoice.ts';
import type { Numbered } from './series-store.ts';

/** An invoice that lacks only its number, with what else its transaction needs. */
export type InvoiceDraft = {
  readonly invoice: Omit<Invoice, keyof Numbered['identity']>;
  readonly lines: readonly InvoiceLine[];
  /** When its first reminder falls due. */
  readonly nextActionAt: Instant;
  /**
   * What of the customer's credit was claimed for it before: by its shipments, less the deposits it takes off. Gross minor
   * units.
   */
  readonly claim: number;
  /** The shipments that waited for it, where any did. */
  /** What becomes of the deposits of its orders. */
  readonly deposits?: readonly DepositChange[];
  readonly toBill?: readonly Pick<Shipment, 'orderId' | 'shipmentId'>[];
};

/** What is known of a customer and the day when one of its shipments is invoiced. */
export type BillingContext = {
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

/** Shipments of an order that an invoice bills. */
export type BilledPart = {
  order: Order;
  orderLines: readonly OrderLine[];
  /** All that have left of the order, those billed among them: what one bills depends on those before it. */
  shipments: readonly Shipment[];
  /** At least one. */
  billed: readonly Shipment[];
  deposits?: OrderDeposits | undefined;
};

type InvoiceContext = Omit<BilledPart, 'billed'> & BillingContext & { shipment: Shipment };

/**
 * The invoice of a shipment: what left at the order's prices, discounts and tax, one rounding a tax group, due by the
 * customer's terms, and the customer as it is today. Days are those of the company's time zone. Its id is the
 * shipment's twin, so that a shipment can be invoiced only once.
 * @throws RangeError when the shipment names a line the order lacks: the table is damaged
 */
export function draftInvoice({
  order,
  orderLines,
  shipments,
  shipment,
  deposits,
  ...context
}: InvoiceContext): InvoiceDraft {
  const type = order.channel === 'counter' ? 'counter' : 'standard';
  return draftOver(type, [{ order, orderLines, shipments, billed: [shipment], deposits }], context);
}

/**
 * The invoice over shipments that wait for one: `standard` over one order, with the units of a line together;
 * `collective` over several, each line with where it comes from. Its id is the twin of the first shipment. Issuing it
 * takes every shipment off the list of those that wait, so that each is on one invoice only.
 */
export function draftBill(
  type: 'standard' | 'collective',
  parts: readonly BilledPart[],
  context: BillingContext,
): InvoiceDraft {
  const toBill = parts.flatMap(({ billed }) =>
    billed.map(({ orderId, shipmentId }) => ({ orderId, shipmentId })),
  );
  return { ...draftOver(type, parts, context), toBill };
}

function draftOver(
  type: Invoice['type'],
  parts: readonly BilledPart[],
  context: BillingContext,
): InvoiceDraft {
  const { customer, company, seller, at, dunning } = context;
  const [first, ...later] = parts.flatMap(({ billed }) => billed).toSorted(byId);
  const order = parts[0]?.order;
  if (!first || !order) throw new RangeError('an invoice bills at least one shipment');
  const { lines: billed, ...supplied } =
    type === 'collective' ? collectiveOf(parts, company.timeZone) : partOf(parts);
  const { totals, deductions, changes, used } = deductDeposits(
    supplied.totals,
    parts.flatMap(({ deposits }) => deposits ?? []),
  );
  const figures = { ...supplied, totals, ...(deductions.length > 0 && { deductions: [...deductions] }) };
  const lines = withUnitCosts(billed, context.unitCosts);
  const issuedOn = dateIn(company.timeZone, at);
  const { currency } = order;
  const due = agreedDates(customer, { issuedOn, gross: totals.gross, currency }, context.calendars);
  const days = [first, ...later].map(({ shippedAt }) => dateIn(company.timeZone, shippedAt)).toSorted();
  const suppliedOn = days.at(-1) ?? issuedOn;
  const suppliedFrom = days[0] ?? suppliedOn;
  return {
    invoice: {
      kind: 'invoice',
      type: type === 'standard' && deductions.length > 0 ? 'final' : type,
      invoiceId: twinId('inv', first.shipmentId),
      orders: parts.map(({ order: { orderId, poNumber }, billed }) => ({
        orderId,
        ...(poNumber !== undefined && { poNumber }),
        shipmentIds: billed.map(({ shipmentId }) => shipmentId),
      })),
      customerId: customer.customerId,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn,
      suppliedOn,
      ...((type === 'collective' || suppliedFrom !== suppliedOn) && { suppliedFrom }),
      ...shipToOf(parts, customer.address),
      ...due,
      currency,
      ...figures,
      lineCount: lines.length,
    },
    lines,
    nextActionAt: nextActionAt({ dueOn: firstDueOn(due), dunningStep: 0 }, dunning, company.timeZone),
    claim: [first, ...later].reduce((sum, { claim }) => sum + claim, 0) - used,
    ...(changes.length > 0 && { deposits: changes }),
  };
}

/** Where all of the parts went, if that is one place and not the buyer's. */
function shipToOf(parts: readonly BilledPart[], buyer: Address): Pick<Invoice, 'shipTo'> {
  const [first, ...others] = parts.map(({ order }) => order.shipTo ?? buyer);
  if (!first || sameAddress(first, buyer) || !others.every((each) => sameAddress(each, first))) return {};
  return { shipTo: first };
}

/** What the shipments of one order come to. */
function partOf(parts: readonly BilledPart[]): Billed {
  const [part] = parts;
  if (!part || parts.length > 1) throw new RangeError('only a collective invoice bills several orders');
  const { order, orderLines, shipments, billed } = part;
  return billedOf(
    order,
    orderLines,
    shipments,
    billed.map(({ shipmentId }) => shipmentId),
  );
}

function byId(one: Shipment, other: Shipment): number {
  return one.shipmentId < other.shipmentId ? -1 : 1;
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
export function firstDueOn({ dueOn, instalments }: Pick<Invoice, 'dueOn' | 'instalments'>): CalendarDate {
  return instalments?.[0]?.dueOn ?? dueOn;
}

/** What is owed on an invoice the moment it is issued: all of it; one over nothing is paid at once. */
export function openItemOfNew(invoice: Invoice, firstActionAt: Instant): OpenItem {
  const { invoiceId, number, customerId, currency, issuedOn, totals, instalments, discount } = invoice;
  const poNumbers = [...new Set(invoice.orders.flatMap(({ poNumber }) => poNumber ?? []))];
  const common = {
    invoiceId,
    number,
    customerId,
    currency,
    issuedOn,
    dueOn: firstDueOn(invoice),
    total: totals.gross,
    ...(instalments && { instalments }),
    ...(poNumbers.length > 0 && { poNumbers: poNumbers.slice(0, MAX_PO_NUMBERS) }),
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
    postings: invoice.type === 'deposit' ? depositInvoicePostings(invoice) : invoicePostings(invoice, lines),
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
