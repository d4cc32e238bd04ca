import * as z from 'zod';
import { Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { PriceBreaks } from '../pricing/price-list.ts';
import { CustomsData } from '../shipment/customs-data.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import { Exemption, TaxClass } from '../tax/tax.ts';
import { Market } from './market.ts';

/** No single movement is larger. */
const MAX_MOVEMENT = 1_000_000_000;

/** `goods` are stocked and shipped; a `charge` (postage, a fee) is only invoiced. */
export const ProductKind = z.enum(['goods', 'charge']);
export type ProductKind = z.infer<typeof ProductKind>;

/**
 * `prices` are list prices before tax in minor units, by currency; `pricesIncludingTax` those of customers whose prices
 * include it. `supply` makes it a service to the tax law. Exempt products say why in `exemption`. `costs` are what a unit
 * costs us, minor units by currency: for the books only, never shown to customers.
 */
export const ProductInput = z.strictObject({
  description: z.string().max(200),
  kind: ProductKind.default('goods'),
  taxClass: TaxClass.default('standard'),
  exemption: Exemption.optional(),
  supply: z.literal('service').optional(),
  prices: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)),
  pricesIncludingTax: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)).optional(),
  costs: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)).optional(),
  /** What a unit costs where a line orders many, by currency; likewise with and without tax. */
  priceBreaks: z.partialRecord(Currency, PriceBreaks).optional(),
  priceBreaksIncludingTax: z.partialRecord(Currency, PriceBreaks).optional(),
  /** What rules know it by together with others, such as `fragile`. */
  group: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 or -')
    .optional(),
  /** Where and when it is sold; everywhere and always when left out. */
  market: Market.optional(),
  /** What crossing a customs border takes. */
  customs: CustomsData.optional(),
  /** Whether what is out of stock may be ordered and wait; as the order says when left out. */
  backorderable: z.boolean().optional(),
  /** Below how many available units a warehouse is to order more, by warehouse. */
  reorderPoints: z.record(WarehouseId, z.int().min(1).max(MAX_MOVEMENT)).optional(),
});
export type ProductInput = z.infer<typeof ProductInput>;

/** `stockedIn` are the warehouses besides `main` that ever had any of it. */
export const Product = ProductInput.extend({
  sku: Sku,
  stockedIn: z.array(WarehouseId).min(1).optional(),
  version: z.int().min(1),
});
export type Product = z.infer<typeof Product>;

/** Whether any of `products` has a reorder point that an order may take it below. */
export function isWatched(products: ReadonlyMap<string, Product>): boolean {
  return [...products.values()].some(({ reorderPoints }) => reorderPoints !== undefined);
}

/**
 * Units in one warehouse (`main` when left out): `onHand` are there, `reserved` of them are promised, `available` =
 * onHand − reserved. `low` since when it is below its reorder point, and
 * `lows` how often it fell below it.
 */
export const Stock = z.strictObject({
  sku: Sku,
  warehouse: WarehouseId.optional(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  low: Instant.optional(),
  lows: z.int().min(1).optional(),
});
export type Stock = z.infer<typeof Stock>;

/** Why stock was moved. */
export const MovementCode = z.enum(['receipt', 'count', 'damage', 'theft', 'correction', 'transfer']);
export type MovementCode = z.infer<typeof MovementCode>;

/**
 * Goods that came (positive) or are gone (negative), with the delivery note's or count's number. Left out, `warehouse`
 * is `main`, and `code` a receipt or a correction by the sign. A transfer takes its units `from` another warehouse.
 */
export const StockMovement = z
  .strictObject({
    quantity: z
      .int()
      .min(-MAX_MOVEMENT)
      .max(MAX_MOVEMENT)
      .refine((quantity) => quantity !== 0, 'must not be 0'),
    code: MovementCode.optional(),
    reason: z.string().min(1).max(200),
    reference: z.string().min(1).max(60).optional(),
    warehouse: WarehouseId.optional(),
    from: WarehouseId.optional(),
  })
  .check(({ value, issues }) => {
    const { quantity, code, from, warehouse = MAIN } = value;
    const issue = (path: string, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: value });
    if (quantity < 0 && (code === 'receipt' || code === 'transfer' || from))
      issue('quantity', 'must be positive: what comes');
    if (quantity > 0 && (code === 'damage' || code === 'theft'))
      issue('quantity', 'must be negative: what is gone');
    if ((code === 'transfer') !== (from !== undefined))
      issue('from', 'goes with the code transfer: the warehouse that the units leave');
    if (from === warehouse) issue('from', 'must be another warehouse');
  });
export type StockMovement = z.infer<typeof StockMovement>;
