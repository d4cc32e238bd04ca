import * as z from 'zod';
import type { Company } from '../company/company.ts';
import { decimalPrice } from '../kernel/decimals.ts';
import type { DomainError } from '../kernel/errors.ts';
import { OrderId } from '../kernel/ids.ts';
import { Currency } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import { lineLeft } from '../order/lines-left.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { UblOrder } from './ubl-order.ts';

/** UN/ECE 4343: acknowledged and not decided yet, accepted, accepted with changes, rejected. */
const ResponseCode = z.enum(['AB', 'AP', 'CA', 'RE']);
/** UN/ECE 1229: changed, accepted as it is, not accepted. */
const LineCode = z.enum(['3', '5', '7']);

/** What we answer to an order that came by EDI. */
export const OrderResponse = z.strictObject({
  responseId: z.string(),
  issuedOn: CalendarDate,
  /** The buyer's number of the order, and ours where there is one. */
  documentId: z.string(),
  orderId: OrderId.optional(),
  currency: Currency,
  responseCode: ResponseCode,
  notes: z.array(z.string()),
  lines: z.array(
    z.strictObject({
      id: z.string(),
      sku: z.string(),
      statusCode: LineCode,
      quantity: z.int(),
      unitPrice: z.int().optional(),
    }),
  ),
});
export type OrderResponse = z.infer<typeof OrderResponse>;

/**
 * How an order stands, as the answer to the document it came by. Lines are those of the document, in its order.
 * @param today the day of the answer
 */
export function responseTo(
  document: UblOrder,
  { order, lines }: { readonly order: Order; readonly lines: readonly OrderLine[] },
  today: CalendarDate,
): OrderResponse {
  const rejected = order.status === 'rejected' || order.status === 'cancelled';
  const undecided = order.status === 'placed' || order.status === 'held';
  const answered = document.lines.map((asked, index) => {
    const line = lines.find((each) => each.line === index + 1);
    const quantity = line && !rejected ? lineLeft(line).quantity : 0;
    const asAsked = quantity === asked.quantity && line?.statedPrice === undefined;
    const statusCode = quantity === 0 ? ('7' as const) : asAsked ? ('5' as const) : ('3' as const);
    return { id: asked.id, sku: asked.sku, statusCode, quantity, ...(line && { unitPrice: line.unitPrice }) };
  });
  const changed = answered.some(({ statusCode }) => statusCode !== '5');
  return {
    ...headOf(document, today),
    responseId: `${order.orderId}-${order.version}`,
    orderId: order.orderId,
    responseCode: rejected ? 'RE' : undecided ? 'AB' : changed ? 'CA' : 'AP',
    notes: rejected || undecided ? notesOf(order) : [],
    lines: answered,
  };
}

/** The answer to a document that was refused, with why. */
export function refusalOf(document: UblOrder, refusal: DomainError, today: CalendarDate): OrderResponse {
  return {
    ...headOf(document, today),
    responseId: `${document.id}-refused`,
    responseCode: 'RE',
    notes: [refusal.message, ...(refusal.issues ?? []).map(({ path, message }) => `${path}: ${message}`)],
    lines: document.lines.map(({ id, sku }) => ({ id, sku, statusCode: '7', quantity: 0 })),
  };
}

const headOf = ({ id, currency }: UblOrder, issuedOn: CalendarDate) => ({
  documentId: id,
  currency,
  issuedOn,
});

/** What the customer may know: figures of its credit stay in the house. */
function notesOf(order: Order): string[] {
  if (order.status === 'cancelled') return [order.reason];
  const reasons = 'reasons' in order ? order.reasons : [];
  const open = new Set(['price_differs', 'insufficient_stock', 'address_incomplete', 'duplicate_order']);
  return reasons.map(({ code, detail }) => (open.has(code) ? detail : 'One of us has a look at it first.'));
}

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd';

/** The answer as an OrderResponse of UBL 2.1, in the order of its schema (Peppol BIS Ordering 3). */
export function writeOrderResponse(
  response: OrderResponse,
  company: Company,
  buyer: { readonly name: string; readonly customerId: string },
): string {
  const { currency } = response;
  const root = node(
    'OrderResponse',
    leaf('cbc:CustomizationID', 'urn:fdc:peppol.eu:poacc:trns:order_response:3'),
    leaf('cbc:ProfileID', 'urn:fdc:peppol.eu:poacc:bis:ordering:3'),
    leaf('cbc:ID', response.responseId),
    maybe('cbc:SalesOrderID', response.orderId),
    leaf('cbc:IssueDate', response.issuedOn),
    leaf('cbc:OrderResponseCode', response.responseCode),
    response.notes.map((note) => leaf('cbc:Note', note)),
    leaf('cbc:DocumentCurrencyCode', currency),
    node('cac:OrderReference', leaf('cbc:ID', response.documentId)),
    node('cac:SellerSupplierParty', partyNode(company.legalName)),
    node(
      'cac:BuyerCustomerParty',
      leaf('cbc:SupplierAssignedAccountID', buyer.customerId),
      partyNode(buyer.name),
    ),
    response.lines.map(({ id, sku, statusCode, quantity, unitPrice }) =>
      node(
        'cac:OrderLine',
        node(
          'cac:LineItem',
          leaf('cbc:ID', id),
          leaf('cbc:LineStatusCode', statusCode),
          leaf('cbc:Quantity', String(quantity), { unitCode: 'C62' }),
          unitPrice === undefined
            ? undefined
            : node(
                'cac:Price',
                leaf('cbc:PriceAmount', decimalPrice(unitPrice, currency), { currencyID: currency }),
              ),
          node('cac:Item', node('cac:SellersItemIdentification', leaf('cbc:ID', sku))),
        ),
        node('cac:OrderLineReference', leaf('cbc:LineID', id)),
      ),
    ),
  );
  const namespaces = {
    xmlns: `${ubl}:OrderResponse-2`,
    'xmlns:cac': `${ubl}:CommonAggregateComponents-2`,
    'xmlns:cbc': `${ubl}:CommonBasicComponents-2`,
  };
  return writeXml({ ...root, attributes: namespaces });
}

const partyNode = (name: string) => node('cac:Party', node('cac:PartyName', leaf('cbc:Name', name)));
