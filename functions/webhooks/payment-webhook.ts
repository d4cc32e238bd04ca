import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { logLine } from '#shared/http/log-line.ts';
import * as api from '#shared/payment/payment-api.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import { sandboxProvider } from '#shared/payment/sandbox-provider.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/** Answers with 200 once nothing is left to do, so that the provider sends an event again until then. */
const receive = operation(api.receiveSandboxWebhook, async ({ rawBody, headers, at }) => {
  const secret = await secretOf();
  const event = sandboxProvider.readWebhook({ body: rawBody, headers }, { secret, at });
  if (event.type === 'other') return { body: { result: 'ignored' } };
  const doing = { at, by: 'payment-webhook', timeZone };
  const applied = await applyProviderEvent(table, sandboxProvider.name, event, doing);
  logLine('INFO', 'provider event', { eventId: event.eventId, type: event.type, ...applied });
  return { body: { result: event.type === 'payment_failed' ? 'noted' : applied.result } };
});

export const handler = httpFunction(undefined, [receive]);
