import type { FactType } from '../fact/fact.ts';

/** What a customer, or whoever buys, gets a mail about, besides invoices and credit notes. */
export const mailedFacts = [
  'order.confirmed',
  'order.held',
  'order.rejected',
  'order.cancelled',
  'order.amended',
  'order.lines_cancelled',
  'shipment.dispatched',
  'account.reminded',
  'payment.received',
  'payment.refunded',
  'credit_note.refunded',
  'direct_debit.announced',
  'stock.low',
] as const satisfies readonly FactType[];
