import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { Product } from '../product/product.ts';
import type { PriceBreaks, PriceListEntry } from './price-list.ts';

/** What a unit costs and why: the customer's price list, a break for many, or else the list price. */
export type AgreedPrice = {
  readonly unitPrice: number;
  readonly source?: 'price_list' | 'volume_break';
};

/** To whom and when something is sold. */
export type PriceBasis = {
  readonly currency: Currency;
  readonly pricesIncludeTax: boolean;
  readonly date: CalendarDate;
};

/**
 * The price of a unit where a line orders `quantity` of them: the customer's price list before the product's volume breaks
 * before its list price. Of several listed prices the one that began last holds.
 * @param entry what the customer's price list says of the product
 * @returns undefined where the product has no price in the currency
 */
export function agreedPrice(
  product: Product,
  entry: PriceListEntry | undefined,
  quantity: number,
  { currency, pricesIncludeTax, date }: PriceBasis,
): AgreedPrice | undefined {
  const listed = breakFor(listedBreaks(entry, currency, date), quantity);
  if (listed !== undefined) return { unitPrice: listed, source: 'price_list' };
  const breaks = pricesIncludeTax ? product.priceBreaksIncludingTax : product.priceBreaks;
  const broken = breakFor(breaks?.[currency], quantity);
  if (broken !== undefined) return { unitPrice: broken, source: 'volume_break' };
  const prices = pricesIncludeTax ? product.pricesIncludingTax : product.prices;
  const unitPrice = prices?.[currency];
  return unitPrice === undefined ? undefined : { unitPrice };
}

function listedBreaks(
  entry: PriceListEntry | undefined,
  currency: Currency,
  date: CalendarDate,
): PriceBreaks | undefined {
  return entry?.prices
    .filter(
      (price) => price.currency === currency && (price.from ?? date) <= date && (price.to ?? date) >= date,
    )
    .toSorted((one, other) => (other.from ?? '').localeCompare(one.from ?? ''))[0]?.breaks;
}

/** The last break that `quantity` reaches. */
function breakFor(breaks: PriceBreaks | undefined, quantity: number): number | undefined {
  return breaks?.findLast(({ from }) => quantity >= from)?.unitPrice;
}
