import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { InvoiceId, PaymentId } from '../kernel/ids.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { type Doing, restoreActions, takeBackActions } from './charge-back-store.ts';
import { effectMarks } from './effect-mark-store.ts';
import { allocatedBy, type Payment } from './payment.ts';
import { loadPayment, unchanged } from './payment-store.ts';
import type { PaymentEffect } from './provider.ts';
import {
  type AppliedEffect,
  effectName,
  nextEffect,
  ProviderEffect,
  restorable,
  type WaitingEffect,
  waitingEffects,
} from './provider-effect.ts';
import { feeActions } from './provider-fee-store.ts';
import { refundActions } from './refund-store.ts';
import type { Share } from './restore-payment.ts';
import { undoRefundActions } from './undo-refund-store.ts';

/** Each try loses only to another event of the payment, or another change of it, that got through. */
const TRIES = 6;

/** An effect whose payment never comes (of another system on the same provider account) is forgotten after that long. */
const KEEP_WAITING_SECONDS = 400 * 86_400;

/** That a provider's payment is one of ours. */
export const Claim = z.looseObject({ paymentId: PaymentId, invoiceId: InvoiceId.optional() });

/** What an event came to: `kept` waits for the payment it belongs to. */
export type Applied = {
  readonly result: 'applied' | 'repeated' | 'kept' | 'ignored';
  readonly paymentId?: PaymentId;
};

/** Keeps what becomes of a payment, each effect once, and applies what can be applied. */
export async function takeEffect(
  table: Table,
  provider: string,
  event: PaymentEffect,
  doing: Doing,
): Promise<Applied> {
  let isNew = false;
  for (const effect of waitingEffects(event, doing.at))
    isNew = (await keepEffect(table, provider, event.providerPaymentId, effect, doing)) || isNew;
  const paymentId = await applyEffects(table, provider, event.providerPaymentId, doing);
  if (!isNew) return { result: 'repeated', ...(paymentId && { paymentId }) };
  return paymentId ? { result: 'applied', paymentId } : { result: 'kept' };
}

/** @returns false where it was told of before */
async function keepEffect(
  table: Table,
  provider: string,
  providerPaymentId: string,
  effect: WaitingEffect,
  { at }: Doing,
): Promise<boolean> {
  const key = keys.providerEffect(provider, providerPaymentId, effectName(effect));
  if (await table.get(key, { consistent: true })) return false;
  try {
    await commit(table, [
      {
        do: 'put',
        item: { ...key, ...effect, ttl: Math.floor(Date.parse(at) / 1000) + KEEP_WAITING_SECONDS },
        when: [{ attribute: 'PK', is: 'absent' }],
        refusal: versionConflict('payment'),
      },
    ]);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'version_conflict') return false;
    throw error;
  }
}

/**
 * Applies all that waits for the payment, where that is there. Whoever writes the later of the two, payment or effect, reads
 * both afterwards, so that none is forgotten; and whoever comes second to an effect finds it applied.
 * @returns the payment
 */
export async function applyEffects(
  table: Table,
  provider: string,
  providerPaymentId: string,
  doing: Doing,
): Promise<PaymentId | undefined> {
  const claimKey = keys.paymentReference(provider, providerPaymentId);
  for (;;) {
    const { paymentId, more } = await onFreshRead(async () => {
      const { items } = await table.query({ partition: claimKey.PK, consistent: true });
      const found = items.find(({ SK }) => SK === claimKey.SK);
      if (!found) return { paymentId: undefined, more: false };
      const claim = Claim.parse(found);
      const effects = items.filter(({ SK }) => SK.startsWith(prefixes.providerEffect)).map(effectOf);
      if (effects.every(({ state }) => state === 'applied'))
        return { paymentId: claim.paymentId, more: false };
      const payment = await loadPayment(table, claim.paymentId, { consistent: true });
      if (!payment) throw new RangeError(`there is no payment ${claim.paymentId}`);
      // Read once more: whatever had changed the payment is then among its effects; what changes it since is a conflict.
      const next = nextEffect(await loadEffects(table, claimKey.PK), payment.currency);
      if (!next) return { paymentId: claim.paymentId, more: false };
      await applyEffect(table, { provider, providerPaymentId, claim, payment, ...next }, doing);
      return { paymentId: claim.paymentId, more: true };
    }, TRIES);
    if (!more) return paymentId;
  }
}

