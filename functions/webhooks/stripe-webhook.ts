import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { logLine } from '#shared/http/log-line.ts';
import * as api from '#shared/payment/payment-api.ts';
import { stripeOf } from '#shared/payment/provider-client.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const stripe = stripeOf(process.env);

/** Answers with 200 once nothing is left to do, so that Stripe sends an event again until then. */
const receive = operation(api.receiveStripeWebhook, async ({ rawBody, headers, at }) => {
  const { provider, webhookSecret } = await stripe();
  const event = provider.readWebhook({ body: rawBody, headers }, { secret: webhookSecret, at });
  if (event.type === 'other') return { body: { result: 'ignored' } };
  const told = event.type === 'payment_succeeded' ? await provider.complete(event) : event;
  const doing = { at, by: 'stripe-webhook', timeZone };
  const applied = await applyProviderEvent(table, provider.name, told, doing);
  logLine('INFO', 'provider event', { eventId: event.eventId, type: event.type, ...applied });
  return { body: { result: applied.result } };
});

export const handler = httpFunction(undefined, [receive]);
