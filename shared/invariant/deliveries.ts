import { isUndelivered } from '../delivery/delivery.ts';
import { type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * F. Each request to send a document sends it at most once, and the facts tell of each; what did not reach its customer
 * stands in the queue, nothing else does, and nobody is reminded of such an invoice.
 */
export function* documentsAreSentOnce({
  deliveries,
  facts,
  openItems,
  ...picture
}: Picture): Generator<Violation> {
  for (const [documentId, { delivery, queued }] of deliveries) {
    const isThere = picture.invoices.has(documentId) || picture.creditNotes.has(documentId);
    if (!isThere) yield { invariant: 'F', detail: `${documentId} has a delivery, but is not there` };

    const told = (facts.get(documentId) ?? []).filter(({ slot }) => slot.startsWith('delivery-'));
    const times = new Sums();
    for (const { type, data } of told) {
      if (type === 'invoice.sent' || type === 'invoice.delivered')
        times.add(`${type} of request ${data.request}`, 1);
    }
    for (const [what, count] of times.entries())
      yield* unlessEqual('F', `${what} for ${documentId}`, count, 1);

    const isLost = isUndelivered(delivery);
    const isTriedAgain = delivery.status === 'pending' && queued;
    yield* unlessEqual(
      'F',
      `${documentId} in the queue of undelivered ones`,
      String(queued),
      String(isLost || isTriedAgain),
    );
    const item = openItems.get(documentId);
    if (isLost && item && (item.status === 'open' || item.status === 'disputed'))
      yield* unlessEqual(
        'F',
        `reminders of ${documentId}, which is ${delivery.status}`,
        item.paused,
        'undelivered',
      );
  }
  for (const [invoiceId, item] of openItems) {
    const isPaused = (item.status === 'open' || item.status === 'disputed') && item.paused !== undefined;
    if (isPaused && !deliveries.has(invoiceId))
      yield { invariant: 'F', detail: `${invoiceId} is paused as undelivered, but has no delivery` };
  }
}
