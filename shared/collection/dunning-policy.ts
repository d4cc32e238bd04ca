import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/**
 * When a customer is reminded of an overdue invoice. Each step counts its days from the due date; after the last
 * one the invoice goes onto the call list, `callAfterDays` after the due date. An invoice that had not reached its
 * customer is not reminded of for `redeliveryDays` after it was sent again.
 */
export const DunningPolicy = z
  .strictObject({
    steps: z
      .array(z.strictObject({ name: z.string().min(1).max(40), afterDays: z.int().min(1).max(365) }))
      .min(1)
      .max(9),
    callAfterDays: z.int().min(1).max(730),
    redeliveryDays: z.int().min(0).max(90).default(7),
  })
  .refine(
    ({ steps, callAfterDays }) =>
      [...steps.map((step) => step.afterDays), callAfterDays].every(
        (days, index, all) => index === 0 || days > (all[index - 1] ?? 0),
      ),
    'each step must come later than the one before it, and the call after the last',
  );
export type DunningPolicy = z.infer<typeof DunningPolicy>;

export const dunningPolicy: PolicyDefinition<DunningPolicy> = {
  name: 'dunning',
  schema: DunningPolicy,
  shipped: DunningPolicy.parse({
    steps: [
      { name: 'first reminder', afterDays: 7 },
      { name: 'second reminder', afterDays: 21 },
    ],
    callAfterDays: 35,
  }),
};
