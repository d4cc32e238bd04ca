import { shareOf } from '../kernel/money.ts';
import { splitInProportion } from '../kernel/split.ts';
import type { Adjustment, LineDiscount } from '../order/order.ts';
import {
  type TaxGroup,
  type TaxTreatment,
  type Totals,
  totalsOf,
  totalsOfGroups,
  treatmentKey,
} from './tax.ts';

/** A line as quoted: its discount is an amount by now. Minor units, with tax in them where the document's prices have. */
export type QuotedLine = {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount?: LineDiscount | undefined;
  readonly tax: TaxTreatment;
};

/** A discount, charge or freight of one tax group, as quoted. */
export type QuotedAdjustment = Omit<Adjustment, 'net'>;

export type QuotedDocument<L extends QuotedLine> = {
  readonly lines: readonly L[];
  readonly adjustments: readonly QuotedAdjustment[];
  readonly pricesIncludeTax: boolean;
  readonly currency: string;
};

/** A document whose lines, adjustments and totals add up, group by group. */
export type PricedDocument<L extends QuotedLine> = {
  lines: (L & { net: number })[];
  adjustments: Adjustment[];
  totals: Totals;
};

/** What a line comes to as quoted, after its discount. */
export function quotedValue({ quantity, unitPrice, discount }: Omit<QuotedLine, 'tax'>): number {
  return quantity * unitPrice - (discount?.amount ?? 0);
}

/** The tax in `gross`, rounded half to even: gross · rate / (100 + rate). Minor units. */
export function taxWithin(gross: number, ratePercent: string): number {
  const [whole = '0', fraction = ''] = ratePercent.split('.');
  const rate = Number(whole + fraction);
  return shareOf(gross, rate, 100 * 10 ** fraction.length + rate);
}

/**
 * Puts net amounts, tax and totals to what is quoted.
 *
 * Where tax comes on top, a line's net is what it is quoted at, and the tax of a group is rounded once. Where prices
 * have the tax in them, a group's gross is what is quoted, to the cent; its tax is taken out of that and rounded once,
 * and the lines and adjustments share what is left by largest remainder. Both ways the nets of a group, discounts
 * taken off and charges added, are the group's net.
 */
export function priceQuoted<L extends QuotedLine>(document: QuotedDocument<L>): PricedDocument<L> {
  return document.pricesIncludeTax ? priceWithin(document) : priceOnTop(document);
}

function priceOnTop<L extends QuotedLine>(document: QuotedDocument<L>): PricedDocument<L> {
  const lines = document.lines.map((line) => ({ ...line, net: quotedValue(line) }));
  const adjustments = document.adjustments.map((each) => ({ ...each, net: each.amount }));
  return { lines, adjustments, totals: totalsOf([...lines, ...adjustments.map(signed)], document.currency) };
}

function priceWithin<L extends QuotedLine>(document: QuotedDocument<L>): PricedDocument<L> {
  const entries: Entry[] = [
    ...document.lines.map((line) => ({ tax: line.tax, quoted: quotedValue(line), adds: true })),
    ...document.adjustments.map(({ kind, tax, amount }) => ({
      tax,
      quoted: amount,
      adds: kind !== 'discount',
    })),
  ];
  const nets = entries.map(() => 0);
  const groups: TaxGroup[] = [];
  for (const [treatment, indexes] of groupsOf(entries)) {
    const { net, tax, shares } = withinGroup(
      indexes.flatMap((index) => entries[index] ?? []),
      treatment.rate,
    );
    groups.push({ ...treatment, net, tax });
    indexes.forEach((index, place) => {
      nets[index] = shares[place] ?? 0;
    });
  }
  const count = document.lines.length;
  return {
    lines: document.lines.map((line, index) => ({ ...line, net: nets[index] ?? 0 })),
    adjustments: document.adjustments.map((each, index) => ({ ...each, net: nets[count + index] ?? 0 })),
    totals: totalsOfGroups(groups),
  };
}

/** A line or adjustment, `quoted` with tax in it; a discount does not add but takes off. */
type Entry = { tax: TaxTreatment; quoted: number; adds: boolean };

/** Which entries are taxed alike, in the order they come. */
function groupsOf(entries: readonly Entry[]): [TaxTreatment, number[]][] {
  const groups = new Map<string, [TaxTreatment, number[]]>();
  entries.forEach(({ tax }, index) => {
    const key = treatmentKey(tax);
    const group = groups.get(key) ?? [tax, []];
    group[1].push(index);
    groups.set(key, group);
  });
  return [...groups.values()];
}

function withinGroup(entries: readonly Entry[], rate: string) {
  const added = weightsOf(entries, true);
  const takenOff = weightsOf(entries, false);
  const discounts = sumOf(takenOff);
  const gross = sumOf(added) - discounts;
  const tax = taxWithin(gross, rate);
  const net = gross - tax;
  const discountsNet = discounts - taxWithin(discounts, rate);
  const up = splitInProportion(net + discountsNet, added);
  const down = splitInProportion(discountsNet, takenOff);
  return { net, tax, shares: entries.map((_, index) => (up[index] ?? 0) + (down[index] ?? 0)) };
}

/** What each entry that adds (or takes off) is quoted at, 0 for the others. */
function weightsOf(entries: readonly Entry[], adds: boolean): number[] {
  return entries.map((entry) => (entry.adds === adds ? entry.quoted : 0));
}

/** An adjustment as a sum of its group sees it: a discount counts against it. */
export function signed({ kind, net, tax }: Pick<Adjustment, 'kind' | 'net' | 'tax'>): {
  net: number;
  tax: TaxTreatment;
} {
  return { net: kind === 'discount' ? 0 - net : net, tax };
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
