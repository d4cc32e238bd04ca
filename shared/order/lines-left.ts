import { shareOf } from '../kernel/money.ts';
import type { OrderLine } from './order.ts';

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
