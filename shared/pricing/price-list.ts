import * as z from 'zod';
import { Sku } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** Chosen by the company, such as `retail-2026`. */
export const PriceListId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 or -')
  .brand('PriceListId');
export type PriceListId = z.infer<typeof PriceListId>;

const PriceBreak = z.strictObject({
  from: z.int().min(1).max(1_000_000),
  unitPrice: Minor.min(0).max(MAX_AMOUNT),
});
type PriceBreak = z.infer<typeof PriceBreak>;

/**
 * Prices of a unit by how many of it a line orders, minor units: from so many on, the last that applies. With or
 * without tax as the customer's prices are.
 */
export const PriceBreaks = z
  .array(PriceBreak)
  .min(1)
  .max(20)
  .refine(isAscending, 'must have `from` rise from one to the next');
export type PriceBreaks = z.infer<typeof PriceBreaks>;

/** What a price list says of a product: prices of one currency, from the first day to the last where these are named. */
const ListedPrice = z.strictObject({
  currency: Currency,
  from: CalendarDate.optional(),
  to: CalendarDate.optional(),
  breaks: PriceBreaks,
});

/** All that a price list says of one product. */
export const PriceListEntry = z.strictObject({
  priceListId: PriceListId,
  sku: Sku,
  prices: z.array(ListedPrice).min(1).max(50),
});
export type PriceListEntry = z.infer<typeof PriceListEntry>;

function isAscending(breaks: readonly PriceBreak[]): boolean {
  return breaks.every(({ from }, index) => from > (breaks[index - 1]?.from ?? 0));
}
