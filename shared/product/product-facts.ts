import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Sku } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';

/** What happens to products; subject is `sku_` and the SKU. */
export const productFacts = [
  factOf(
    'product.saved',
    z.strictObject({
      sku: Sku,
      prices: z.partialRecord(Currency, Minor),
      /** Where its reorder points were changed. */
      reorder: z.literal('watched').optional(),
    }),
  ),
] as const;
