import { changeAccount } from '../customer/customer-store.ts';
import type { FactData } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { saveOpenItem } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId, type PaymentId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { differencePostings, discountPostings, reversalPostings } from '../ledger/postings.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { allocatedBy, differencesOf, toldOf } from './payment.ts';
import { loadPayment, savePayment } from './payment-store.ts';
import { asBefore, type RestoredPayment, restorePayment } from './restore-payment.ts';
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
  const { customerId, method, currency, reference, reversed = 0, unapplied, version } = restored.payment;
  const { applied, discount, settled } = restored.settling;
  const differences = differencesOf(applied);
  const owed = differences.reduce((sum, { amount }) => sum - amount, 0 - reversal.amount - discount.amount);
  return [
    savePayment(restored.payment, payment.version),
    ...settled.map((item) => saveOpenItem(item.after, item.before.version)),
    changeAccount(customerId, { exposure: owed, receivable: owed }),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind: 'reversal',
      source: paymentId,
      reference: reversal.reference,
      customerId,
      currency,
      postings: [
        ...postingsOf(restored, reversal),
        ...discountPostings(discount.amount, discount.tax),
        ...differencePostings(differences),
      ],
    }),
    recordFact('payment.restored', paymentId, versionSlot(version), {
      at,
      actor,
      customerId,
      data: {
        paymentId,
        method,
        currency,
        reason,
        amount: reversal.amount,
        reversed,
        allocations: applied.map(toldOf),
        unapplied,
        reference,
      },
    }),
  ];
}

/** Those of the reversal, turned around. */
function postingsOf({ settling }: RestoredPayment, reversal: FactData<'payment.reversed'>) {
  const { method, amount, fee = 0 } = reversal;
  const allocated = allocatedBy(settling.applied);
  const taken = { method, unapplied: amount - allocated, allocated, fee, feeBack: 0 };
  return reversalPostings(taken).map((posting) => ({ ...posting, amount: 0 - posting.amount }));
}
