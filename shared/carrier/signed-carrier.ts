import * as z from 'zod';
import { instant } from '../kernel/time.ts';
import { sign } from '../payment/signature.ts';
import { checkSignature, eventAs, parseWebhook } from '../payment/webhook-signature.ts';
import { TrackingNumber } from '../shipment/shipment.ts';
import { ShipmentNews } from '../shipment/shipment-news.ts';
import type { Carrier } from './carrier-policy.ts';
import type { CarrierProvider } from './carrier-provider.ts';

/** The header that bears the signature: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
const SIGNATURE_HEADER = 'carrier-signature';

// Not strict: a carrier adds fields without asking.
const Event = z.object({
  ...ShipmentNews.shape,
  occurredAt: z.iso.datetime({ offset: true }).transform(instant),
  trackingNumber: TrackingNumber,
});

/**
 * The secret that signs a carrier's webhooks: derived from the deployment's own, so that none is stored. One carrier's
 * opens nothing of another's; each version is another.
 */
export function carrierSecretOf(deploymentSecret: string, { id, secretVersion }: Carrier): string {
  return `whsec_${sign('carrier-webhook', deploymentSecret, `${id} ${secretVersion}`)}`;
}

/** Any carrier, or whoever translates for it, that signs our JSON with the secret it was given. */
export const signedCarrier: CarrierProvider = {
  readWebhook({ body, headers }, { secret, at }) {
    checkSignature(headers[SIGNATURE_HEADER], body, secret, at);
    return eventAs(Event, parseWebhook(body));
  },
};
