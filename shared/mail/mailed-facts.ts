import type { Fact, FactType } from '../fact/fact.ts';
import type { Channel } from '../order/order.ts';

/** What a customer, or whoever buys, gets a mail about, besides invoices and credit notes. */
export const mailedFacts = [
  'order.confirmed',
  'order.held',
  'order.rejected',
  'order.cancelled',
  'order.amended',
  'order.lines_cancelled',
  'shipment.dispatched',
  'shipment.delivered',
  'shipment.delivery_failed',
  'account.reminded',
  'payment.received',
  'payment.refunded',
  'credit_note.refunded',
  'direct_debit.announced',
  'stock.low',
  'rule.notified',
  'quote.issued',
  'case.opened',
  'case.replied',
  'case.resolved',
  'case.escalated',
] as const satisfies readonly FactType[];

type MailedType = (typeof mailedFacts)[number];
export type MailedFact = Fact<MailedType>;

/** Who takes the goods along at the counter needs no mail that the order was accepted, is on its way or is paid. */
const untoldAtCounter: readonly MailedType[] = [
  'order.confirmed',
  'shipment.dispatched',
  'shipment.delivered',
  'payment.received',
];

/** Whether a customer is to hear by mail of a `type` of fact about what came in by `channel`. */
export function isMailed(type: FactType, channel: Channel | undefined): type is MailedType {
  const mailed = mailedFacts.find((each) => each === type);
  return mailed !== undefined && !(channel === 'counter' && untoldAtCounter.includes(mailed));
}
