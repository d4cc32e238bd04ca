import { shareOf } from '../kernel/money.ts';
import { splitInProportion } from '../kernel/split.ts';
import type { Adjustment, Order, OrderLine } from '../order/order.ts';
import type { Shipment, ShipmentLine } from '../shipment/shipment.ts';
import { priceQuoted, type QuotedAdjustment, quotedValue } from '../tax/price-quoted.ts';
import { type Totals, treatmentKey } from '../tax/tax.ts';
import type { InvoiceLine } from './invoice.ts';

type BilledOrder = Pick<Order, 'currency' | 'adjustments' | 'agreedAdjustments' | 'pricesIncludeTax'>;
type Billable = Pick<Shipment, 'shipmentId' | 'lines'>;

/** What a document over shipments says in figures; spread all but the lines into it. */
export type Billed = {
  lines: InvoiceLine[];
  adjustments?: Adjustment[];
  totals: Totals;
  pricesIncludeTax?: true;
};

/** What of an order is billed, as quoted: see `priceQuoted`. Line nets are still to be worked out. */
type QuotedPart = { lines: Omit<OrderLine, 'net'>[]; adjustments: QuotedAdjustment[] };

/**
 * What the shipments named in `shipmentIds` bill of their order, so that however it is shipped and billed, all its
 * invoices together bill the order to the cent: its nets, or where prices include tax its gross.
 * @param shipments all that the order has: what left before decides who bears which cent
 * @throws RangeError when a shipment is unknown or names a line the order lacks: the table is damaged
 */
export function billedOf(
  order: BilledOrder,
  orderLines: readonly OrderLine[],
  shipments: readonly Billable[],
  shipmentIds: readonly Shipment['shipmentId'][],
): Billed {
  const quoted = quotedPartOf(order, orderLines, shipments, shipmentIds);
  return figuresOf(quoted, order);
}

/**
 * What so many units of an order's lines come to when they are billed at once, and so in all, however they are shipped:
 * what was agreed for all units of a line or of the order, in the proportion of those.
 * @throws RangeError when `units` name a line the order lacks
 */
export function billedAtOnce(
  order: BilledOrder,
  orderLines: readonly OrderLine[],
  units: readonly ShipmentLine[],
): Billed {
  const agreed = agreedOf(order);
  const { lines, amounts } = new Billing(agreed, orderLines).ship(units);
  return figuresOf({ lines, adjustments: inAmounts(agreed, amounts) }, order);
}

/** The figures of a document over `quoted`, which may come from several orders whose prices are quoted alike. */
export function figuresOf(
  quoted: QuotedPart,
  { currency, pricesIncludeTax }: Pick<BilledOrder, 'currency' | 'pricesIncludeTax'>,
): Billed {
  const priced = priceQuoted({ ...quoted, pricesIncludeTax: pricesIncludeTax === true, currency });
  return {
    lines: priced.lines,
    ...(priced.adjustments.length > 0 && { adjustments: priced.adjustments }),
    totals: priced.totals,
    ...(pricesIncludeTax && { pricesIncludeTax }),
  };
}

/**
 * Like {@link billedOf}, before prices are worked out. A shipment bears of a line's discount what the units shipped
 * so far bear less what those before it bore, and likewise of the order's discounts by the value of the lines;
 * charges and freight go with the order's first shipment. Shipments follow each other by their id.
 */
export function quotedPartOf(
  order: BilledOrder,
  orderLines: readonly OrderLine[],
  shipments: readonly Billable[],
  shipmentIds: readonly Shipment['shipmentId'][],
): QuotedPart {
  const known = new Set(shipments.map(({ shipmentId }) => shipmentId));
  const unknown = shipmentIds.find((id) => !known.has(id));
  if (unknown !== undefined) throw new RangeError(`the order has no shipment ${unknown}`);
  const wanted = new Set(shipmentIds);
  const agreed = agreedOf(order);
  const billing = new Billing(agreed, orderLines);
  const lines = new Map<number, Omit<OrderLine, 'net'>>();
  const amounts = agreed.map(() => 0);
  for (const shipment of shipments.toSorted((one, other) => (one.shipmentId < other.shipmentId ? -1 : 1))) {
    const part = billing.ship(shipment.lines);
    if (!wanted.has(shipment.shipmentId)) continue;
    for (const line of part.lines) lines.set(line.line, joined(lines.get(line.line), line));
    part.amounts.forEach((amount, index) => {
      amounts[index] = (amounts[index] ?? 0) + amount;
    });
  }
  return { lines: [...lines.values()], adjustments: inAmounts(agreed, amounts) };
}

