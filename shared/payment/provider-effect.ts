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
 * The effect to apply next to a payment in `currency`, for a dispute won what its charge-back took, and for a refund why the
 * payment is disputed where that was told first. Refunds come first and a dispute won after its charge-back, whatever was
 * told first. One in another currency waits for ever.
 */
export function nextEffect(
  effects: readonly ProviderEffect[],
  currency: Currency,
): { effect: WaitingEffect; toRestore?: number; disputed?: string } | undefined {
  for (const kind of effectKinds) {
    for (const effect of effects) {
      if (effect.state !== 'waiting' || effect.kind !== kind || effect.currency !== currency) continue;
      if (kind === 'refund') {
        const disputed = standingChargeBack(effects)?.reason;
        return { effect, ...(disputed !== undefined && { disputed }) };
      }
      if (kind !== 'charge_back_won') return { effect };
      const lost = effects.find(
        (other) => other.kind === 'charge_back' && other.effectId === effect.effectId,
      );
      if (lost?.state === 'applied')
        return { effect, toRestore: Math.max(0, lost.taken - takenForRefunds(effects)) };
    }
  }
  return undefined;
}

/** A charge-back that took money and was not won. */
function standingChargeBack(effects: readonly ProviderEffect[]): ProviderEffect | undefined {
  const has = (kind: ProviderEffect['kind'], effectId: string) =>
    effects.some(
      (effect) => effect.state === 'applied' && effect.kind === kind && effect.effectId === effectId,
    );
  return effects.find(
    ({ kind, effectId }) =>
      kind === 'charge_back' && has('charge_back', effectId) && !has('charge_back_won', effectId),
  );
}

/**
 * Minor units that charge-backs took although they had been refunded before: a refund told of later found them gone. They
 * don't come back with a dispute won; what was kept of one already is kept.
 */
function takenForRefunds(effects: readonly ProviderEffect[]): number {
  const applied = effects.filter((effect) => effect.state === 'applied');
  let taken = 0;
  for (const { kind, effectId, amount, taken: own } of applied) {
    if (kind === 'refund') taken += amount - own;
    if (kind !== 'charge_back_won') continue;
    const lost = applied.find((other) => other.kind === 'charge_back' && other.effectId === effectId);
    taken -= (lost?.taken ?? own) - own;
  }
  return Math.max(0, taken);
}
