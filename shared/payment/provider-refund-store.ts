import type { CreditNoteId, PaymentId } from '../kernel/ids.ts';
import { type Instant, instant } from '../kernel/time.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, prefixes, queuePartition, versionSlot } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { Doing } from './charge-back-store.ts';
import type { Payment, PaymentMethod } from './payment.ts';
import {
  advanceRefund,
  goesByProvider,
  isUnderWay,
  ProviderRefund,
  type RefundName,
  type RefundNews,
} from './provider-refund.ts';
import { failedRefundActions } from './undo-refund-store.ts';

/** Each try loses only to other news of the refund, or to another change of its payment, that got through. */
const TRIES = 6;
const HOUR_MS = 3_600_000;

/**
 * The write that owes a refund of `payment` to its payer, for the transaction that records it: from then on it is sent, or
 * stands in a queue. None where the money did not come through a provider, or goes back another way.
 * @param refund `amount` in minor units; `method` is the way it goes
 */
export function oweRefund(
  payment: Payment,
  refund: {
    readonly amount: number;
    readonly method: PaymentMethod;
    readonly reason: string;
    readonly creditNoteId?: CreditNoteId | undefined;
  },
  at: Instant,
): Action[] {
  const { paymentId, customerId, provider, reference, currency, version } = payment;
  const { amount, method, reason, creditNoteId } = refund;
  if (provider === undefined || !goesByProvider(payment, method)) return [];
  const owed: ProviderRefund = {
    paymentId,
    slot: versionSlot(version + 1),
    customerId,
    ...(creditNoteId && { creditNoteId }),
    provider,
    providerPaymentId: reference,
    method,
    currency,
    amount,
    reason,
    state: 'pending',
    recordedAt: at,
    changedAt: at,
    version: 1,
  };
  return [saveRefund(owed, 'absent')];
}

/** Read consistently: it is the base of a change. Undefined where a fact tells of no refund that a provider makes. */
export async function loadProviderRefund(
  table: Table,
  { paymentId, slot }: RefundName,
): Promise<ProviderRefund | undefined> {
  const item = await table.get(keys.providerRefund(paymentId, slot), { consistent: true });
  return item && providerRefundOf(item);
}

/** All refunds of a payment that its provider makes, oldest first. */
export async function loadRefundsOf(table: Table, paymentId: PaymentId): Promise<ProviderRefund[]> {
  const items = await queryAll(table, {
    partition: paymentId,
    prefix: prefixes.providerRefund,
    consistent: true,
  });
  return items.map(providerRefundOf);
}

/**
 * Notes what is heard of a refund, once, however often and in whatever order it is told. One that failed is undone in the
 * same transaction.
 * @returns the refund as it is now and whether that is new; undefined where there is no such refund
 * @throws DomainError `version_conflict` and `table_busy` when others are always faster
 */
export function noteRefundNews(
  table: Table,
  name: RefundName,
  news: RefundNews,
  doing: Doing,
): Promise<{ refund: ProviderRefund; isNew: boolean } | undefined> {
  return onFreshRead(async () => {
    const refund = await loadProviderRefund(table, name);
    if (!refund) return undefined;
    const next = advanceRefund(refund, news, doing.at);
    if (!next) return { refund, isNew: false };
    const save = saveRefund(next, refund.version);
    await commit(table, next.state === 'failed' ? [save, ...(await undone(table, next, doing))] : [save]);
    return { refund: next, isNew: true };
  }, TRIES);
}

/** Refunds that were recorded `hours` ago or longer, and are not sent or nothing was heard of since. */
export async function loadRefundsUnderWay(
  table: Table,
  at: Instant,
  hours: number,
): Promise<ProviderRefund[]> {
  const until = instant(Date.parse(at) - hours * HOUR_MS);
  return (await waiting(table, 'provider-refund', until)).filter(isUnderWay);
}

/** Refunds that failed and whose money still waits, the oldest first. */
export async function loadFailedRefunds(table: Table): Promise<ProviderRefund[]> {
  const found = await waiting(table, 'failed-refund');
  return found
    .filter(({ state, closedAt }) => state === 'failed' && closedAt === undefined)
    .sort((one, other) => one.changedAt.localeCompare(other.changedAt));
}

/** Takes a refund that failed out of its queue: its money was given back another way, or used. */
export function closeFailedRefund(table: Table, refund: ProviderRefund, at: Instant): Promise<void> {
  const next = { ...refund, closedAt: at, version: refund.version + 1 };
  return commit(table, [saveRefund(next, refund.version)]);
}

function undone(table: Table, refund: ProviderRefund, doing: Doing): Promise<Action[]> {
  const { paymentId, creditNoteId, slot, amount, providerRefundId, providerPaymentId } = refund;
  const { failure = 'The provider does not say why' } = refund;
  const reference = providerRefundId ?? providerPaymentId;
  return failedRefundActions(
    table,
    { paymentId, creditNoteId, refund: slot, amount, reason: failure, reference },
    doing,
  );
}

async function waiting(
  table: Table,
  queue: 'provider-refund' | 'failed-refund',
  to?: string,
): Promise<ProviderRefund[]> {
  const found = await queryQueue(table, queue, to === undefined ? {} : { to });
  return (await table.getMany(found, { consistent: true })).map(providerRefundOf);
}

function saveRefund(next: ProviderRefund, expecting: number | 'absent'): Action {
  const queue = queueOf(next);
  return {
    do: 'put',
    item: {
      ...keys.providerRefund(next.paymentId, next.slot),
      ...next,
      ...(queue && { DPK: queuePartition(queue, next.customerId), DSK: next.changedAt }),
    },
    when: [
      expecting === 'absent'
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('refund'),
  };
}

function queueOf(refund: ProviderRefund): 'provider-refund' | 'failed-refund' | undefined {
  if (isUnderWay(refund)) return 'provider-refund';
  return refund.state === 'failed' && refund.closedAt === undefined ? 'failed-refund' : undefined;
}

/** @throws ZodError when the item is no refund */
function providerRefundOf(item: Item): ProviderRefund {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, ...refund } = item;
  return ProviderRefund.parse(refund);
}
