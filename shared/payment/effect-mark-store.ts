import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Condition } from '../table/table.ts';
import type { Payment } from './payment.ts';
import {
  type AppliedEffect,
  effectName,
  keepFor,
  type ProviderEffect,
  type WaitingEffect,
} from './provider-effect.ts';

/** An effect that is about to be applied, beside which payment, and with which charge-back; see `nextEffect`. */
type Marked = {
  readonly provider: string;
  readonly providerPaymentId: string;
  readonly payment: Pick<Payment, 'paymentId'>;
  readonly effect: WaitingEffect;
  readonly before?: AppliedEffect;
};

/**
 * The writes that make an effect applied, and of its charge-back what it means for that, for the transaction of what it does
 * to the payment. They are refused with `version_conflict` where another was faster.
 * @param how it was applied
 */
export function effectMarks(
  { provider, providerPaymentId, payment, effect, before: chargeBack }: Marked,
  how: Pick<AppliedEffect, 'taken' | 'as' | 'allocations'>,
  at: Instant,
): Action[] {
  const keyOf = (of: ProviderEffect) => keys.providerEffect(provider, providerPaymentId, effectName(of));
  const applied = {
    ...effect,
    state: 'applied',
    paymentId: payment.paymentId,
    ...how,
    appliedAt: at,
  } as const;
  const mark: Action = {
    do: 'put',
    item: { ...keyOf(effect), ...applied },
    when: [{ attribute: 'state', is: 'equal', value: 'waiting' }],
    refusal: versionConflict('payment'),
  };
  if (chargeBack?.kind !== 'charge_back') return [mark];
  const short = effect.amount - how.taken;
  const isWon = effect.kind === 'charge_back_won';
  if (!isWon && short === 0) return [mark];
  const next = isWon ? { ...chargeBack, won: true } : keepFor(chargeBack, short);
  // Of a refund and a dispute won at the same moment, the later sees what the other meant: it reads again.
  const asRead: Condition[] = [
    { attribute: 'won', is: 'absent' },
    chargeBack.kept === undefined
      ? { attribute: 'kept', is: 'absent' }
      : { attribute: 'kept', is: 'equal', value: chargeBack.kept },
  ];
  return [
    mark,
    {
      do: 'put',
      item: { ...keyOf(chargeBack), ...next },
      when: asRead,
      refusal: versionConflict('payment'),
    },
  ];
}
