import type * as z from 'zod';
import type { Instant } from '../kernel/time.ts';
import type { ShipmentNews } from '../shipment/shipment-news.ts';

/** What a carrier tells of a parcel. */
type CarrierEvent = z.infer<typeof ShipmentNews> & { readonly trackingNumber: string };

/** How a carrier tells what becomes of parcels. */
export type CarrierProvider = {
  /**
   * Reads one webhook.
   * @param body as it was sent
   * @throws DomainError `signature_invalid`, `malformed_json`, `validation_failed`
   */
  readonly readWebhook: (
    delivery: { readonly body: string; readonly headers: Readonly<Record<string, string | undefined>> },
    context: { readonly secret: string; readonly at: Instant },
  ) => CarrierEvent;
};
