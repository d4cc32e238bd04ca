import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

const Days = z.int().min(1).max(365);

/** What payers are told, and how long what they say holds. */
export const RemittancePolicy = z.strictObject({
  /** A remittance advice that no payment followed is not looked for any more after so many days. */
  adviceDays: Days.default(60),
  /** How long a link to the payer portal works, in days. */
  linkDays: Days.default(45),
  /** Whether payers get a receipt by mail; a customer of its own may go without. */
  receipts: z.boolean().default(true),
});
export type RemittancePolicy = z.infer<typeof RemittancePolicy>;

export const remittancePolicy: PolicyDefinition<RemittancePolicy> = {
  name: 'remittance',
  schema: RemittancePolicy,
  shipped: RemittancePolicy.parse({}),
};
