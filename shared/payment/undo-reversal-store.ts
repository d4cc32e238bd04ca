import { loadFact } from '../fact/fact-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { type PaymentId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { Action, Table } from '../table/table.ts';
import { loadPayment } from './payment-store.ts';
import { asBefore, restorePayment } from './restore-payment.ts';
import { restoredActions } from './restored-payment-store.ts';
import { loadUndoing } from './reversal-store.ts';

type Doing = {
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly actor: string;
  readonly timeZone: string;
};

/**
 * The writes that take a reversal back which turned out to be wrong: the money is there again and settles what it had
 * settled, as far as that is owed, and what the bank was said to have charged is no cost. Four and one for each invoice.
 * @param told the slot of the fact that tells of the reversal
 * @throws DomainError `bank_line_not_undoable` when less is reversed by now, `version_conflict` on commit
 */
export async function undoReversal(
  table: Table,
  { paymentId, told }: { readonly paymentId: PaymentId; readonly told: string },
  reason: string,
  { at, today, actor, timeZone }: Doing,
): Promise<Action[]> {
  const [payment, { data: reversal }] = await Promise.all([
    loadPayment(table, paymentId, { consistent: true }),
    loadFact(table, ['payment.reversed'], `${paymentId}.${told}`),
  ]);
  if (!payment) throw new RangeError(`${paymentId} was reversed, and is not there`);
  if ((payment.reversed ?? 0) < reversal.amount) {
    const detail = `Less of the payment ${paymentId} is reversed by now, so the line can not be undone any more.`;
    throw new DomainError('bank_line_not_undoable', detail);
  }
  const invoiceIds = reversal.allocations.map(({ invoiceId }) => invoiceId);
  const { items } = await loadUndoing(table, invoiceIds, { at, timeZone });
  const wanted = asBefore(reversal.allocations, items);
  const restored = restorePayment(payment, reversal.amount, { wanted, items }, at);
  const { reference: booked, fee } = reversal;
  return restoredActions(
    restored,
    { reason, reference: payment.reference, booked, fee },
    { at, today, actor },
  );
}
