import { changeAccount } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenCredit, saveOpenCredit } from '../invoice/invoice-store.ts';
import { type CreditNoteId, newId, type PaymentId } from '../kernel/ids.ts';
import { dateIn } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { refundPostings } from '../ledger/postings.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { Doing } from './charge-back-store.ts';
import type { Payment } from './payment.ts';
import { loadPayment, savePayment } from './payment-store.ts';
import { undoPayOut, undoRefund } from './undo-refund.ts';

/** A refund whose money came back, minor units. */
export type FailedRefund = {
  readonly amount: number;
  readonly reason: string;
  /** The provider's own of the refund, where it has one. */
  readonly reference: string;
  /** Of the fact that told of the refund, where we asked for it. */
  readonly refund?: string | undefined;
};

/** The writes that undo a refund of `payment`: itself, account, books and fact. */
export function undoRefundActions(payment: Payment, failed: FailedRefund, doing: Doing): Action[] {
  const next = undoRefund(payment, failed.amount);
  const { paymentId } = next;
  return [
    savePayment(next, payment.version),
    ...bookedAgain(next, failed, paymentId, doing),
    failedFact(next, failed, doing),
  ];
}

/**
 * The writes that undo a refund we asked for, for one transaction: what of the payment or credit note was given back can
 * be used again.
 */
export async function failedRefundActions(
  table: Table,
  {
    paymentId,
    creditNoteId,
    ...failed
  }: FailedRefund & { readonly paymentId: PaymentId; readonly creditNoteId?: CreditNoteId | undefined },
  doing: Doing,
): Promise<Action[]> {
  const [payment, credit] = await Promise.all([
    loadPayment(table, paymentId, { consistent: true }),
    creditNoteId && loadOpenCredit(table, creditNoteId),
  ]);
  if (!payment) throw new RangeError(`there is no payment ${paymentId}`);
  if (creditNoteId === undefined) return undoRefundActions(payment, failed, doing);
  if (!credit) throw new RangeError(`there is no open credit of ${creditNoteId}`);
  const next = undoPayOut(credit, payment, failed.amount);
  const { customerId, currency, refunded = 0, unapplied, version } = next.credit;
  const { amount, reason, reference } = failed;
  return [
    saveOpenCredit(next.credit, credit.version),
    savePayment(next.payment, payment.version),
    ...bookedAgain(next.payment, failed, creditNoteId, doing),
    recordFact('credit_note.refund_failed', creditNoteId, versionSlot(version), {
      at: doing.at,
      actor: doing.by,
      customerId,
      data: { paymentId, creditNoteId, currency, amount, refunded, unapplied, reason, reference },
    }),
    failedFact(next.payment, failed, doing, creditNoteId),
  ];
}

/** The account and the books: the refund's own entry turned around. */
function bookedAgain(
  { customerId, method, currency }: Payment,
  { amount, reference }: FailedRefund,
  source: string,
  { at, timeZone }: Doing,
): Action[] {
  return [
    changeAccount(customerId, { exposure: -amount, receivable: -amount }),
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'refund',
      source,
      reference,
      customerId,
      currency,
      postings: refundPostings(method, -amount),
    }),
  ];
}

function failedFact(
  { paymentId, customerId, method, currency, refunded = 0, paidOut = 0, unapplied, version }: Payment,
  { amount, reason, reference, refund }: FailedRefund,
  { at, by }: Doing,
  creditNoteId?: CreditNoteId,
): Action {
  return recordFact('payment.refund_failed', paymentId, versionSlot(version), {
    at,
    actor: by,
    customerId,
    data: {
      paymentId,
      ...(creditNoteId && { creditNoteId }),
      method,
      currency,
      amount,
      refunded,
      paidOut,
      unapplied,
      reason,
      reference,
      ...(refund !== undefined && { refund }),
    },
  });
}
