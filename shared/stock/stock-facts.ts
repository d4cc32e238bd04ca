import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Sku } from '../kernel/ids.ts';

/** Whether stock moved in the fact's own transaction, or `move-stock` still has to (too many SKUs for one). */
export const StockMove = z.enum(['moved', 'pending']);

/** What people do to stock; subject is `sku_` and the SKU. */
export const stockFacts = [
  factOf(
    'stock.moved',
    z.strictObject({ sku: Sku, quantity: z.int(), reason: z.string(), reference: z.string().optional() }),
  ),
] as const;