/** What was agreed for all units that were ordered, whatever was cancelled since: parts are in proportion to it. */
function agreedOf({ agreedAdjustments, adjustments = [] }: BilledOrder): readonly Adjustment[] {
  return agreedAdjustments ?? adjustments;
}

/** The adjustments that come to something, by `amounts` at their places. */
function inAmounts(agreed: readonly Adjustment[], amounts: readonly number[]): QuotedAdjustment[] {
  return agreed.flatMap(({ net: _net, ...adjustment }, index) => {
    const amount = amounts[index] ?? 0;
    return amount > 0 ? [{ ...adjustment, amount }] : [];
  });
}

/** What is billed of an order so far, shipment by shipment. */
class Billing {
  readonly #adjustments: readonly Adjustment[];
  readonly #lines: ReadonlyMap<number, OrderLine>;
  readonly #units = new Map<number, number>();
  readonly #groups = new Map<string, Group>();
  #first = true;

  constructor(adjustments: readonly Adjustment[], orderLines: readonly OrderLine[]) {
    this.#adjustments = adjustments;
    this.#lines = new Map(orderLines.map((line) => [line.line, line]));
    for (const line of orderLines) this.#group(treatmentKey(line.tax)).value += quotedValue(line);
    adjustments.forEach(({ kind, amount, tax }, index) => {
      if (kind !== 'discount') return;
      const group = this.#group(treatmentKey(tax));
      group.discount += amount;
      group.left.set(index, amount);
    });
  }

  /** The lines a shipment bills, and the amount of each adjustment of the order, by its place. */
  ship(units: readonly ShipmentLine[]): { lines: Omit<OrderLine, 'net'>[]; amounts: number[] } {
    const lines = units.map(({ line, quantity }) => this.#take(line, quantity));
    const values = new Map<string, number>();
    for (const line of lines) {
      const key = treatmentKey(line.tax);
      values.set(key, (values.get(key) ?? 0) + quotedValue(line));
    }
    const amounts = this.#adjustments.map(({ kind, amount }) =>
      kind !== 'discount' && this.#first ? amount : 0,
    );
    this.#first = false;
    for (const [key, value] of values) {
      for (const [index, amount] of discountsOf(this.#group(key), value)) amounts[index] = amount;
    }
    return { lines, amounts };
  }

  #take(number: number, quantity: number): Omit<OrderLine, 'net'> {
    const ordered = this.#lines.get(number);
    if (!ordered) throw new RangeError(`line ${number} is to be billed, which the order lacks`);
    const before = this.#units.get(number) ?? 0;
    this.#units.set(number, before + quantity);
    const { kind, sku, description, unitPrice, discount, tax } = ordered;
    const whole = discount?.amount ?? 0;
    const amount =
      shareOf(whole, before + quantity, ordered.quantity) - shareOf(whole, before, ordered.quantity);
    return {
      line: number,
      kind,
      sku,
      description,
      quantity,
      unitPrice,
      ...(discount && amount > 0 && { discount: { ...discount, amount } }),
      tax,
    };
  }

  #group(key: string): Group {
    const group = this.#groups.get(key) ?? { value: 0, discount: 0, shipped: 0, left: new Map() };
    this.#groups.set(key, group);
    return group;
  }
}

/**
 * Lines of an order that are taxed alike: what they come to and how much of that has left; what the order's discounts
 * take off them, and what is left of each discount, by its place.
 */
type Group = { value: number; discount: number; shipped: number; readonly left: Map<number, number> };

/** What each discount takes off `value` more of the group. All of them together never take more than that. */
function discountsOf(group: Group, value: number): [number, number][] {
  const before = shareOf(group.discount, group.shipped, group.value);
  group.shipped += value;
  const amount = shareOf(group.discount, group.shipped, group.value) - before;
  const left = [...group.left];
  const parts = splitInProportion(
    amount,
    left.map(([, rest]) => rest),
  );
  return left.map(([index, rest], place) => {
    const part = parts[place] ?? 0;
    group.left.set(index, rest - part);
    return [index, part];
  });
}

/** Units of one line that left with several shipments. */
function joined(
  before: Omit<OrderLine, 'net'> | undefined,
  line: Omit<OrderLine, 'net'>,
): Omit<OrderLine, 'net'> {
  if (!before) return line;
  const discount = line.discount ?? before.discount;
  const amount = (line.discount?.amount ?? 0) + (before.discount?.amount ?? 0);
  return {
    ...line,
    quantity: before.quantity + line.quantity,
    ...(discount && { discount: { ...discount, amount } }),
  };
}
