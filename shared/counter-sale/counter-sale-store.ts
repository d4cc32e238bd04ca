import type { Invoice } from '../invoice/invoice.ts';
import { documentActions, loadInvoice, saveOpenItem } from '../invoice/invoice-store.ts';
import { entryOfInvoice } from '../invoice/issue-invoice.ts';
import { recordIssued } from '../invoice/issue-invoice-store.ts';
import { type NextNumber, withNumber } from '../invoice/series-store.ts';
import { type OrderId, twinId } from '../kernel/ids.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { placeOrderActions, recordConfirmed } from '../order/order-store.ts';
import { loadPayment, moneyInActions } from '../payment/payment-store.ts';
import { loadShippingFile, shipmentActions } from '../shipment/shipment-store.ts';
import { takeStock } from '../stock/stock-store.ts';
import { commit } from '../table/commit.ts';
import type { Action, Table } from '../table/table.ts';
import type { CounterSaleView } from './counter-sale-api.ts';
import { counterSaleView } from './counter-sale-view.ts';
import { type CounterSale, type Settlement, settleSale } from './sell-over-counter.ts';

/**
 * Writes a counter sale under the next number of its series, all in one transaction. The customer's account is left
 * alone: what the invoice adds to it the payment takes away.
 * @param remember the write that remembers what came of the request's idempotency key, by the order's id
 * @throws DomainError `insufficient_stock`, `purchase_order_reused`; `table_busy` when others keep taking the number
 */
export function recordCounterSale(
  table: Table,
  sale: CounterSale,
  next: NextNumber,
  timeZone: string,
  remember: (orderId: string) => Action,
): Promise<CounterSaleView> {
  return withNumber(table, next, async ({ identity, take }) => {
    const invoice = { ...sale.draft.invoice, ...identity };
    const settlement = settleSale(sale, invoice);
    await commit(table, [
      remember(sale.order.orderId),
      ...saleActions(sale, invoice, settlement, timeZone),
      take,
    ]);
    return counterSaleView({ ...sale, invoice, payment: settlement.payment?.payment });
  });
}

/**
 * The answer to the sale that placed `orderId`, from what no longer changes; undefined when there is none.
 * Two rounds of reads.
 */
export async function loadCounterSale(table: Table, orderId: OrderId): Promise<CounterSaleView | undefined> {
  const file = await loadShippingFile(table, orderId);
  const shipment = file?.shipments[0];
  if (!shipment) return undefined;
  const [invoice, payment] = await Promise.all([
    loadInvoice(table, twinId('inv', shipment.shipmentId), { consistent: true }),
    loadPayment(table, twinId('pay', orderId), { consistent: true }),
  ]);
  return invoice && counterSaleView({ order: file.order, shipment, invoice, payment });
}

function saleActions(
  { placed, confirmed, order, lines, shipment, draft, watched }: CounterSale,
  invoice: Invoice,
  { openItem, payment }: Settlement,
  timeZone: string,
): Action[] {
  const actor = placed.placedBy;
  return [
    ...placeOrderActions(placed, lines, timeZone, { order, move: takeStock, watched }),
    recordConfirmed(confirmed, actor),
    ...shipmentActions(shipment, order, 'moved'),
    ...documentActions(invoice, draft.lines),
    saveOpenItem(openItem, 'absent'),
    postEntry(entryOfInvoice(invoice, draft.lines)),
    recordIssued(invoice, actor),
    ...(payment ? moneyInActions(payment, 'counter') : []),
  ];
}
