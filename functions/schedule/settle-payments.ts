import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { endSingleDebits } from '#shared/direct-debit/single-debits-store.ts';
import { logLine } from '#shared/http/log-line.ts';
import { loadOpenCredit } from '#shared/invoice/invoice-store.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn, type Instant, instant } from '#shared/kernel/time.ts';
import { loadAttemptsToAsk, noteAsked } from '#shared/payment/attempt-store.ts';
import { paymentPolicy } from '#shared/payment/payment-attempt.ts';
import { loadPayment } from '#shared/payment/payment-store.ts';
import { providerOf, stripeOf } from '#shared/payment/provider-client.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import type { ProviderRefund } from '#shared/payment/provider-refund.ts';
import {
  closeFailedRefund,
  loadFailedRefunds,
  loadRefundsUnderWay,
} from '#shared/payment/provider-refund-store.ts';
import { sendRefund } from '#shared/payment/send-refund-store.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

/** Stripe takes 100 reads a second of an account; some 200 ms each, so well below. */
const CONCURRENT_ASKS = 10;
const ACTOR = 'settle-payments';
/** By then its event has woken `send-refund`, and that has tried three times. */
const REFUND_HOURS = 1;

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const provider = providerOf(process.env);
const publicUrl = z.url().parse(process.env['PUBLIC_URL']);
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');
const stripe = process.env['PAYMENT_PROVIDER'] === 'stripe' ? stripeOf(process.env) : undefined;

/**
 * Each morning: asks the provider about payments that nothing was heard of for longer than the policy says, and applies
 * what it answers as if it had been told: a webhook that never came costs a day, not the money. What the provider does
 * not know is `unknown`, and asked about again. Refunds that are under way it sends or asks about as well. Direct debit
 * runs whose money came debit by debit are over.
 * @throws AggregateError when some could not be noted: running again asks about those
 */
export async function handler(event: unknown): Promise<{ asked: number; settled: number }> {
  const at = instant(Event.parse(event).scheduledTime);
  const settling = await Promise.allSettled([settleAttempts(at), settleRefunds(at), endRuns(at)]);
  const failures = settling.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0)
    throw new AggregateError(failures, 'not all payments, refunds and direct debit runs could be settled');
  const done = settling.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return {
    asked: done.reduce((sum, { asked }) => sum + asked, 0),
    settled: done.reduce((sum, { settled }) => sum + settled, 0),
  };
}

/** Runs of which the bank brought the last debit on a line of its own. */
async function endRuns(at: Instant): Promise<Settled> {
  const settled = await endSingleDebits(table, { today: dateIn(timeZone, at), at, actor: ACTOR });
  return { asked: 0, settled };
}

type Settled = { readonly asked: number; readonly settled: number };

async function settleAttempts(at: Instant): Promise<Settled> {
  const { policy } = await policyInForce(table, paymentPolicy, dateIn(timeZone, at));
  const attempts = await loadAttemptsToAsk(table, at, policy.askAfterHours);
  const asking = await provider();
  const { name } = asking;
  const own = attempts.filter((attempt) => attempt.provider === name);
  let settled = 0;
  await eachLimited(own, CONCURRENT_ASKS, async (attempt) => {
    const answer = await orUnknown(asking.askAbout(attempt, at));
    if (answer === undefined || answer.type === 'payment_pending') {
      await noteAsked(table, attempt, answer ? 'pending' : 'unknown', { at, by: ACTOR });
      return;
    }
    const told =
      stripe && answer.type === 'payment_succeeded'
        ? await (await stripe()).provider.complete(answer)
        : answer;
    await applyProviderEvent(table, name, told, { at, by: ACTOR, timeZone });
    settled += 1;
  });
  return { asked: own.length, settled };
}

/** What was recorded and never sent, or not answered, is sent again; of what was sent the provider says what it came to. */
async function settleRefunds(at: Instant): Promise<Settled> {
  const [asking, secret] = await Promise.all([provider(), secretOf()]);
  const refunds = await loadRefundsUnderWay(table, at, REFUND_HOURS);
  const own = refunds.filter((refund) => refund.provider === asking.name);
  let settled = 0;
  const sending = { at, by: ACTOR, timeZone, provider: asking, access: { publicUrl, secret, at } };
  await eachLimited(own, CONCURRENT_ASKS, async (refund) => {
    const state = await orUnknown(sendRefund(table, refund, sending));
    if (state === 'succeeded' || state === 'failed') settled += 1;
  });
  await eachLimited(await loadFailedRefunds(table), CONCURRENT_ASKS, async (refund) => {
    if ((await unusedOf(refund)) < refund.amount) await closeFailedRefund(table, refund, at);
  });
  return { asked: own.length, settled };
}

/** What of the credit note or payment a refund was of is not used. Minor units. */
async function unusedOf({ paymentId, creditNoteId }: ProviderRefund): Promise<number> {
  const source = creditNoteId
    ? await loadOpenCredit(table, creditNoteId)
    : await loadPayment(table, paymentId, { consistent: true });
  return source?.unapplied ?? 0;
}

/** A provider that does not answer, or refuses to, does not know. */
async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    logLine('WARN', 'provider did not say', { code: error.code });
    return undefined;
  }
}
