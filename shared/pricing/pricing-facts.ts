import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Sku } from '../kernel/ids.ts';
import { PriceListId } from './price-list.ts';

/** What happens to price lists; subject is the list's partition. */
export const pricingFacts = [
  factOf(
    'price_list.changed',
    z.strictObject({ priceListId: PriceListId, sku: Sku, version: z.int().min(1) }),
  ),
] as const;
