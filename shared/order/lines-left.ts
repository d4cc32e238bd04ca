import { shareOf } from '../kernel/money.ts';
import { type StockNeed, stockNeeds } from '../stock/stock-needs.ts';
import type { OrderLine } from './order.ts';
import { unitsLeft } from './order-status.ts';

/** A line as it stands: the units that were not cancelled, with their part of its discount. `quantity` may be 0. */
export function lineLeft(line: OrderLine): OrderLine {
  const { cancelled = 0, asPlaced: _asPlaced, discount, ...rest } = line;
  const quantity = line.quantity - cancelled;
  const amount = shareOf(discount?.amount ?? 0, quantity, line.quantity);
  return { ...rest, quantity, ...(discount && amount > 0 && { discount: { ...discount, amount } }) };
}

/** The lines of which something is left, as they stand. */
export function linesLeft(lines: readonly OrderLine[]): OrderLine[] {
  return lines.map(lineLeft).filter(({ quantity }) => quantity > 0);
}

/** A line as it was when the order was placed. */
export function lineAsPlaced({ cancelled: _cancelled, asPlaced, ...line }: OrderLine): OrderLine {
  if (!asPlaced) return line;
  const { discount: _discount, ...rest } = line;
  return { ...rest, ...asPlaced };
}

/**
 * What the goods of an order need from stock, shipped or not: one need per SKU in the order of the lines, also where all
 * of a SKU was cancelled. Which chunk of a long order a SKU lies in depends on those before it.
 */
export function needsLeft(lines: readonly OrderLine[]): StockNeed[] {
  return stockNeeds(lines.map((line) => ({ ...line, quantity: unitsLeft(line) })));
}
