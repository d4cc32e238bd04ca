import * as z from 'zod';
import { type Caller, isStaff } from '../http/caller.ts';
import { contract } from '../http/contract.ts';
import { Sku, WarehouseId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import { Product, ProductInput, Stock, StockMovement } from './product.ts';

const params = z.strictObject({ sku: Sku });

/** A product and, for goods, its stock in units; only staff see more of it than what can be ordered. */
export const ProductView = Product.extend({
  stock: z
    .strictObject({
      available: z.int(),
      onHand: z.int().optional(),
      reserved: z.int().optional(),
      /** Each of them, where there is more than `main`. */
      warehouses: z
        .array(
          Stock.pick({ onHand: true, reserved: true, available: true, low: true }).extend({
            warehouse: WarehouseId,
          }),
        )
        .optional(),
    })
    .optional(),
});
export type ProductView = z.infer<typeof ProductView>;

export const StockMovementView = z.strictObject({
  sku: Sku,
  /** Counts the movements of this product in its warehouse. */
  movement: z.int().min(1),
  ...StockMovement.shape,
  at: Instant,
  by: z.string(),
});
export type StockMovementView = z.infer<typeof StockMovementView>;

const example = {
  description: 'White hanging heart t-light holder',
  kind: 'goods',
  taxClass: 'standard',
  prices: { GBP: 295 },
};
const received = { quantity: 240, reason: 'goods received', reference: 'DN-2026-0117' };

export const putProduct = contract({
  operationId: 'putProduct',
  description:
    'The whole product, under your own SKU. Repeating it changes nothing; orders keep the price they were placed at.',
  params,
  body: ProductInput,
  status: 200,
  alsoStatus: 201,
  response: ProductView,
  versioned: true,
  problems: ['precondition_failed', 'version_conflict'],
  example: {
    body: example,
    response: { ...example, sku: '85123A', version: 1, stock: { available: 0, onHand: 0, reserved: 0 } },
  },
});

export const getProduct = contract({
  operationId: 'getProduct',
  description: 'With its stock, where it has any. Only staff see costs, and what is on hand and reserved.',
  params,
  status: 200,
  response: ProductView,
  versioned: true,
  problems: ['product_not_found'],
});

export const recordStockMovement = contract({
  operationId: 'recordStockMovement',
  description:
    'Adds to the stock of a warehouse, or takes away what is not promised to orders: a receipt, a count, damage, theft, a correction; or moves it there from another warehouse (`transfer`, `from`).',
  params,
  body: StockMovement,
  status: 201,
  response: StockMovementView,
  idempotent: true,
  problems: [
    'product_not_found',
    'warehouse_not_found',
    'insufficient_stock',
    'stock_reference_reused',
    'version_conflict',
  ],
  example: {
    body: received,
    response: { sku: '85123A', movement: 1, ...received, at: '2026-03-31T08:15:00.000Z', by: 'Wendy Ware' },
  },
});

/**
 * A product as the API shows it to `caller`: what it costs us, and where its units are, is for staff.
 * @param shelves its stock by warehouse; none for what is not kept
 * @param orderable whether a warehouse takes orders
 */
export function productView(
  { costs, stockedIn, reorderPoints, ...product }: Product,
  shelves: readonly Stock[],
  caller: Caller,
  orderable: (warehouse: WarehouseId) => boolean = () => true,
): ProductView {
  const staff = isStaff(caller);
  const kept = {
    ...(costs && { costs }),
    ...(stockedIn && { stockedIn }),
    ...(reorderPoints && { reorderPoints }),
  };
  const shown = { ...product, ...(staff && kept) };
  if (shelves.length === 0) return shown;
  const sum = (of: 'available' | 'onHand' | 'reserved', among = shelves) =>
    among.reduce((units, shelf) => units + shelf[of], 0);
  const open = shelves.filter(({ warehouse = MAIN }) => orderable(warehouse));
  if (!staff) return { ...shown, stock: { available: sum('available', open) } };
  const warehouses = shelves.map(({ warehouse = MAIN, onHand, reserved, available, low }) => ({
    warehouse,
    onHand,
    reserved,
    available,
    ...(low && { low }),
  }));
  return {
    ...shown,
    stock: {
      available: sum('available', open),
      onHand: sum('onHand'),
      reserved: sum('reserved'),
      ...(warehouses.length > 1 && { warehouses }),
    },
  };
}
