import * as z from 'zod';
import { PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { effectKinds, type PaymentEffect } from './provider.ts';

const told = {
  kind: z.enum(effectKinds),
  effectId: z.string(),
  amount: Minor.min(1),
  currency: Currency,
  reason: z.string(),
  seenAt: Instant,
};

/**
 * A refund, charge-back or dispute won as a provider told of it, kept beside the claim on its payment: it waits for what
 * it needs, and is applied once. `taken` is what it took of the payment or gave back to it, at most `amount`: what was
 * refunded or reversed by hand before is not taken again. Minor units.
 */
export const ProviderEffect = z.discriminatedUnion('state', [
  z.strictObject({ ...told, state: z.literal('waiting') }),
  z.strictObject({
    ...told,
    state: z.literal('applied'),
    paymentId: PaymentId,
    taken: Minor.min(0),
    appliedAt: Instant,
  }),
]);
export type ProviderEffect = z.infer<typeof ProviderEffect>;
export type WaitingEffect = Extract<ProviderEffect, { state: 'waiting' }>;

/** An effect as it is told of first. */
export function waitingEffect(event: PaymentEffect, at: Instant): WaitingEffect {
  const { kind, effectId, amount, currency, reason } = event;
  return { kind, effectId, amount, currency, reason, seenAt: at, state: 'waiting' };
}

/** The name of an effect beside its payment: a dispute and its end are two. */
export const effectName = ({ kind, effectId }: Pick<ProviderEffect, 'kind' | 'effectId'>) =>
  `${kind}#${effectId}`;

/**
 * The effect to apply next to a payment in `currency`, and for a dispute won what its charge-back took. Refunds come
 * first and a dispute won after its charge-back, whatever was told first. One in another currency waits for ever.
 */
export function nextEffect(
  effects: readonly ProviderEffect[],
  currency: Currency,
): { effect: WaitingEffect; toRestore?: number } | undefined {
  for (const kind of effectKinds) {
    for (const effect of effects) {
      if (effect.state !== 'waiting' || effect.kind !== kind || effect.currency !== currency) continue;
      if (kind !== 'charge_back_won') return { effect };
      const lost = effects.find(
        (other) => other.kind === 'charge_back' && other.effectId === effect.effectId,
      );
      if (lost?.state === 'applied') return { effect, toRestore: lost.taken };
    }
  }
  return undefined;
}
