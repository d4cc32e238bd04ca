import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { parseFact } from '#shared/fact/fact.ts';
import { logLine } from '#shared/http/log-line.ts';
import { providerOf } from '#shared/payment/provider-client.ts';
import { loadProviderRefund } from '#shared/payment/provider-refund-store.ts';
import { type Sent, sendRefund } from '#shared/payment/send-refund-store.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const BusEvent = z.object({ detail: z.unknown() });

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const publicUrl = z.url().parse(process.env['PUBLIC_URL']);
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');
const providerFor = providerOf(process.env);

/**
 * Sends a refund the way its money came, where that was a payment provider. Safe to repeat; what stays open is sent or
 * asked about again each morning by `settle-payments`.
 * @throws DomainError `provider_unavailable` once that is noted, and what else may go better on another try
 */
export async function handler(event: unknown): Promise<{ state: Sent }> {
  const fact = parseFact(['payment.refunded', 'payment.paid_out'], BusEvent.parse(event).detail);
  const { paymentId } = fact.data;
  const name = { paymentId, slot: fact.slot };
  // Most refunds go by bank: neither secret nor provider is needed to see that.
  if (!(await loadProviderRefund(table, name))) return { state: 'other_way' };
  const [provider, secret] = await Promise.all([providerFor(), secretOf()]);
  const { at } = fact;
  const doing = { at, by: 'send-refund', timeZone };
  const state = await sendRefund(table, name, { ...doing, provider, access: { publicUrl, secret, at } });
  logLine('INFO', 'refund sent', { ...name, state });
  return { state };
}
