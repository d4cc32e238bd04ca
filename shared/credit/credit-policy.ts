import * as z from 'zod';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/** When an order is confirmed without a person, besides staying within the customer's credit limit. */
export const CreditPolicy = z.strictObject({
  /** Orders worth more than this, tax included, wait for a person: minor units by currency; none left out. */
  reviewAbove: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)).default({}),
});
export type CreditPolicy = z.infer<typeof CreditPolicy>;

export const creditPolicy: PolicyDefinition<CreditPolicy> = {
  name: 'credit',
  schema: CreditPolicy,
  shipped: CreditPolicy.parse({}),
};
