import { getCarrierWebhookSecret } from '#shared/carrier/carrier-api.ts';
import { carrierPolicy } from '#shared/carrier/carrier-policy.ts';
import { carrierSecretOf } from '#shared/carrier/signed-carrier.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { getWebhookSecret } from '#shared/delivery/delivery-api.ts';
import { webhookSecretOf } from '#shared/delivery/webhook-secret.ts';
import { assertOwn } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

const noCustomer = () => new DomainError('customer_not_found', 'There is no such customer.');

const get = operation(getWebhookSecret, async ({ params: { customerId }, caller }) => {
  assertOwn(caller, customerId, noCustomer);
  const [customer, secret] = await Promise.all([loadCustomer(table, customerId), readSecret()]);
  if (!customer) throw noCustomer();
  const wanted = customer.invoiceDelivery;
  const version = wanted?.by === 'webhook' ? wanted.secretVersion : 1;
  return { body: { secret: webhookSecretOf(secret, customerId, version), version } };
});

const ofCarrier = operation(getCarrierWebhookSecret, async ({ params: { carrierId }, at }) => {
  const [{ policy }, secret] = await Promise.all([
    policyInForce(table, carrierPolicy, dateIn(timeZone, at)),
    readSecret(),
  ]);
  const carrier = policy.carriers.find(({ id }) => id === carrierId);
  if (!carrier) throw new DomainError('carrier_not_found', 'The policy `carriers` knows no such carrier.');
  return { body: { secret: carrierSecretOf(secret, carrier), version: carrier.secretVersion } };
});

export const handler = httpFunction(table, [get, ofCarrier]);
