import { factsOf, type Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * D, for what providers tell of: a refund, charge-back or dispute won that was applied was applied to a payment that is
 * there and took no more than it said. An attempt waits in its queue exactly as long as it is not decided, and its facts
 * are one for each version.
 */
export function* providerPaymentsAddUp(picture: Picture): Generator<Violation> {
  const { effects, attempts, payments } = picture;
  for (const { key, effect } of effects) {
    if (effect.state === 'waiting') continue;
    const name = `${effect.kind} ${effect.effectId} of ${key}`;
    if (!payments.has(effect.paymentId))
      yield { invariant: 'D', detail: `${name} was applied to ${effect.paymentId}, which is not there` };
    if (effect.taken > effect.amount)
      yield { invariant: 'D', detail: `${name} took ${effect.taken} of ${effect.amount}` };
    if (effect.kept !== undefined && effect.kept > effect.taken)
      yield { invariant: 'D', detail: `${name} keeps ${effect.kept} of ${effect.taken}` };
  }
  for (const [subject, { attempt, queued }] of attempts) {
    const isOpen = attempt.state === 'pending' || attempt.state === 'unknown';
    yield* unlessEqual('D', `whether ${subject} waits to be asked about`, String(queued), String(isOpen));
    yield* unlessEqual('F', `facts of ${subject}`, factsOf(picture, subject).length, attempt.version);
  }
}
