import type { InvoiceId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { type DebitItem, type DirectDebit, fileOf, isOfBatch } from './direct-debit.ts';

/** A debit and its place in the run, from 1. */
export type Placed = { readonly ordinal: number; readonly item: DebitItem };

/**
 * A run with its debits as they were once some of them were given back, whatever became of them since.
 * @param then the run's status, the moment, and which invoices were given back after it; `debits` may show those already
 */
export function asReleased(
  run: DirectDebit,
  debits: readonly Placed[],
  then: {
    readonly status: DirectDebit['status'];
    readonly at: Instant;
    readonly later: ReadonlySet<InvoiceId>;
  },
): { run: DirectDebit; items: DebitItem[] } {
  const { status, at, later } = then;
  const { cancelled, cancelledAt, ...rest } = run;
  const isReleased = ({ releasedAt, invoiceId }: DebitItem) =>
    releasedAt !== undefined && !later.has(invoiceId);
  const batches = run.batches.map(({ settlement, singly: _singly, ...batch }) => ({
    ...batch,
    released: debits.reduce(
      (sum, { ordinal, item }) =>
        isReleased(item) && isOfBatch(batch, item, fileOf(ordinal)) ? sum + item.amount : sum,
      0,
    ),
    ...(settlement && settlement.at <= at && { settlement }),
  }));
  const items = debits.map(({ ordinal, item: { releasedAt, paymentId, ...item } }) => {
    const batch = batches.find((each) => isOfBatch(each, item, fileOf(ordinal)));
    return {
      ...item,
      ...(releasedAt !== undefined && !later.has(item.invoiceId) && { releasedAt }),
      ...(paymentId !== undefined && batch?.settlement && { paymentId }),
    };
  });
  const isOver = status === 'cancelled' || status === 'cancelling';
  return {
    run: {
      ...rest,
      status,
      batches,
      ...(isOver && cancelled && { cancelled }),
      ...(isOver && cancelledAt !== undefined && { cancelledAt }),
    },
    items,
  };
}
