import type { Deduction } from '../invoice/invoice.ts';
import { percentOf } from '../kernel/money.ts';
import { lineLeft } from '../order/lines-left.ts';
import type { Adjustment, OrderLine } from '../order/order.ts';
import { quotedValue } from '../tax/price-quoted.ts';
import { type TaxGroup, type Totals, treatmentKey } from '../tax/tax.ts';
import { linesOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

type Priced = {
  readonly currency: string;
  readonly pricesIncludeTax?: true | undefined;
  readonly adjustments?: readonly Adjustment[] | undefined;
  readonly deductions?: readonly Deduction[] | undefined;
  readonly totals: Totals;
};

/** What the lines of a document come to by tax group: before tax, and as quoted. */
export class LineSums {
  readonly net = new Sums();
  readonly quoted = new Sums();

  add(line: Pick<OrderLine, 'quantity' | 'unitPrice' | 'discount' | 'net' | 'tax'>): void {
    const key = treatmentKey(line.tax);
    this.net.add(key, line.net);
    this.quoted.add(key, quotedValue(line));
  }
}

/** C. The totals of every order, invoice and credit note are what its lines, adjustments and deductions come to. */
export function* pricesAddUp(picture: Picture): Generator<Violation> {
  for (const [id, order] of picture.orders) {
    const sums = new LineSums();
    for (const line of linesOf(picture, id)) sums.add(lineLeft(line));
    yield* groupsAddUp(id, order, sums);
    yield* asQuoted(id, order, sums);
  }
  for (const [id, invoice] of picture.invoices) {
    const sums = picture.documentLines.get(id)?.sums ?? new LineSums();
    yield* groupsAddUp(id, invoice, sums);
    yield* asQuoted(id, invoice, sums);
  }
  for (const [id, creditNote] of picture.creditNotes) {
    yield* groupsAddUp(id, creditNote, picture.documentLines.get(id)?.sums ?? new LineSums());
  }
}

/** Group by group: lines less discounts, charges and freight added, deposits taken off. */
function* groupsAddUp(id: string, document: Priced, { net }: LineSums): Generator<Violation> {
  const sums = new Sums();
  for (const [key, amount] of net.entries()) sums.add(key, amount);
  for (const { kind, net: amount, tax } of document.adjustments ?? []) {
    sums.add(treatmentKey(tax), kind === 'discount' ? -amount : amount);
  }
  for (const deduction of document.deductions ?? []) {
    sums.add(treatmentKey(deduction.treatment), -deduction.net);
  }
  const groups = new Map(document.totals.groups.map((group) => [treatmentKey(group), group]));
  for (const key of new Set([...sums.keys(), ...groups.keys()])) {
    yield* unlessEqual('C', `net of ${key} of ${id}`, groups.get(key)?.net ?? 0, sums.of(key));
  }
}

/** What was quoted is what is charged: the net of a group, or with tax in the prices its gross, and its tax follows. */
function* asQuoted(id: string, document: Priced, { quoted }: LineSums): Generator<Violation> {
  if (document.deductions) return;
  const sums = new Sums();
  for (const [key, amount] of quoted.entries()) sums.add(key, amount);
  for (const { kind, amount, tax } of document.adjustments ?? []) {
    sums.add(treatmentKey(tax), kind === 'discount' ? -amount : amount);
  }
  for (const group of document.totals.groups) {
    const key = treatmentKey(group);
    const charged = document.pricesIncludeTax ? group.net + group.tax : group.net;
    yield* unlessEqual('C', `${key} of ${id}, as quoted`, charged, sums.of(key));
    yield* taxFollows(`tax of ${key} of ${id}`, group, document.currency);
  }
}

/** EN 16931 BR-CO-17, to the one unit that taking the tax out of a gross may cost. */
function* taxFollows(what: string, { net, rate, tax }: TaxGroup, currency: string): Generator<Violation> {
  const expected = percentOf(net, rate, currency);
  if (Math.abs(tax - expected) > 1)
    yield { invariant: 'C', detail: `${what}: found ${tax}, expected about ${expected}` };
}
