import * as z from 'zod';
import { loadOpenItem, loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { InvoiceId, newId, PaymentId } from '../kernel/ids.ts';
import { dateIn } from '../kernel/time.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, prefixes } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { attemptActions, loadAttempt, newAttempt } from './attempt-store.ts';
import { type Doing, restoreActions, takeBackActions } from './charge-back-store.ts';
import { effectMarks } from './effect-mark-store.ts';
import { allocatedBy, type Payment } from './payment.ts';
import { advanceAttempt } from './payment-attempt.ts';
import { loadPayment, paymentActions, unchanged } from './payment-store.ts';
import type { FailedPayment, PaymentEffect, PendingPayment, SucceededPayment } from './provider.ts';
import {
  type AppliedEffect,
  effectName,
  nextEffect,
  ProviderEffect,
  restorable,
  type WaitingEffect,
  waitingEffect,
} from './provider-effect.ts';
import { allocateShares, allocateTo, recordPayment } from './record-payment.ts';
import { refundActions } from './refund-store.ts';

/** Each try loses only to another payment of the same invoice, or another event of this payment, that got through. */
const TRIES = 6;

/** An effect whose payment never comes (of another system on the same provider account) is forgotten after that long. */
const KEEP_WAITING_SECONDS = 400 * 86_400;

const Claim = z.looseObject({ paymentId: PaymentId, invoiceId: InvoiceId.optional() });

/** What an event came to: `kept` waits for the payment it belongs to. */
export type Applied = { readonly result: 'applied' | 'repeated' | 'kept'; readonly paymentId?: PaymentId };

/**
 * Applies what a provider says of a payment, once for ever, however often and in whatever order it is told: its own
 * payment id is a permanent key, claimed in the transaction of the payment, and what becomes of the payment later is
 * kept beside the claim until it can be applied.
 * @param provider name of the provider
 * @throws DomainError `invoice_not_found`, `currency_mismatch`, or `version_conflict` and `table_busy` when many others
 * pay at once: the provider should send the event again
 */
export async function applyProviderEvent(
  table: Table,
  provider: string,
  event: SucceededPayment | PendingPayment | FailedPayment | PaymentEffect,
  doing: Doing,
): Promise<Applied> {
  switch (event.type) {
    case 'payment_succeeded': {
      const applied = await onFreshRead(() => recordSucceeded(table, provider, event, doing), TRIES);
      await applyEffects(table, provider, event.providerPaymentId, doing);
      return applied;
    }
    case 'payment_effect': {
      const isNew = await keepEffect(table, provider, event, doing);
      const paymentId = await applyEffects(table, provider, event.providerPaymentId, doing);
      if (!isNew) return { result: 'repeated', ...(paymentId && { paymentId }) };
      return paymentId ? { result: 'applied', paymentId } : { result: 'kept' };
    }
    case 'payment_pending':
    case 'payment_failed':
      return onFreshRead(async () => {
        const actions = await attemptNews(table, provider, event, doing);
        if (actions.length > 0) await commit(table, actions);
        return { result: actions.length > 0 ? 'applied' : 'repeated' } as const;
      }, TRIES);
    default:
      return event satisfies never;
  }
}

/**
 * As much as is owed goes to the invoice, or to each of several as the payer chose when the attempt began; the rest stays
 * on the customer's account.
 */
async function recordSucceeded(
  table: Table,
  provider: string,
  event: SucceededPayment,
  doing: Doing,
): Promise<Applied> {
  const { providerPaymentId, invoiceId, amount, currency, fee, method = 'card' } = event;
  const key = keys.paymentReference(provider, providerPaymentId);
  const [known, item, attempt] = await Promise.all([
    table.get(key, { consistent: true }),
    loadOpenItem(table, invoiceId),
    event.checkoutKey === undefined ? undefined : loadAttempt(table, provider, event.checkoutKey),
  ]);
  if (known) return { result: 'repeated', paymentId: Claim.parse(known).paymentId };
  if (!item) throw new DomainError('invoice_not_found', `There is no invoice ${invoiceId} to be paid.`);
  const { customerId } = item;
  const shares = attempt?.invoices;
  const others = shares?.filter((share) => share.invoiceId !== invoiceId) ?? [];
  const items = [
    item,
    ...(await loadOpenItems(
      table,
      others.map((share) => share.invoiceId),
    )),
  ];
  const paymentId = newId('pay', doing.at);
  const recorded = recordPayment(
    {
      customerId,
      method,
      currency,
      amount,
      ...(fee !== undefined && fee > 0 && { fee }),
      reference: providerPaymentId,
      allocations: shares ? allocateShares(items, shares, amount) : allocateTo(item, amount),
    },
    item,
    items,
    { paymentId, at: doing.at, today: dateIn(doing.timeZone, doing.at), by: doing.by },
  );
  await commit(table, [
    // Lost to another delivery of the same event: the fresh read then finds its payment.
    {
      do: 'put',
      item: { ...key, paymentId, invoiceId },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('payment'),
    },
    ...paymentActions(recorded),
    ...(await attemptNews(table, provider, event, doing)),
  ]);
  return { result: 'applied', paymentId };
}

/** The writes that bring the attempt of an event's checkout up to date; none where it says nothing new. */
async function attemptNews(
  table: Table,
  provider: string,
  event: SucceededPayment | PendingPayment | FailedPayment,
  { at, by }: Doing,
): Promise<Action[]> {
  const { checkoutKey, providerPaymentId } = event;
  if (checkoutKey === undefined) return [];
  const state = stateOf[event.type];
  const news = {
    state,
    ...(event.type === 'payment_pending' && { processing: true as const }),
    ...(providerPaymentId !== undefined && { providerPaymentId }),
    ...(event.type === 'payment_failed' && event.reason !== undefined && { reason: event.reason }),
  };
  const attempt = await loadAttempt(table, provider, checkoutKey);
  if (attempt) {
    const next = advanceAttempt(attempt, news);
    return next ? attemptActions(next, attempt.version, { at, by }) : [];
  }
  const item = await loadOpenItem(table, event.invoiceId);
  if (!item) throw new DomainError('invoice_not_found', `There is no invoice ${event.invoiceId} to be paid.`);
  const started = newAttempt(provider, { ...event, key: checkoutKey, customerId: item.customerId }, at);
  const next = advanceAttempt(started, news);
  return attemptActions({ ...(next ?? started), version: 1 }, 'absent', { at, by });
}

const stateOf = {
  payment_pending: 'pending',
  payment_failed: 'failed',
  payment_succeeded: 'succeeded',
} as const;

/** @returns false where it was told of before */
async function keepEffect(
  table: Table,
  provider: string,
  event: PaymentEffect,
  { at }: Doing,
): Promise<boolean> {
  const effect = waitingEffect(event, at);
  const key = keys.providerEffect(provider, event.providerPaymentId, effectName(effect));
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
async function applyEffects(
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
  /** Of a dispute won, or the one that was told before a refund that came about before it. */
  readonly chargeBack?: AppliedEffect;
};

/** One effect in one transaction. What is not there any more can't be taken: it was refunded or reversed by hand. */
async function applyEffect(table: Table, application: Application, doing: Doing): Promise<void> {
  const { claim, payment, effect, chargeBack } = application;
  const { amount, reason, effectId, kind } = effect;
  const isWon = kind === 'charge_back_won';
  const available = isWon
    ? Math.min(chargeBack ? restorable(chargeBack) : 0, payment.reversed ?? 0)
    : payment.unapplied + allocatedBy(payment.allocations);
  const taken = Math.min(amount, available);
  const marks = effectMarks(application, taken, doing.at);
  if (taken === 0) return commit(table, [...marks, unchanged(payment)]);
  const change = { amount: taken, reason, reference: effectId };
  if (isWon) {
    const { invoiceId } = claim;
    return commit(table, [
      ...marks,
      ...(await restoreActions(table, payment, { ...change, invoiceId }, doing)),
    ]);
  }
  if (kind === 'refund' && taken <= payment.unapplied) {
    const { by, at, timeZone } = doing;
    return commit(table, [...marks, ...refundActions(payment, change, { actor: by, at, timeZone }).actions]);
  }
  // A refund of money that had settled an invoice: the provider gave it back, so the invoice is owed again. It is disputed
  // where the payment is, as if the charge-back had been told after the refund.
  const taking =
    kind === 'refund'
      ? { ...change, kind: 'returned' as const, disputed: chargeBack?.reason }
      : { ...change, kind: 'chargeback' as const, disputed: reason };
  await commit(table, [...marks, ...(await takeBackActions(table, payment, taking, doing))]);
}

async function loadEffects(table: Table, partition: string): Promise<ProviderEffect[]> {
  const prefix = prefixes.providerEffect;
  return (await queryAll(table, { partition, prefix, consistent: true })).map(effectOf);
}

function effectOf(item: Item): ProviderEffect {
  const { PK: _pk, SK: _sk, ttl: _ttl, ...effect } = item;
  return ProviderEffect.parse(effect);
}
