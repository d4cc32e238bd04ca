import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Minor } from '../kernel/money.ts';

/** What happens to customers; subject is the customer. */
export const customerFacts = [
  factOf(
    'customer.saved',
    z.strictObject({
      creditLimit: Minor,
      status: z.enum(['active', 'blocked']),
      receipts: z.literal(false).optional(),
    }),
  ),
] as const;
