import { shareOf } from '../kernel/money.ts';
import type { Adjustment } from '../order/order.ts';
import { quotedValue } from '../tax/price-quoted.ts';
import { sameTreatment, type TaxTreatment, treatmentKey } from '../tax/tax.ts';
import type { CreditedLine, ReturnedInvoice } from './credited-lines.ts';

/**
 * What of an invoice's own discounts goes with the lines that are credited of it, one discount a tax group: it was
 * taken off them, so it is not given back. By the value of all units credited so far less that of those before, so that
 * an invoice that comes back in pieces is credited at what it came to and never beyond. Charges and freight stay.
 */
export function creditedDiscounts(lines: readonly CreditedLine[], basis: ReturnedInvoice): Adjustment[] {
  const discounts = (basis.invoice.adjustments ?? []).filter(({ kind }) => kind === 'discount');
  const treatments = new Map(discounts.map(({ tax }) => [treatmentKey(tax), tax]));
  return [...treatments.values()].flatMap((tax): Adjustment[] => {
    const own = discounts.filter((discount) => sameTreatment(discount.tax, tax));
    const credited = lines.filter((line) => sameTreatment(line.tax, tax));
    const share = shareBetween(basis, credited, tax);
    const net = Math.min(share(sumOf(own.map((each) => each.net))), sumOf(credited.map((each) => each.net)));
    const amount = basis.invoice.pricesIncludeTax
      ? Math.min(share(sumOf(own.map((each) => each.amount))), sumOf(credited.map(quotedValue)))
      : net;
    const percent = own.length === 1 ? own[0]?.percent : undefined;
    const reason = [...new Set(own.map((each) => each.reason))].join(', ').slice(0, 100);
    return amount === 0 && net === 0
      ? []
      : [{ kind: 'discount', reason, ...(percent !== undefined && { percent }), amount, net, tax }];
  });
}

/** The share of an amount that `credited` bears, by what the units came to on the invoice. */
function shareBetween(
  { lines, credited }: ReturnedInvoice,
  now: readonly CreditedLine[],
  tax: TaxTreatment,
): (amount: number) => number {
  const group = lines.filter((line) => sameTreatment(line.tax, tax));
  const unitsBefore = (line: number) => credited?.quantities[String(line)] ?? 0;
  const unitsNow = (line: number) =>
    sumOf(now.map(({ invoiceLine, quantity }) => (invoiceLine === line ? quantity : 0)));
  const worth = (unitsOf: (line: number) => number) =>
    sumOf(group.map(({ line, net, quantity }) => shareOf(net, unitsOf(line), quantity)));
  const whole = sumOf(group.map(({ net }) => net));
  const before = worth(unitsBefore);
  const after = worth((line) => unitsBefore(line) + unitsNow(line));
  return (amount) => shareOf(amount, after, whole) - shareOf(amount, before, whole);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
