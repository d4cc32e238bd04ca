import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId, Sku, WarehouseId } from '../kernel/ids.ts';
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
  /** Told of by the warehouse that has less than its reorder point, once until it has more again. */
  factOf(
    'stock.low',
    z.strictObject({ sku: Sku, warehouse: WarehouseId, available: z.int(), reorderPoint: z.int() }),
  ),
  /** Subject is the order: units that it waited for are reserved now, `left` of them it waits for still. */
  factOf(
    'stock.backorder_filled',
    z.strictObject({
      orderId: OrderId,
      sku: Sku,
      allocations: z.array(z.strictObject({ warehouse: WarehouseId, quantity: z.int().min(1) })).min(1),
      left: z.int().min(0),
    }),
  ),
] as const;
