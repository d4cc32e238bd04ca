import * as z from 'zod';
import { Sku } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Exemption, TaxClass } from '../tax/tax.ts';

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
});
export type ProductInput = z.infer<typeof ProductInput>;

export const Product = ProductInput.extend({ sku: Sku, version: z.int().min(1) });
export type Product = z.infer<typeof Product>;

/** Units: `onHand` are in the warehouse, `reserved` of them are promised, `available` = onHand − reserved. */
export const Stock = z.strictObject({ sku: Sku, onHand: z.int(), reserved: z.int(), available: z.int() });
export type Stock = z.infer<typeof Stock>;

/** No single movement is larger. */
const MAX_MOVEMENT = 1_000_000_000;

/** Goods that came (positive) or that a count did not find (negative), with the delivery note's or count's number. */
export const StockMovement = z.strictObject({
  quantity: z
    .int()
    .min(-MAX_MOVEMENT)
    .max(MAX_MOVEMENT)
    .refine((quantity) => quantity !== 0, 'must not be 0'),
  reason: z.string().min(1).max(200),
  reference: z.string().min(1).max(60).optional(),
});
export type StockMovement = z.infer<typeof StockMovement>;