type Application = {
  readonly provider: string;
  readonly providerPaymentId: string;
  readonly claim: z.infer<typeof Claim>;
  readonly payment: Payment;
  readonly effect: WaitingEffect;
  /** The refund that failed, or the charge-back that was won. */
  readonly before?: AppliedEffect;
};

/** One effect in one transaction, and how it was applied. */
async function applyEffect(table: Table, application: Application, doing: Doing): Promise<void> {
  const { payment } = application;
  const { actions, ...how } = await effectActions(table, application, doing);
  const isUnchanged = how.taken === 0 ? [unchanged(payment)] : [];
  await commit(table, [...effectMarks(application, how, doing.at), ...isUnchanged, ...actions]);
}

type Effected = Pick<AppliedEffect, 'taken' | 'as' | 'allocations'> & { readonly actions: Action[] };

/** What is not there any more can't be taken, or given back: it was refunded or reversed by hand. */
async function effectActions(
  table: Table,
  { payment, effect, claim, before }: Application,
  doing: Doing,
): Promise<Effected> {
  const { amount, reason, effectId: reference, kind } = effect;
  switch (kind) {
    case 'fee':
    case 'fee_back':
      return { taken: amount, actions: feeActions(payment, effect, doing) };
    case 'charge_back_won':
    case 'refund_failed': {
      const wasRefund = kind === 'refund_failed' && before?.as !== 'reversal';
      const { refunded = 0, reversed = 0 } = payment;
      const taken = Math.min(amount, before ? restorable(before) : 0, wasRefund ? refunded : reversed);
      if (taken === 0) return { taken, actions: [] };
      const change = { amount: taken, reason, reference };
      if (wasRefund) return { taken, actions: undoRefundActions(payment, change, doing) };
      const shares = sharesOf(before?.allocations ?? [], taken, claim.invoiceId);
      return { taken, actions: await restoreActions(table, payment, { ...change, shares }, doing) };
    }
    case 'refund':
    case 'charge_back': {
      const taken = Math.min(amount, payment.unapplied + allocatedBy(payment.allocations));
      if (taken === 0) return { taken, actions: [] };
      const change = { amount: taken, reason, reference };
      if (kind === 'refund' && taken <= payment.unapplied) {
        const { by, at, timeZone } = doing;
        const { actions } = refundActions(payment, change, { actor: by, at, timeZone });
        return { taken, as: 'refund', actions };
      }
      // A refund of money that had settled an invoice: the provider gave it back, so the invoice is owed again.
      const why =
        kind === 'refund'
          ? { kind: 'returned' as const, disputed: before?.reason }
          : { kind: 'chargeback' as const, disputed: reason };
      return {
        taken,
        as: 'reversal',
        ...(await takeBackActions(table, payment, { ...change, ...why }, doing)),
      };
    }
    default:
      return kind satisfies never;
  }
}

async function loadEffects(table: Table, partition: string): Promise<ProviderEffect[]> {
  const prefix = prefixes.providerEffect;
  return (await queryAll(table, { partition, prefix, consistent: true })).map(effectOf);
}

/**
 * To each invoice what was taken of it; the rest to the one that was paid, as far as that is owed: a refund told late may have
 * taken of it what, told in order, it would have taken of what was not used.
 */
function sharesOf(taken: readonly Share[], amount: number, paid: InvoiceId | undefined): readonly Share[] {
  const rest = amount - taken.reduce((sum, share) => sum + share.amount, 0);
  if (paid === undefined || rest <= 0) return taken;
  const own = taken.find(({ invoiceId }) => invoiceId === paid)?.amount ?? 0;
  return [{ invoiceId: paid, amount: own + rest }, ...taken.filter(({ invoiceId }) => invoiceId !== paid)];
}

function effectOf(item: Item): ProviderEffect {
  const { PK: _pk, SK: _sk, ttl: _ttl, ...effect } = item;
  return ProviderEffect.parse(effect);
}
