import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { logLine } from '#shared/http/log-line.ts';
import { dateIn } from '#shared/kernel/time.ts';
import * as api from '#shared/payment/payment-api.ts';
import { recordProviderPayment } from '#shared/payment/provider-payment-store.ts';
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
  switch (event.type) {
    case 'payment_succeeded': {
      const moment = { at, today: dateIn(timeZone, at), by: 'payment-webhook' };
      const { paymentId, repeated } = await recordProviderPayment(table, sandboxProvider.name, event, moment);
      logLine('INFO', 'provider payment', { eventId: event.eventId, paymentId, repeated });
      return { body: { result: repeated ? 'repeated' : 'applied' } };
    }
    case 'payment_failed': {
      const { eventId, providerPaymentId, invoiceId } = event;
      logLine('INFO', 'provider payment failed', { eventId, providerPaymentId, invoiceId });
      return { body: { result: 'noted' } };
    }
    case 'other':
      return { body: { result: 'ignored' } };
    default:
      return event satisfies never;
  }
});

export const handler = httpFunction(undefined, [receive]);
