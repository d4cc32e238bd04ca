import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Sku, WarehouseId } from '../kernel/ids.ts';
import { MovementCode } from '../product/product.ts';

/** Whether stock moved in the fact's own transaction, or `move-stock` still has to (too many SKUs for one). */
export const StockMove = z.enum(['moved', 'pending']);

/**
 * What people do to stock; subject is `sku_` and the SKU. A transfer is told of twice: with `to` by the warehouse that
 * it leaves, with `from` by the one that it comes to.
 */
export const stockFacts = [
  factOf(
    'stock.moved',
    z.strictObject({
      sku: Sku,
      quantity: z.int(),
      code: MovementCode.optional(),
      reason: z.string(),
      reference: z.string().optional(),
      warehouse: WarehouseId.optional(),
      from: WarehouseId.optional(),
      to: WarehouseId.optional(),
    }),
  ),
] as const;
