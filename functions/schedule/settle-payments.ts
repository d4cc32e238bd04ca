import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { logLine } from '#shared/http/log-line.ts';
import { eachLimited } from '#shared/kernel/each-limited.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn, instant } from '#shared/kernel/time.ts';
import { loadAttemptsToAsk, noteAsked } from '#shared/payment/attempt-store.ts';
import { providerOf, stripeOf } from '#shared/payment/provider-client.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

/** Stripe takes 100 reads a second of an account; some 200 ms each, so well below. */
const CONCURRENT_ASKS = 10;
const ACTOR = 'settle-payments';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const provider = providerOf(process.env);
const stripe = process.env['PAYMENT_PROVIDER'] === 'stripe' ? stripeOf(process.env) : undefined;

/**
 * Each morning: asks the provider about payments that nothing was heard of for longer than the policy says, and applies
 * what it answers as if it had been told: a webhook that never came costs a day, not the money. What the provider does
 * not know is `unknown`, and asked about again.
 * @throws AggregateError when some could not be noted: running again asks about those
 */
export async function handler(event: unknown): Promise<{ asked: number; settled: number }> {
  const at = instant(Event.parse(event).scheduledTime);
  const { policy } = await policyInForce(table, 'payment', dateIn(timeZone, at));
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
