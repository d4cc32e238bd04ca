import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { percentOf } from '../kernel/money.ts';
import { splitInProportion } from '../kernel/split.ts';
import type { LineDiscount } from '../order/order.ts';
import {
  type PricedDocument,
  priceQuoted,
  type QuotedAdjustment,
  type QuotedLine,
  quotedValue,
} from './price-quoted.ts';
import { type TaxTreatment, treatmentKey } from './tax.ts';

/** How a discount or charge is agreed: a part of what it refers to, or an amount in minor units. */
export type Share =
  | { readonly percent: string; readonly amount?: undefined }
  | { readonly percent?: undefined; readonly amount: number };

/** A line to be priced, with what else its document keeps of it. */
export type LineToPrice = Omit<QuotedLine, 'discount'> & {
  readonly discount?: (Share & { readonly reason?: string | undefined }) | undefined;
};

/** Per cent are of all lines after their own discounts. Without `tax` it is taxed as the lines are. */
export type AdjustmentToPrice = Share & {
  readonly kind: QuotedAdjustment['kind'];
  readonly reason: string;
  readonly tax?: TaxTreatment | undefined;
};

type DocumentToPrice<L extends LineToPrice> = {
  readonly lines: readonly L[];
  readonly adjustments?: readonly AdjustmentToPrice[] | undefined;
  readonly pricesIncludeTax: boolean;
  readonly currency: string;
};

/** A line with its discount as an amount. */
type Agreed<L> = Omit<L, 'discount'> & QuotedLine;

/**
 * Prices a document: what each discount and charge comes to, the net of every line, the tax of every group, the
 * totals. A discount of the whole document (and a charge that has no tax class of its own) over several tax groups
 * becomes one adjustment a group, in proportion to what the group's lines come to.
 * @throws DomainError `validation_failed` where a discount is larger than what it is taken off
 */
export function priceDocument<L extends LineToPrice>(
  document: DocumentToPrice<L>,
): PricedDocument<Agreed<L>> {
  const { currency, pricesIncludeTax } = document;
  const lines = agreedLines(document.lines, currency);
  const adjustments = agreedAdjustments(lines, document.adjustments ?? [], currency);
  return priceQuoted({ lines, adjustments, pricesIncludeTax, currency });
}

function agreedLines<L extends LineToPrice>(lines: readonly L[], currency: string): Agreed<L>[] {
  const issues: FieldIssue[] = [];
  const agreed = lines.map(({ discount, ...line }, index): Agreed<L> => {
    const value = quotedValue(line);
    const amount = discount === undefined ? 0 : amountOf(discount, value, currency);
    if (amount > value) issues.push({ path: `lines.${index}.discount`, message: `must be at most ${value}` });
    return { ...line, ...(discount !== undefined && amount > 0 && { discount: taken(discount, amount) }) };
  });
  refuse(issues);
  return agreed;
}

function taken({ percent, reason }: NonNullable<LineToPrice['discount']>, amount: number): LineDiscount {
  return { ...(percent !== undefined && { percent }), amount, ...(reason !== undefined && { reason }) };
}

function agreedAdjustments(
  lines: readonly QuotedLine[],
  adjustments: readonly AdjustmentToPrice[],
  currency: string,
): QuotedAdjustment[] {
  const groups = groupsOf(lines);
  const base = groups.reduce((sum, { value }) => sum + value, 0);
  const issues: FieldIssue[] = [];
  const agreed = adjustments.flatMap((adjustment, index): QuotedAdjustment[] => {
    const { kind, reason, percent, tax } = adjustment;
    const amount = amountOf(adjustment, base, currency);
    const part = (of: number, treatment: TaxTreatment): QuotedAdjustment[] =>
      of === 0
        ? []
        : [{ kind, reason, ...(percent !== undefined && { percent }), amount: of, tax: treatment }];
    if (kind === 'discount') {
      const left = groups.reduce((sum, group) => sum + group.left, 0);
      if (amount > left) {
        issues.push({ path: `adjustments.${index}`, message: `takes off more than the ${left} there are` });
        return [];
      }
      // What is left and not the value: no group is ever discounted below nothing.
      const parts = splitInProportion(
        amount,
        groups.map((group) => group.left),
      );
      return groups.flatMap((group, place) => {
        const of = parts[place] ?? 0;
        group.left -= of;
        return part(of, group.tax);
      });
    }
    if (tax) return part(amount, tax);
    const weights = base === 0 ? groups.map((_, place) => (place === 0 ? 1 : 0)) : groups.map(valueOf);
    return splitInProportion(amount, weights).flatMap((of, place) => {
      const group = groups[place];
      return group ? part(of, group.tax) : [];
    });
  });
  refuse(issues);
  return agreed;
}

/** Lines that are taxed alike: what they come to as quoted, and what discounts have left of it. */
type Group = { readonly tax: TaxTreatment; value: number; left: number };

const valueOf = ({ value }: Group) => value;

function groupsOf(lines: readonly QuotedLine[]): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const key = treatmentKey(line.tax);
    const group = groups.get(key) ?? { tax: line.tax, value: 0, left: 0 };
    group.value += quotedValue(line);
    group.left = group.value;
    groups.set(key, group);
  }
  return [...groups.values()];
}

function amountOf(share: Share, of: number, currency: string): number {
  return share.percent === undefined ? share.amount : percentOf(of, share.percent, currency);
}

function refuse(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) {
    throw new DomainError('validation_failed', 'A discount takes off more than there is.', { issues });
  }
}
