import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';

/** What happens to policies; subject is `policy_` and the name. */
export const policyFacts = [
  factOf('policy.changed', z.strictObject({ name: z.string(), version: z.string() })),
] as const;
