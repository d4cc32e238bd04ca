import { leftOf, type OrderDeposits } from '../deposit/deposit.ts';
import { lineLeft } from './lines-left.ts';
import type { Order, OrderLine } from './order.ts';
import type { LineUnits, OrderSummary, OrderView } from './order-api.ts';

/** An order as lists show it. */
export function orderSummary(order: Order): OrderSummary {
  const {
    orderId,
    customerId,
    status,
    channel,
    currency,
    poNumber,
    documentDate,
    placedAt,
    shipTo,
    requestedOn,
    warehouse,
    backordered,
    priority,
    tags,
    source,
    incoterm,
    pricesIncludeTax,
    adjustments,
    totals,
    lineCount,
    units,
    version,
  } = order;
  const self = `/v1/orders/${orderId}`;
  return {
    orderId,
    customerId,
    status,
    channel,
    currency,
    ...(poNumber !== undefined && { poNumber }),
    ...(documentDate !== undefined && { documentDate }),
    placedAt,
    ...(shipTo && { shipTo }),
    ...(requestedOn !== undefined && { requestedOn }),
    ...(warehouse && { warehouse }),
    ...(backordered && { backordered }),
    ...(priority && { priority }),
    ...(tags && { tags }),
    ...(source && { source }),
    ...(incoterm && { incoterm }),
    ...(pricesIncludeTax && { pricesIncludeTax }),
    ...(adjustments && { adjustments }),
    totals,
    lineCount,
    ...(units && { units }),
    ...('reasons' in order && { reasons: order.reasons }),
    ...('hold' in order && order.hold && { hold: order.hold }),
    ...('reason' in order && { cancelReason: order.reason }),
    version,
    links: { self, timeline: `${self}/timeline`, shipments: `${self}/shipments` },
  };
}

/**
 * An order with its lines and the deposits asked for on it.
 * @param units what became of those of each line, where that was worked out
 */
export function orderView(
  order: Order,
  lines: readonly OrderLine[],
  deposits?: OrderDeposits,
  units: ReadonlyMap<number, LineUnits> = new Map(),
): OrderView {
  return {
    ...orderSummary(order),
    lines: lines.map((line) => {
      const of = units.get(line.line);
      return { ...lineLeft(line), ...(of && { units: of }) };
    }),
    ...(deposits && {
      deposits: deposits.deposits.map(({ invoiceId, number, issuedOn, gross, left, credited }) => ({
        invoiceId,
        number,
        issuedOn,
        gross,
        left: leftOf([{ left }]),
        ...(credited && { credited }),
        links: { invoice: `/v1/invoices/${invoiceId}` },
      })),
    }),
  };
}
