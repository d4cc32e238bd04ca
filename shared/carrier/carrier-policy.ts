import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/** How a carrier is called in addresses of the API. */
export const CarrierId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 or -');
export type CarrierId = z.infer<typeof CarrierId>;

export const Carrier = z.strictObject({
  id: CarrierId,
  /** As shipments and customers call it. */
  name: z.string().min(1).max(60),
  /** Where a parcel can be followed; `{trackingNumber}` stands for its number. */
  trackingUrl: z
    .url({ protocol: /^https$/ })
    .max(300)
    .refine((url) => url.includes('{trackingNumber}'), 'must contain {trackingNumber}')
    .optional(),
  /** The next one makes the secret of its webhooks another. */
  secretVersion: z.int().min(1).max(1000).default(1),
});
export type Carrier = z.infer<typeof Carrier>;

/** The carriers that tell what becomes of shipments, or whose parcels can be followed. */
export const CarrierPolicy = z
  .strictObject({ carriers: z.array(Carrier).max(50).default([]) })
  .check(({ value: { carriers }, issues }) => {
    for (const of of ['id', 'name'] as const) {
      const names = carriers.map((carrier) => carrier[of].toLowerCase());
      if (new Set(names).size < names.length)
        issues.push({
          code: 'custom',
          path: ['carriers'],
          message: `must each have ${of === 'id' ? 'an' : 'a'} ${of} of its own`,
          input: carriers,
        });
    }
  });
export type CarrierPolicy = z.infer<typeof CarrierPolicy>;

export const carrierPolicy: PolicyDefinition<CarrierPolicy> = {
  name: 'carriers',
  schema: CarrierPolicy,
  shipped: CarrierPolicy.parse({}),
};

/** The carrier that a shipment names, by its name or its id. */
export function carrierNamed({ carriers }: CarrierPolicy, named: string | undefined): Carrier | undefined {
  const wanted = named?.trim().toLowerCase();
  return carriers.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
}

/** Where a parcel can be followed, where its carrier says. */
export function trackingUrlOf(carrier: Carrier | undefined, trackingNumber: string | undefined) {
  return trackingNumber === undefined
    ? undefined
    : carrier?.trackingUrl?.replaceAll('{trackingNumber}', encodeURIComponent(trackingNumber));
}
