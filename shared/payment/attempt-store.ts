import { recordFact } from '../fact/record-fact.ts';
import type { Instant } from '../kernel/time.ts';
import { instant } from '../kernel/time.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, queuePartition, queuePartitions, versionSlot } from '../table/keys.ts';
import { type Action, ConditionFailed, type Item, type Table } from '../table/table.ts';
import { askedAbout, PaymentAttempt } from './payment-attempt.ts';
import type { CheckoutRequest, PaymentProvider } from './provider.ts';

const HOUR_MS = 3_600_000;

/** Read consistently: it is the base of a change. */
export async function loadAttempt(
  table: Table,
  provider: string,
  checkoutKey: string,
): Promise<PaymentAttempt | undefined> {
  const item = await table.get(keys.paymentAttempt(provider, checkoutKey), { consistent: true });
  return item && attemptOf(item);
}

/**
 * The key of the next checkout for a balance: of the one under way, or of a new one where a provider ended the last.
 * `processing` where the payer has done their part already, and must not pay twice.
 */
export async function freshKey(
  table: Table,
  { name, endsOnFailure }: Pick<PaymentProvider, 'name' | 'endsOnFailure'>,
  balanceKey: string,
): Promise<{ key: string; processing: boolean }> {
  for (let round = 1; ; round++) {
    const key = round === 1 ? balanceKey : `${balanceKey}-${round}`;
    const attempt = await loadAttempt(table, name, key);
    if (attempt?.state !== 'failed' || !endsOnFailure)
      return { key, processing: attempt?.state !== 'failed' && attempt?.processing === true };
  }
}

/** Notes that a payer is sent to pay; where that was noted before, nothing changes. */
export async function startAttempt(
  table: Table,
  provider: string,
  request: CheckoutRequest,
  { at, by, sessionId }: { at: Instant; by: string; sessionId?: string | undefined },
): Promise<void> {
  const attempt = newAttempt(provider, request, at, sessionId);
  try {
    await table.transact(attemptActions(attempt, 'absent', { at, by }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** An attempt that starts at `at`. */
export function newAttempt(
  provider: string,
  request: Pick<CheckoutRequest, 'key' | 'invoiceId' | 'customerId' | 'amount' | 'currency'>,
  at: Instant,
  sessionId?: string,
): PaymentAttempt {
  const { key, invoiceId, customerId, amount, currency } = request;
  return {
    provider,
    checkoutKey: key,
    invoiceId,
    customerId,
    amount,
    currency,
    state: 'pending',
    ...(sessionId !== undefined && { sessionId }),
    startedAt: at,
    asked: 0,
    version: 1,
  };
}

/** The writes that make `next` the attempt, with the fact of it, for one transaction. */
export function attemptActions(
  next: PaymentAttempt,
  expecting: number | 'absent',
  { at, by }: { at: Instant; by: string },
): Action[] {
  const { provider, checkoutKey, invoiceId, customerId, amount, currency, state } = next;
  const { providerPaymentId, reason } = next;
  const subject = keys.paymentAttempt(provider, checkoutKey).PK;
  return [
    saveAttempt(next, expecting),
    recordFact('payment_attempt.changed', subject, versionSlot(next.version), {
      at,
      actor: by,
      customerId,
      data: {
        provider,
        checkoutKey,
        invoiceId,
        amount,
        currency,
        state,
        ...(providerPaymentId !== undefined && { providerPaymentId }),
        ...(reason !== undefined && { reason }),
      },
    }),
  ];
}

/** Notes that the provider was asked and nothing new was learned. @throws DomainError `version_conflict` */
export async function noteAsked(
  table: Table,
  attempt: PaymentAttempt,
  answer: 'pending' | 'unknown',
  moment: { at: Instant; by: string },
): Promise<void> {
  const next = askedAbout(attempt, answer, moment.at);
  await commit(table, attemptActions(next, attempt.version, moment));
}

/** All attempts that nothing was heard of for `hours`, by customer's shard and then the longest first. */
export async function loadAttemptsToAsk(table: Table, at: Instant, hours: number): Promise<PaymentAttempt[]> {
  const until = instant(Date.parse(at) - hours * HOUR_MS);
  const due: Item[] = [];
  for (const partition of queuePartitions('payment-attempt')) {
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      const page = await table.query({ index: 'byDue', partition, to: until, ...(after && { after }) });
      due.push(...page.items);
      after = page.next;
    } while (after);
  }
  return (await table.getMany(due, { consistent: true })).map(attemptOf).filter(isOpen);
}

function saveAttempt(next: PaymentAttempt, expecting: number | 'absent'): Action {
  return {
    do: 'put',
    item: {
      ...keys.paymentAttempt(next.provider, next.checkoutKey),
      ...next,
      ...(isOpen(next) && {
        DPK: queuePartition('payment-attempt', next.customerId),
        DSK: next.askedAt ?? next.startedAt,
      }),
    },
    when: [
      expecting === 'absent'
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('payment attempt'),
  };
}

const isOpen = ({ state }: PaymentAttempt) => state === 'pending' || state === 'unknown';

/** @throws ZodError when the item is no attempt */
function attemptOf(item: Item): PaymentAttempt {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, ...attempt } = item;
  return PaymentAttempt.parse(attempt);
}
