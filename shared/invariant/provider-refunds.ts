import { isUnderWay, refundKeyOf } from '../payment/provider-refund.ts';
import { factsOf, type Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * D, for what goes back through providers: every refund of a provider's payment, by the way it came, is one that the
 * provider told of or one that is on record to be sent, of that amount, and waits in its queue exactly as long as it is
 * under way, or failed and not given back otherwise. One that failed was undone once, and no other was.
 */
export function* providerRefundsAreSent(picture: Picture): Generator<Violation> {
  const { payments, providerRefunds } = picture;
  const told = toldRefunds(picture);
  for (const { paymentId, provider, method } of payments.values()) {
    if (provider === undefined) continue;
    for (const { id, type, data } of factsOf(picture, paymentId)) {
      if (type !== 'payment.refunded' && type !== 'payment.paid_out') continue;
      const isTold = type === 'payment.refunded' && told.has(`${paymentId} ${data.reference}`);
      if (data.method !== method || isTold) continue;
      yield* unlessEqual('D', `to be sent of ${id}`, providerRefunds.get(id)?.refund.amount, data.amount);
    }
  }
  for (const [key, { refund, queue }] of providerRefunds) {
    const { paymentId, slot, state, closedAt, amount } = refund;
    yield* unlessEqual('D', `key of the refund ${key}`, refundKeyOf(refund), key);
    const about = factsOf(picture, paymentId);
    const fact = about.find((each) => each.slot === slot);
    if (fact?.type !== 'payment.refunded' && fact?.type !== 'payment.paid_out')
      yield { invariant: 'D', detail: `no fact tells of the refund ${key}` };
    const failed = about.filter(
      ({ type, data }) => type === 'payment.refund_failed' && data.refund === slot && data.amount === amount,
    );
    yield* unlessEqual('D', `how often ${key} was undone`, failed.length, state === 'failed' ? 1 : 0);
    const awaited = isUnderWay(refund)
      ? 'provider-refund'
      : state === 'failed' && closedAt === undefined
        ? 'failed-refund'
        : 'none';
    yield* unlessEqual('D', `queue of the refund ${key}`, queue ?? 'none', awaited);
  }
}

/** Refunds that providers told of, by payment and their own id. */
function toldRefunds({ effects }: Picture): Set<string> {
  return new Set(
    effects.flatMap(({ effect }) =>
      effect.state === 'applied' && effect.kind === 'refund'
        ? [`${effect.paymentId} ${effect.effectId}`]
        : [],
    ),
  );
}
