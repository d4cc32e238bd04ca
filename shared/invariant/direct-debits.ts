import { sumOf } from '../direct-debit/direct-debit.ts';
import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * F. A direct debit run holds what it says, each debit under an id of its own, and an invoice that waits for the bank
 * waits for one run, which is open and debits it.
 */
export function* debitsAreClaimedOnce({
  directDebits,
  debitItems,
  openItems,
}: Pick<Picture, 'directDebits' | 'debitItems' | 'openItems'>): Generator<Violation> {
  const ids = new Set<string>();
  for (const [id, items] of debitItems) {
    if (!directDebits.has(id)) yield { invariant: 'F', detail: `${id} has debits, but is not there` };
    for (const { endToEndId } of items) {
      if (ids.has(endToEndId)) yield { invariant: 'F', detail: `${endToEndId} names two debits` };
      ids.add(endToEndId);
    }
  }
  for (const [id, run] of directDebits) {
    const items = debitItems.get(id) ?? [];
    yield* unlessEqual('F', `debits of ${id}`, items.length, run.count);
    yield* unlessEqual('F', `sum of the debits of ${id}`, sumOf(items), run.total);
  }
  for (const [invoiceId, item] of openItems) {
    if ((item.status !== 'open' && item.status !== 'disputed') || !item.debit) continue;
    const { directDebitId } = item.debit;
    const isIn = debitItems.get(directDebitId)?.some((debit) => debit.invoiceId === invoiceId) ?? false;
    const status = directDebits.get(directDebitId)?.status;
    yield* unlessEqual('F', `the run that ${invoiceId} waits for`, status, 'open');
    if (!isIn)
      yield { invariant: 'F', detail: `${invoiceId} waits for ${directDebitId}, which has no debit of it` };
  }
}
