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
 * refunded or reversed by hand before is not taken again. `kept` is what of a charge-back does not come back when it is
 * won: a refund that came about before was told of later and found it gone. Minor units.
 */
export const ProviderEffect = z.discriminatedUnion('state', [
  z.strictObject({ ...told, state: z.literal('waiting') }),
  z.strictObject({
    ...told,
    state: z.literal('applied'),
    paymentId: PaymentId,
    taken: Minor.min(0),
    kept: Minor.min(1).optional(),
    /** A charge-back that was decided for us since. */
    won: z.literal(true).optional(),
    appliedAt: Instant,
  }),
]);
export type ProviderEffect = z.infer<typeof ProviderEffect>;
export type WaitingEffect = Extract<ProviderEffect, { state: 'waiting' }>;
export type AppliedEffect = Extract<ProviderEffect, { state: 'applied' }>;

/** An effect as it is told of first. */
export function waitingEffect(event: PaymentEffect, at: Instant): WaitingEffect {
  const { kind, effectId, amount, currency, reason } = event;
  return { kind, effectId, amount, currency, reason, seenAt: at, state: 'waiting' };
}

/** The name of an effect beside its payment: a dispute and its end are two. */
export const effectName = ({ kind, effectId }: Pick<ProviderEffect, 'kind' | 'effectId'>) =>
  `${kind}#${effectId}`;

/**
 * The effect to apply next to a payment in `currency`, for a dispute won with its charge-back, and for a refund with one that
 * was told before it and is not won. Refunds come first and a dispute won after its charge-back, whatever was told first. One
 * in another currency waits for ever.
 */
export function nextEffect(
  effects: readonly ProviderEffect[],
  currency: Currency,
): { effect: WaitingEffect; chargeBack?: AppliedEffect } | undefined {
  for (const kind of effectKinds) {
    for (const effect of effects) {
      if (effect.state !== 'waiting' || effect.kind !== kind || effect.currency !== currency) continue;
      if (kind === 'charge_back') return { effect };
      const chargeBack = effects.find((other): other is AppliedEffect => {
        if (other.kind !== 'charge_back' || other.state !== 'applied') return false;
        return kind === 'refund' ? !other.won : other.effectId === effect.effectId;
      });
      if (chargeBack) return { effect, chargeBack };
      if (kind === 'refund') return { effect };
    }
  }
  return undefined;
}

/** What of a charge-back comes back when it is won, minor units. */
export const restorable = ({ taken, kept = 0 }: AppliedEffect): number => taken - kept;

/** `chargeBack` once a refund of which `short` was not there any more was applied after it, minor units. */
export function keepFor(chargeBack: AppliedEffect, short: number): AppliedEffect {
  const kept = Math.min(chargeBack.taken, (chargeBack.kept ?? 0) + short);
  return { ...chargeBack, ...(kept > 0 && { kept }) };
}
