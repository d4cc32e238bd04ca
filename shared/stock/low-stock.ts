import * as z from 'zod';
import { Sku, WarehouseId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import type { Product, Stock } from '../product/product.ts';
import { MAIN } from './warehouse-policy.ts';

/** What the queue `low-stock` knows: fewer than `reorderPoint` units were available in a warehouse. */
export const LowStock = z.strictObject({
  sku: Sku,
  warehouse: WarehouseId,
  available: z.int(),
  reorderPoint: z.int(),
  since: Instant,
});
export type LowStock = z.infer<typeof LowStock>;

/**
 * What is to be noted of a warehouse: that it fell below its reorder point, or that it is above again (or has none any
 * more); undefined where what stands there is right.
 */
export function lowStockChange(
  product: Pick<Product, 'reorderPoints'>,
  { warehouse = MAIN, available, low }: Pick<Stock, 'warehouse' | 'available' | 'low'>,
): { falls: true; reorderPoint: number } | { falls: false; reorderPoint: number | undefined } | undefined {
  const reorderPoint = product.reorderPoints?.[warehouse];
  const isLow = reorderPoint !== undefined && available < reorderPoint;
  if (isLow === (low !== undefined)) return undefined;
  return isLow ? { falls: true, reorderPoint } : { falls: false, reorderPoint };
}
