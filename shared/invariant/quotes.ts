import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** D. An accepted quote is one order at its prices, and every order that came of a quote is that quote's. */
export function* quotesAreTakenOnce(picture: Picture): Generator<Violation> {
  const accepted = new Map<string, string>();
  for (const quote of picture.quotes.values()) {
    if (quote.status !== 'accepted') continue;
    accepted.set(quote.orderId, quote.quoteId);
    const order = picture.orders.get(quote.orderId);
    const totals = order && (order.asPlaced?.totals ?? order.totals);
    yield* unlessEqual(
      'D',
      `net of ${quote.orderId}, quoted as ${quote.quoteId}`,
      totals?.net,
      quote.totals.net,
    );
  }
  for (const { orderId, source } of picture.orders.values()) {
    const told = source?.kind === 'quote' ? source.id : undefined;
    yield* unlessEqual('D', `the quote that ${orderId} came of`, accepted.get(orderId), told);
  }
}
