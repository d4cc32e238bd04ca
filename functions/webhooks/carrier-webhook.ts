import { receiveCarrierWebhook } from '#shared/carrier/carrier-api.ts';
import { type Carrier, carrierNamed, carrierPolicy } from '#shared/carrier/carrier-policy.ts';
import { carrierSecretOf, signedCarrier } from '#shared/carrier/signed-carrier.ts';
import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { logLine } from '#shared/http/log-line.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { loadShipment } from '#shared/shipment/shipment-store.ts';
import {
  applyNews,
  parcelsTracked,
  shipmentNotFound,
  type TrackedParcel,
} from '#shared/shipment/tracking-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const company = companyFromEnv();
const { timeZone } = company;
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/** Answers with 200 once nothing is left to do, so that the carrier sends an event again until then. */
const receive = operation(receiveCarrierWebhook, async ({ params, rawBody, headers, at }) => {
  const [{ policy }, secret] = await Promise.all([
    policyInForce(table, carrierPolicy, dateIn(timeZone, at)),
    readSecret(),
  ]);
  const carrier = policy.carriers.find(({ id }) => id === params.carrierId);
  if (!carrier) throw new DomainError('carrier_not_found', 'The policy `carriers` knows no such carrier.');
  const event = signedCarrier.readWebhook(
    { body: rawBody, headers },
    { secret: carrierSecretOf(secret, carrier), at },
  );
  const { trackingNumber, ...news } = event;
  const parcel = await parcelOf(carrier, trackingNumber);
  const { result } = await applyNews(table, company, parcel, news, { at, actor: `carrier ${carrier.id}` });
  logLine('INFO', 'carrier event', { eventId: news.eventId, type: news.type, ...parcel, result });
  return { body: { result } };
});

export const handler = httpFunction(undefined, [receive]);

/** The parcel shipped last with this carrier that bears the number. @throws DomainError `shipment_not_found` */
async function parcelOf(carrier: Carrier, trackingNumber: string): Promise<TrackedParcel> {
  for (const parcel of await parcelsTracked(table, trackingNumber)) {
    const shipment = await loadShipment(table, parcel.orderId, parcel.shipmentId);
    if (shipment && carrierNamed({ carriers: [carrier] }, shipment.carrier)) return parcel;
  }
  throw shipmentNotFound();
}
