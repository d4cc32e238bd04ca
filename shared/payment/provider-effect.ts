import * as z from 'zod';
import { InvoiceId, PaymentId } from '../kernel/ids.ts';
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
    /** Of a refund: whether it was of money not used, or of what had settled invoices. */
    as: z.enum(['refund', 'reversal']).optional(),
    /** What of `taken` had settled invoices, so that it does again when it comes back. */
    allocations: z.array(z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1) })).optional(),
    appliedAt: Instant,
  }),
]);
export type ProviderEffect = z.infer<typeof ProviderEffect>;
export type WaitingEffect = Extract<ProviderEffect, { state: 'waiting' }>;

export type AppliedEffect = Extract<ProviderEffect, { state: 'applied' }>;

/** The effects of one event as they are told of first: what the provider keeps for a dispute is an effect of its own. */
export function waitingEffects(event: PaymentEffect, at: Instant): WaitingEffect[] {
  const { kind, effectId, amount, currency, reason, fees = [] } = event;
  const told = { currency, reason, seenAt: at, state: 'waiting' } as const;
  return [
    { ...told, kind, effectId, amount },
    ...fees.map(({ id, kept }) => ({
      ...told,
      kind: kept < 0 ? ('fee_back' as const) : ('fee' as const),
      effectId: id,
      amount: Math.abs(kept),
    })),
  ];
}

/** The name of an effect beside its payment: a dispute and its end are two. */
export const effectName = ({ kind, effectId }: Pick<ProviderEffect, 'kind' | 'effectId'>) =>
  `${kind}#${effectId}`;

/** What an effect takes back, by its kind. */
const undoes: Partial<Record<ProviderEffect['kind'], ProviderEffect['kind']>> = {
  refund_failed: 'refund',
  charge_back_won: 'charge_back',
};

/**
 * The effect to apply next to a payment in `currency`; `before`: for one that takes another back that other, for a refund a
 * charge-back that was told before it and is not won. Refunds come first and a dispute won after its charge-back, whatever
 * was told first. One in another currency waits for ever.
 */
export function nextEffect(
  effects: readonly ProviderEffect[],
  currency: Currency,
): { effect: WaitingEffect; before?: AppliedEffect } | undefined {
  for (const kind of effectKinds) {
    for (const effect of effects) {
      if (effect.state !== 'waiting' || effect.kind !== kind || effect.currency !== currency) continue;
      if (kind === 'refund') {
        const standing = effects.find(
          (other): other is AppliedEffect =>
            other.kind === 'charge_back' && other.state === 'applied' && !other.won,
        );
        return { effect, ...(standing && { before: standing }) };
      }
      const undone = undoes[kind];
      if (undone === undefined) return { effect };
      const before = effects.find((other) => other.kind === undone && other.effectId === effect.effectId);
      if (before?.state === 'applied') return { effect, before };
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
