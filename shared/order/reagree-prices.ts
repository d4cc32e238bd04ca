import { type AdjustmentToPrice, priceDocument, type Share } from '../tax/price-document.ts';
import { treatmentKey } from '../tax/tax.ts';
import type { Adjustment, LineDiscount, Order, OrderLine } from './order.ts';

/**
 * What was agreed on an order, for lines of which more units are ordered now: percentages are of the larger quantities,
 * amounts stay as they were agreed. Only before anything ships: what shipments billed follows from what was agreed.
 * @param lines with their new quantities
 */
export function reagreePrices(
  order: Pick<Order, 'currency' | 'pricesIncludeTax' | 'adjustments' | 'agreedAdjustments'>,
  lines: readonly OrderLine[],
): { lines: OrderLine[]; adjustments: Adjustment[] } {
  return priceDocument({
    lines: lines.map(({ net: _net, discount, ...line }) => ({
      ...line,
      ...(discount && { discount: { ...shareOf(discount), ...reasonOf(discount) } }),
    })),
    adjustments: asAgreed(order.agreedAdjustments ?? order.adjustments ?? []),
    pricesIncludeTax: order.pricesIncludeTax === true,
    currency: order.currency,
  });
}

/**
 * Adjustments as they were agreed. Pricing makes one a tax group of a discount, or of a charge in per cent; those that
 * follow each other and read alike are joined again, unless a tax group comes a second time.
 */
function asAgreed(adjustments: readonly Adjustment[]): AdjustmentToPrice[] {
  const agreed: { first: Adjustment; amount: number; groups: Set<string> }[] = [];
  for (const adjustment of adjustments) {
    const last = agreed.at(-1);
    const group = treatmentKey(adjustment.tax);
    if (last && readsAlike(last.first, adjustment) && !last.groups.has(group)) {
      last.amount += adjustment.amount;
      last.groups.add(group);
    } else agreed.push({ first: adjustment, amount: adjustment.amount, groups: new Set([group]) });
  }
  return agreed.map(({ first: { kind, reason, percent, tax }, amount, groups }) => ({
    kind,
    reason,
    ...shareOf({ percent, amount }),
    ...(kind !== 'discount' && groups.size === 1 && { tax }),
  }));
}

function readsAlike(one: Adjustment, other: Adjustment): boolean {
  return one.kind === other.kind && one.reason === other.reason && one.percent === other.percent;
}

function shareOf({ percent, amount }: Pick<LineDiscount, 'percent' | 'amount'>): Share {
  return percent === undefined ? { amount } : { percent };
}

function reasonOf({ reason }: LineDiscount): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
