import { refundCredit } from '../credit-note/refund-credit.ts';
import { type Going, sendRefund } from '../credit-transfer/send-refund-store.ts';
import { changeAccount } from '../customer/customer-store.ts';
import type { FactData } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import type { OpenCredit } from '../invoice/invoice.ts';
import { saveOpenCredit } from '../invoice/invoice-store.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { refundPostings } from '../ledger/postings.ts';
import type { Payment, PaymentMethod } from '../payment/payment.ts';
import { savePayment } from '../payment/payment-store.ts';
import { owners, versionSlot } from '../table/keys.ts';
import type { Action } from '../table/table.ts';

/**
 * The writes of a credit note paid out, for one transaction: what is left of it, the payment whose money it is, account,
 * books and the facts of both, and the transfer it goes out by.
 * @param payOut amount in minor units, and the way it goes
 * @param approval who asked for it, where someone else approved it
 * @param going where it is transferred to; it is only recorded where that is left out
 * @throws DomainError `refund_exceeds_unapplied`, `refund_exceeds_paid`, `payment_not_found`
 */
export function payOutActions(
  credit: OpenCredit,
  payment: Payment,
  payOut: {
    readonly amount: number;
    readonly method: PaymentMethod;
    readonly reason: string;
    readonly reference: string;
  },
  { actor, at, timeZone }: { readonly actor: string; readonly at: Instant; readonly timeZone: string },
  approval: Pick<FactData<'credit_note.refunded'>, 'refundId' | 'requestedBy' | 'decision'> = {},
  going?: Going,
): { data: FactData<'credit_note.refunded'>; factId: string; actions: Action[] } {
  const { amount, method, reason, reference } = payOut;
  const refunded = refundCredit(credit, payment, amount);
  const next = refunded.credit;
  const paid = refunded.paid.payment;
  const { creditNoteId, customerId, currency, unapplied } = next;
  const { paymentId } = payment;
  const slot = versionSlot(next.version);
  const paidSlot = versionSlot(paid.version);
  const told = { at, actor, customerId };
  const sent = sendRefund(
    going,
    { paymentId, told: paidSlot, creditNoteId, customerId, method, currency, amount, reference, reason },
    { at, by: actor },
  );
  const data = {
    paymentId,
    method,
    currency,
    amount,
    refunded: next.refunded,
    unapplied,
    reason,
    reference,
    creditNoteId,
    ...approval,
    ...sent.told,
  };
  const actions = [
    saveOpenCredit(next, credit.version),
    savePayment(paid, payment.version),
    changeAccount(customerId, { exposure: amount, receivable: amount }),
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'refund',
      source: creditNoteId,
      reference,
      customerId,
      currency,
      postings: refundPostings(method, amount),
    }),
    recordFact('credit_note.refunded', creditNoteId, slot, { ...told, data }),
    recordFact('payment.paid_out', paymentId, paidSlot, {
      ...told,
      data: { paymentId, creditNoteId, method, currency, amount, paidOut: paid.paidOut },
      // A line of money out is looked for here, as for any refund.
      indexed: {
        OPK: owners.refunds(currency, amount),
        OSK: `${at}#${paymentId}`,
        sum: { paymentId, slot: paidSlot, reference },
      },
    }),
    ...sent.actions,
  ];
  return { data, factId: `${creditNoteId}.${slot}`, actions };
}
