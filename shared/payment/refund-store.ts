import { type Going, sendRefund } from '../credit-transfer/send-refund-store.ts';
import { changeAccount } from '../customer/customer-store.ts';
import type { FactData } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { refundPostings } from '../ledger/postings.ts';
import { refundTold, refundView } from '../refund/refund-view.ts';
import { owners, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { Payment } from './payment.ts';
import type { RefundView } from './payment-api.ts';
import { savePayment } from './payment-store.ts';
import { type Refund, refundPayment } from './refund-payment.ts';

type Doing = { readonly actor: string; readonly at: Instant; readonly timeZone: string };

/**
 * The writes of a refund, for one transaction: payment, account, books and fact, and the transfer it goes out by.
 * @param approval who asked for it, where someone else approved it
 * @param going where it is transferred to; it is only recorded where that is left out
 * @throws DomainError `refund_exceeds_unapplied`
 */
export function refundActions(
  payment: Payment,
  refund: Refund,
  { actor, at, timeZone }: Doing,
  approval: Pick<FactData<'payment.refunded'>, 'refundId' | 'requestedBy' | 'decision'> = {},
  going?: Going,
): { data: FactData<'payment.refunded'>; factId: string; actions: Action[] } {
  const next = refundPayment(payment, refund);
  const { paymentId, customerId, method, currency, unapplied, refunded } = next;
  const { amount, reason, reference = payment.reference } = refund;
  const slot = versionSlot(next.version);
  const sent = sendRefund(
    going,
    { paymentId, told: slot, customerId, method, currency, amount, reference, reason },
    { at, by: actor },
  );
  const refundedNow = { paymentId, method, currency, amount, refunded, unapplied, reason, reference };
  const data = { ...refundedNow, ...approval, ...sent.told };
  const actions = [
    savePayment(next, payment.version),
    changeAccount(customerId, { exposure: amount, receivable: amount }),
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'refund',
      source: paymentId,
      reference,
      customerId,
      currency,
      postings: refundPostings(method, amount),
    }),
    recordFact('payment.refunded', paymentId, slot, {
      at,
      actor,
      customerId,
      data,
      indexed: {
        OPK: owners.refunds(currency, amount),
        OSK: `${at}#${paymentId}`,
        sum: { paymentId, slot, reference },
      },
    }),
    ...sent.actions,
  ];
  return { data, factId: `${paymentId}.${slot}`, actions };
}

/** What the call answered that recorded a refund, asked for it or decided about it, told from the fact it recorded. */
export async function loadRefundAnswer(table: Table, factId: string): Promise<RefundView> {
  return refundView(await loadFact(table, refundTold, factId));
}
