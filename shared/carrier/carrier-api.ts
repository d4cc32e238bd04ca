import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CarrierId } from './carrier-policy.ts';

const params = z.strictObject({ carrierId: CarrierId });

export const receiveCarrierWebhook = contract({
  operationId: 'receiveCarrierWebhook',
  description:
    'Takes `{eventId, type, trackingNumber, occurredAt, place?, reason?, lines?, proof?}` with `type` `in_transit`, `delivered` or `failed`, signed by `Carrier-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, not more than five minutes old. `lines`: units of each line of the order that arrived of the shipment in all. Each event is applied once, in whatever order they come; what names an unknown parcel is refused, so that the carrier sends it again.',
  params,
  accepts: 'raw',
  status: 200,
  response: z.strictObject({ result: z.enum(['applied', 'repeated', 'outdated']) }),
  problems: [
    'signature_invalid',
    'malformed_json',
    'carrier_not_found',
    'shipment_not_found',
    'version_conflict',
  ],
});

export const getCarrierWebhookSecret = contract({
  operationId: 'getCarrierWebhookSecret',
  description:
    "Another `secretVersion` in the policy `carriers` makes it another one, and voids the carrier's old one.",
  params,
  status: 200,
  response: z.strictObject({ secret: z.string(), version: z.int() }),
  problems: ['carrier_not_found'],
});
