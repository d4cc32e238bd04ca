import { lineName } from '../bank/bank-line.ts';
import {
  type DebitBatch,
  type DebitItem,
  type DirectDebit,
  fileOf,
  isOfBatch,
  sumOf,
  withItems,
} from '../direct-debit/direct-debit.ts';
import { restingStatus } from '../direct-debit/settle-direct-debit.ts';
import { singlesOf } from '../direct-debit/single-debits.ts';
import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** A run that its invoices may wait for. */
const waitedFor: readonly string[] = ['collecting', 'ready', 'settling', 'cancelling'];

/**
 * F. A direct debit run holds what it says, each debit under an id of its own and each invoice once, and an invoice that
 * waits for the bank waits for one run, which debits it and did not end.
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
    const invoices = new Set(items.map(({ invoiceId }) => invoiceId));
    yield* unlessEqual('F', `invoices of ${id}`, invoices.size, items.length);
  }
  for (const [id, run] of directDebits) {
    const items = debitItems.get(id) ?? [];
    yield* unlessEqual('F', `debits of ${id}`, items.length, run.count);
    yield* unlessEqual('F', `sum of the debits of ${id}`, sumOf(items), run.total);
    const of = (batches: readonly DebitBatch[]) =>
      batches.map(({ file, scheme, sequence, count, total }) =>
        [file, scheme, sequence, count, total].join(' '),
      );
    yield* unlessEqual('F', `batches of ${id}`, of(run.batches).join(), of(withItems([], items, 0)).join());
    yield* statusIsOf(run);
  }
  const inRuns = new Map(
    [...debitItems].map(([id, items]) => [id, new Set<string>(items.map(({ invoiceId }) => invoiceId))]),
  );
  for (const [invoiceId, item] of openItems) {
    if ((item.status !== 'open' && item.status !== 'disputed') || !item.debit) continue;
    const { directDebitId } = item.debit;
    const status = directDebits.get(directDebitId)?.status;
    if (status === undefined || !waitedFor.includes(status))
      yield { invariant: 'F', detail: `${invoiceId} waits for ${directDebitId}, which is ${status}` };
    if (!inRuns.get(directDebitId)?.has(invoiceId))
      yield { invariant: 'F', detail: `${invoiceId} waits for ${directDebitId}, which has no debit of it` };
  }
}

/** What a run says it is, and what became of its batches, are one. */
function* statusIsOf({ directDebitId, status, batches, cancelledAt }: DirectDebit): Generator<Violation> {
  const isCancelled = status === 'cancelling' || status === 'cancelled';
  if (isCancelled !== (cancelledAt !== undefined))
    yield { invariant: 'F', detail: `${directDebitId} is ${status}, cancelled at ${cancelledAt}` };
  if (isCancelled) return;
  const underWay = batches.some(({ settlement }) => settlement?.done === false);
  if (underWay !== (status === 'settling'))
    yield {
      invariant: 'F',
      detail: `${directDebitId} is ${status}, and its payments are made: ${!underWay}`,
    };
  const settled = restingStatus(batches) === 'settled';
  if (!underWay && settled !== (status === 'settled'))
    yield { invariant: 'F', detail: `${directDebitId} is ${status}, and all of its money came: ${settled}` };
}

/**
 * C and F. The money of a settled batch is that of one bank line, and is the payments of its debits: each of the debit's
 * amount, under its end-to-end id; of one that the bank refused there is none. Of other batches those debits are payments
 * that came on lines of their own, and no debit is the payment of two.
 */
export function* settledRunsArePayments({
  directDebits,
  debitItems,
  singleDebits,
  payments,
  bankLines,
  onStatement,
}: Pick<
  Picture,
  'directDebits' | 'debitItems' | 'singleDebits' | 'payments' | 'bankLines' | 'onStatement'
>): Generator<Violation> {
  const brought = new Map<string, number>();
  const paidBy = [...debitItems.values()].flat().flatMap(({ paymentId }) => paymentId ?? []);
  yield* unlessEqual('F', 'payments of debits', new Set(paidBy).size, paidBy.length);
  for (const [id, { batches }] of directDebits) {
    const items = debitItems.get(id) ?? [];
    for (const [index, batch] of batches.entries()) {
      const own = items.filter((item, ordinal) => isOfBatch(batch, item, fileOf(ordinal + 1)));
      const waited = own.filter(({ releasedAt }) => releasedAt === undefined);
      yield* unlessEqual('C', `refused of a batch of ${id}`, sumOf(own) - sumOf(waited), batch.released);
      const { settlement } = batch;
      if (!settlement) {
        yield* cameSingly(waited, batch, { id, place: index + 1 });
        continue;
      }
      const name = lineName(settlement);
      brought.set(name, (brought.get(name) ?? 0) + sumOf(waited));
      for (const item of waited) if (item.paymentId || settlement.done) yield* isPaid(item, name);
      for (const item of own) {
        if (item.releasedAt && item.paymentId)
          yield { invariant: 'F', detail: `${item.endToEndId} was refused, and is a payment` };
      }
    }
  }
  for (const [name, amount] of brought) {
    const line = bankLines.get(name);
    const isOfRun = line?.status === 'matched' && line.outcome.kind === 'direct_debit';
    if (!isOfRun) yield { invariant: 'F', detail: `${name} is said to have brought a run, and did not` };
    yield* unlessEqual('C', `debits that ${name} brought`, amount, line?.entry.amount);
  }

  /** Of a batch that no sum brought, the debits that are payments are those that came on lines of their own. */
  function* cameSingly(
    waited: readonly DebitItem[],
    { singly }: DebitBatch,
    { id, place }: { id: string; place: number },
  ): Generator<Violation> {
    const paid = waited.filter(({ paymentId }) => paymentId !== undefined);
    const came = singlesOf(singleDebits.get(id), place);
    yield* unlessEqual('C', `single debits of batch ${place} of ${id}`, came, sumOf(paid));
    if (singly) yield* unlessEqual('C', `batch ${place} of ${id}, which came singly`, came, sumOf(waited));
    for (const { paymentId, endToEndId, amount } of paid) {
      const payment = payments.get(paymentId ?? '');
      yield* unlessEqual('C', `payment of ${endToEndId}`, payment?.amount, amount);
    }
  }

  function* isPaid({ paymentId, endToEndId, amount }: DebitItem, name: string): Generator<Violation> {
    const payment = payments.get(paymentId ?? '');
    yield* unlessEqual('C', `payment of ${endToEndId}`, payment?.amount, amount);
    yield* unlessEqual('F', `reference of ${paymentId}`, payment?.reference, endToEndId);
    const { bankLine } = payment ?? {};
    const line = bankLine ? lineName(bankLine) : onStatement.get(`${paymentId} 000001`);
    yield* unlessEqual('F', `line of ${paymentId}`, line, name);
  }
}
