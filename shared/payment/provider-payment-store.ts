import { loadOpenItem, loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn } from '../kernel/time.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { attemptActions, loadAttempt, newAttempt } from './attempt-store.ts';
import type { Doing } from './charge-back-store.ts';
import { advanceAttempt } from './payment-attempt.ts';
import { paymentActions } from './payment-store.ts';
import type {
  FailedPayment,
  PaymentEffect,
  PendingPayment,
  RefundEvent,
  SucceededPayment,
} from './provider.ts';
import { type Applied, applyEffects, Claim, takeEffect } from './provider-effect-store.ts';
import { isSameRefund, type ProviderRefund, refundNamed } from './provider-refund.ts';
import { loadProviderRefund, loadRefundsOf, noteRefundNews } from './provider-refund-store.ts';
import { allocateShares, allocateTo, recordPayment } from './record-payment.ts';

/** Each try loses only to another payment of the same invoice, or another event of this payment, that got through. */
const TRIES = 6;

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
  event: SucceededPayment | PendingPayment | FailedPayment | PaymentEffect | RefundEvent,
  doing: Doing,
): Promise<Applied> {
  switch (event.type) {
    case 'payment_succeeded': {
      const applied = await onFreshRead(() => recordSucceeded(table, provider, event, doing), TRIES);
      await applyEffects(table, provider, event.providerPaymentId, doing);
      return applied;
    }
    case 'payment_effect':
      return takeEffect(table, provider, event, doing);
    case 'refund_news': {
      const own = await noteOwnRefund(table, provider, event, doing);
      if (own) return own;
      // It may fail until it is done, and the money stays so long.
      if (event.state === 'sent') return { result: 'ignored' };
      const { type: _type, state, refundKey: _key, providerRefundId: effectId, ...told } = event;
      const kind = state === 'failed' ? 'refund_failed' : 'refund';
      return takeEffect(table, provider, { type: 'payment_effect', kind, effectId, ...told }, doing);
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
      provider,
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

/**
 * News of a refund that we asked for: known by the key the provider was given, which is on record before it is asked, or by
 * the id it answered with. So it is never taken of the payment a second time, whichever comes first, news or answer.
 * @returns undefined where it is none of ours
 */
async function noteOwnRefund(
  table: Table,
  provider: string,
  event: RefundEvent,
  doing: Doing,
): Promise<Applied | undefined> {
  const { providerPaymentId, providerRefundId, state, reason } = event;
  const found = await ownRefund(table, provider, event);
  if (!found || !isSameRefund(found, { provider, providerPaymentId, providerRefundId })) return undefined;
  const news = { state, providerRefundId, ...(state === 'failed' && { failure: reason }) };
  const noted = await noteRefundNews(table, found, news, doing);
  return { result: noted?.isNew ? 'applied' : 'repeated', paymentId: found.paymentId };
}

async function ownRefund(
  table: Table,
  provider: string,
  { refundKey, providerPaymentId, providerRefundId }: RefundEvent,
): Promise<ProviderRefund | undefined> {
  const name = refundKey === undefined ? undefined : refundNamed(refundKey);
  if (name) return loadProviderRefund(table, name);
  const claim = await table.get(keys.paymentReference(provider, providerPaymentId), { consistent: true });
  if (!claim) return undefined;
  const refunds = await loadRefundsOf(table, Claim.parse(claim).paymentId);
  return refunds.find((refund) => refund.providerRefundId === providerRefundId);
}
