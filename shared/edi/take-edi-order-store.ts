import { participants } from '../customer/participant-store.ts';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import { dateIn } from '../kernel/time.ts';
import { loadOrderFile, orderWithPurchaseOrder } from '../order/order-store.ts';
import { customerNotFound, type Seller } from '../order/pricing-store.ts';
import type { Placement } from '../order/reserve-placement.ts';
import { type OrderedBy, takeOrder } from '../order/take-order-store.ts';
import type { Table } from '../table/table.ts';
import { type OrderResponse, refusalOf, responseTo } from './order-response.ts';
import { keepSourceDocument, loadSourceDocument } from './source-document-store.ts';
import type { UblOrder } from './ubl-order.ts';

/** What the buyer is told in the answer to its document; anything else it may send again as it is. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'amount_too_large',
  'currency_mismatch',
  'customer_blocked',
  'insufficient_stock',
  'order_too_small',
  'product_not_found',
  'product_not_sold',
  'product_price_missing',
  'purchase_order_reused',
  'too_many_backorders',
  'too_many_lines',
  'validation_failed',
]);

type Sender = Pick<OrderedBy, 'actor' | 'actorId' | 'at'> & {
  /** Whose order it must be, where a customer sends it. */
  readonly own: CustomerId | undefined;
};

/** The answer to a document: `isNew` where it made an order. */
export type Taken = {
  readonly response: OrderResponse;
  readonly isNew: boolean;
  readonly customerId: CustomerId;
};

/**
 * Takes an order that came as a document, which is kept beside it, or answers as the order stands that it made before.
 * What can't be delivered as ordered is answered with a refusal, and nothing is written.
 * @throws DomainError `customer_not_found` where no one customer is the buyer
 */
export async function takeEdiOrder(
  table: Table,
  seller: Seller,
  document: UblOrder,
  content: Uint8Array,
  { own, ...by }: Sender,
): Promise<Taken> {
  const customerId = await buyerOf(table, document, own);
  const today = dateIn(seller.company.timeZone, by.at);
  const before = await earlierAnswer(table, document, content, customerId, today);
  if (before) return before;
  const channel = 'edi' as const;
  const source = { kind: 'ubl' as const, id: document.id };
  const keep = ({ order }: Placement) => [keepSourceDocument(order.orderId, 'application/xml', content)];
  try {
    const ordered = { ...by, customerId, mayAgreePrices: false, channel, source };
    const placed = await takeOrder(table, seller, requestOf(document), ordered, keep);
    return { response: responseTo(document, placed, today), isNew: true, customerId };
  } catch (error) {
    if (!(error instanceof DomainError) || !refusals.has(error.code)) throw error;
    // Sent twice at once, the other was faster.
    const other = await earlierAnswer(table, document, content, customerId, today);
    return other ?? { response: refusalOf(document, error, today), isNew: false, customerId };
  }
}

function requestOf({ id, currency, shipTo, requestedOn, incoterm, lines }: UblOrder) {
  return {
    currency,
    poNumber: id,
    ...(shipTo && { shipTo }),
    ...(requestedOn !== undefined && { requestedOn }),
    ...(incoterm && { incoterm }),
    lines: lines.map(({ sku, quantity, statedPrice }) => ({
      sku,
      quantity,
      ...(statedPrice !== undefined && { statedPrice }),
    })),
  };
}

/** How the order stands that the document made before; a refusal where another document bore its number. */
async function earlierAnswer(
  table: Table,
  document: UblOrder,
  content: Uint8Array,
  customerId: CustomerId,
  today: ReturnType<typeof dateIn>,
): Promise<Taken | undefined> {
  const order = await orderWithPurchaseOrder(table, customerId, document.id);
  if (!order) return undefined;
  const [kept, file] = await Promise.all([
    loadSourceDocument(table, order.orderId),
    loadOrderFile(table, order.orderId),
  ]);
  if (kept && file && Buffer.compare(kept.content, content) === 0) {
    return { response: responseTo(document, file, today), isNew: false, customerId };
  }
  const refusal = new DomainError(
    'purchase_order_reused',
    `Your order ${document.id} is already ${order.orderId}, and another document made it.`,
  );
  return { response: refusalOf(document, refusal, today), isNew: false, customerId };
}

/** @throws DomainError `customer_not_found` */
async function buyerOf(table: Table, { buyer }: UblOrder, own: CustomerId | undefined): Promise<CustomerId> {
  if (buyer.customerId !== undefined) {
    if (own !== undefined && own !== buyer.customerId) throw customerNotFound();
    return buyer.customerId;
  }
  const found = buyer.endpoint ? await participants(table, buyer.endpoint) : [];
  const [customerId] = own === undefined ? found : found.filter((id) => id === own);
  if (customerId !== undefined && (own !== undefined || found.length === 1)) return customerId;
  if (found.length > 1) {
    throw new DomainError(
      'customer_not_found',
      'Several customers bear this endpoint. Name the buyer by SupplierAssignedAccountID, which is our customer id.',
    );
  }
  throw customerNotFound();
}
