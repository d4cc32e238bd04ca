import type { DunningPolicy } from '../collection/dunning-policy.ts';
import type { Customer } from '../customer/customer.ts';
import type { Invoice, OpenItem } from '../invoice/invoice.ts';
import { draftInvoice, type InvoiceDraft, openItemOfNew } from '../invoice/issue-invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import { type SellerId, twinId } from '../kernel/ids.ts';
import { type Currency, formatMoney } from '../kernel/money.ts';
import { confirmOrder } from '../order/accept-order.ts';
import type { AcceptedOrder, OrderIn, OrderLine } from '../order/order.ts';
import { type PlaceOrderContext, placeOrder } from '../order/place-order.ts';
import { type RecordedPayment, recordPayment } from '../payment/record-payment.ts';
import { isWatched, type Product } from '../product/product.ts';
import { shipOrder } from '../shipment/ship-order.ts';
import type { Shipment } from '../shipment/shipment.ts';
import { stockNeeds } from '../stock/stock-needs.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { CounterSaleRequest } from './counter-sale-api.ts';

/**
 * Different SKUs that one counter sale takes from stock. Besides the stock its transaction writes at most 25 of
 * DynamoDB's 100 actions (twice five chunks of lines, five facts, two entries, and eight more).
 */
const MAX_SKUS = 40;

type CounterContext = Omit<PlaceOrderContext, 'channel' | 'mayAgreePrices' | 'source'> & {
  seller: SellerId;
  dunning: DunningPolicy;
};

/** A sale that lacks only the number of its invoice. */
export type CounterSale = {
  /** The order as it was placed, as it was confirmed and as it stands: all of it has left. */
  readonly placed: OrderIn<'placed'>;
  readonly confirmed: OrderIn<'confirmed'>;
  readonly order: AcceptedOrder;
  readonly lines: readonly OrderLine[];
  readonly shipment: Shipment;
  readonly draft: InvoiceDraft;
  /** Whether any of its goods has a reorder point. */
  readonly watched: boolean;
  readonly tender: Pick<CounterSaleRequest, 'method' | 'reference'>;
};

/** How a sale was settled: what is owed on its invoice, nothing, and the money that came in where it was not free. */
export type Settlement = { readonly openItem: OpenItem; readonly payment: RecordedPayment | undefined };

/**
 * What is sold over the counter: ordered, accepted because it is paid, handed over and invoiced at one moment. The
 * invoice is due at once, whatever terms the customer has otherwise.
 * @throws DomainError `too_many_lines` with more than 40 SKUs of goods, and what {@link placeOrder} refuses
 */
export function sellOverCounter(request: CounterSaleRequest, context: CounterContext): CounterSale {
  const { customer, products, company, seller, dunning, actor, at } = context;
  const { method, reference, warehouse, ...wanted } = request;
  const { order: wantedOrder, lines } = placeOrder(wanted, {
    ...context,
    channel: 'counter',
    mayAgreePrices: true,
  });
  const placed = { ...wantedOrder, ...(warehouse && warehouse !== MAIN && { warehouse }) };
  const skus = stockNeeds(lines).length;
  if (skus > MAX_SKUS) {
    throw new DomainError(
      'too_many_lines',
      `A counter sale has at most ${MAX_SKUS} different SKUs, this one has ${skus}. Split it, or place an order.`,
      { issues: [{ path: 'lines', message: `must have at most ${MAX_SKUS} different SKUs` }] },
    );
  }
  const detail = `${formatMoney(placed.totals.gross, placed.currency)} paid over the counter`;
  const confirmed = confirmOrder(
    placed,
    { decision: 'confirm', policyVersion: 'counter-sale', reasons: [{ code: 'paid_at_once', detail }] },
    at,
  );
  const { order, shipment } = shipOrder(confirmed, lines, [], {}, actor, at);
  const draft = draftInvoice({
    order,
    orderLines: lines,
    shipments: [shipment],
    shipment,
    customer: dueAtOnce(customer),
    company,
    seller,
    at,
    dunning,
    unitCosts: unitCostsOf(products, order.currency),
  });
  return {
    placed,
    confirmed,
    order,
    lines,
    shipment,
    draft,
    watched: isWatched(products),
    tender: { method, ...(reference !== undefined && { reference }) },
  };
}

/**
 * The payment that settles the numbered invoice of a sale. Its id is the order's twin, so that a repeated request
 * finds it again (the shipment's twin is the invoice, and both have an entry in the books that is theirs).
 */
export function settleSale({ order, draft, tender }: CounterSale, invoice: Invoice): Settlement {
  const { invoiceId, customerId, currency, totals, issuedAt: at, issuedOn: today } = invoice;
  const owed = openItemOfNew(invoice, draft.nextActionAt);
  if (totals.gross === 0) return { openItem: owed, payment: undefined };
  const amount = totals.gross;
  const payment = recordPayment(
    { ...tender, customerId, currency, amount, allocations: [{ invoiceId, amount }] },
    { currency },
    [owed],
    { paymentId: twinId('pay', order.orderId), at, today, by: order.placedBy },
  );
  const [settled] = payment.settled;
  if (!settled) throw new RangeError(`the payment of ${invoiceId} does not settle it`);
  return { openItem: settled.after, payment };
}

function dueAtOnce({ terms: _terms, ...customer }: Customer): Customer {
  return { ...customer, paymentTermDays: 0 };
}

/** What a unit costs us by SKU, where that is known. */
function unitCostsOf(products: ReadonlyMap<string, Product>, currency: Currency): Map<string, number> {
  return new Map(
    [...products].flatMap(([sku, { costs }]) => {
      const cost = costs?.[currency];
      return cost === undefined ? [] : [[sku, cost] as const];
    }),
  );
}
