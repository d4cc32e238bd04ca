import { factsOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * C. Nobody gets back more than they paid: whenever money was given back, for a payment or for credit notes, it was at most
 * what came in with that payment and was not given back or gone again by then; what did not arrive is there again. A bank may take back later what was given
 * back before. What waits for approval is what is kept for it; what was approved is done once, and by someone else.
 */
export function* refundsAreCovered(picture: Picture): Generator<Violation> {
  const { payments, openCredits, refunds } = picture;
  const waiting = new Sums();
  for (const refund of refunds.values()) {
    const { refundId, paymentId, creditNoteId, status, amount, version } = refund;
    if ('deciderId' in refund && refund.deciderId === refund.requesterId)
      yield { invariant: 'C', detail: `${refundId} was decided about by who asked for it` };
    const source = creditNoteId ?? paymentId;
    if (status === 'requested') waiting.add(source, amount);
    yield* unlessEqual('C', `decisions about ${refundId}`, version - 1, status === 'requested' ? 0 : 1);
    for (const [type, times] of [
      ['refund.requested', 1],
      ['refund.rejected', status === 'rejected' ? 1 : 0],
      [creditNoteId ? 'credit_note.refunded' : 'payment.refunded', status === 'done' ? 1 : 0],
    ] as const) {
      const told = factsOf(picture, source).filter(
        (fact) => fact.type === type && 'refundId' in fact.data && fact.data.refundId === refundId,
      );
      yield* unlessEqual('C', `facts ${type} of ${refundId}`, told.length, times);
    }
  }
  for (const [id, { reserved = 0 }] of [...payments, ...openCredits])
    yield* unlessEqual('C', `kept for refunds of ${id}`, reserved, waiting.of(id));
  yield* paidOutAddsUp(picture);
  for (const [id, { amount }] of payments) {
    let givenBack = 0;
    let gone = 0;
    for (const { type, data } of factsOf(picture, id)) {
      if ('reversed' in data) gone = data.reversed;
      if (type === 'payment.refund_failed' || type === 'payment.refund_undone') givenBack -= data.amount;
      if (type !== 'payment.refunded' && type !== 'payment.paid_out') continue;
      givenBack += data.amount;
      if (givenBack + gone > amount) {
        const detail = `${givenBack} was given back of ${id}, of which ${amount - gone} had been left`;
        yield { invariant: 'C', detail };
      }
    }
  }
}

/** What credit notes were paid out with is what payments say was paid out, customer by customer and payment by payment. */
function* paidOutAddsUp(picture: Picture): Generator<Violation> {
  const { payments, openCredits } = picture;
  const told = new Sums();
  for (const id of openCredits.keys()) {
    for (const { type, data } of factsOf(picture, id)) {
      if (type === 'credit_note.refunded') told.add(data.paymentId, data.amount);
      if (type === 'credit_note.refund_failed' || type === 'credit_note.refund_undone')
        told.add(data.paymentId, -data.amount);
    }
  }
  const out = new Sums();
  for (const { customerId, paymentId, paidOut = 0 } of payments.values()) {
    out.add(customerId, paidOut);
    yield* unlessEqual('C', `paid out of ${paymentId} for credit notes`, paidOut, told.of(paymentId));
  }
  for (const { customerId, refunded = 0 } of openCredits.values()) out.add(customerId, -refunded);
  for (const [customerId, difference] of out.entries())
    yield* unlessEqual('C', `paid out to ${customerId} for credit notes`, difference, 0);
}
