import * as z from 'zod';
import { Currency, MAX_AMOUNT, Minor, RatePercent } from '../kernel/money.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

const Points = z.int().min(0).max(100);

/**
 * How postal codes of a country are written: `9` stands for a digit, `A` for a letter, all else for itself. After the
 * Universal Postal Union's addressing systems.
 */
const PostalCodes = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'),
  formats: z
    .array(z.string().regex(/^[A-Z9 -]{2,12}$/, 'must be of 9, A, other capitals, spaces and hyphens'))
    .min(1)
    .max(10),
});

/** What an order is checked for before its credit, and from how many points of suspicion on a person looks at it. */
export const VerificationPolicy = z.strictObject({
  /** The same lines ordered again within so many minutes are held; 0: never. Not where purchase-order numbers differ. */
  duplicateWindowMinutes: z.int().min(0).max(10_080).default(60),
  /** The least that an order is worth before tax, minor units by currency. Sales may take smaller ones. */
  minimumOrder: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)).default({}),
  /** By how much of it a price that the customer states may differ from ours. */
  priceTolerancePercent: RatePercent.default('0'),
  /** Whether an address that the post would not find holds the order. */
  checkAddresses: z.boolean().default(true),
  postalCodes: z
    .array(PostalCodes)
    .max(250)
    .default([
      { country: 'AT', formats: ['9999'] },
      { country: 'BE', formats: ['9999'] },
      { country: 'CA', formats: ['A9A 9A9', 'A9A9A9'] },
      { country: 'CH', formats: ['9999'] },
      { country: 'DE', formats: ['99999'] },
      { country: 'DK', formats: ['9999'] },
      { country: 'ES', formats: ['99999'] },
      { country: 'FR', formats: ['99999'] },
      {
        country: 'GB',
        formats: ['A9 9AA', 'A99 9AA', 'AA9 9AA', 'AA99 9AA', 'A9A 9AA', 'AA9A 9AA'],
      },
      { country: 'IT', formats: ['99999'] },
      { country: 'NL', formats: ['9999 AA', '9999AA'] },
      { country: 'PL', formats: ['99-999'] },
      { country: 'SE', formats: ['999 99', '99999'] },
      { country: 'US', formats: ['99999', '99999-9999'] },
    ]),
  fraud: z
    .strictObject({
      /** From so many points on an order is held; above 100: never. */
      holdFrom: z.int().min(1).max(101).default(60),
      /** More than so many orders of the customer within a day. */
      velocity: z.strictObject({ orders: z.int().min(1).max(500), points: Points }).prefault({
        orders: 50,
        points: 30,
      }),
      /** The customer's first order, worth more than so much with tax, minor units by currency. */
      firstOrder: z
        .strictObject({
          over: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)),
          points: Points,
        })
        .prefault({ over: { EUR: 500_000, GBP: 500_000, USD: 500_000 }, points: 40 }),
      /** Goods that go to another country than the customer's. */
      countriesDiffer: Points.default(20),
      /** An address that a blocked customer has, too. */
      blockedAddress: Points.default(60),
    })
    .prefault({}),
});
export type VerificationPolicy = z.infer<typeof VerificationPolicy>;

export const verificationPolicy: PolicyDefinition<VerificationPolicy> = {
  name: 'verification',
  schema: VerificationPolicy,
  shipped: VerificationPolicy.parse({}),
};
