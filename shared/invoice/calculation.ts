import * as z from 'zod';
import { Minor, RatePercent } from '../kernel/money.ts';
import { signed } from '../tax/price-quoted.ts';
import { sameTreatment, TaxTreatment } from '../tax/tax.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

/** Adds to its group, or takes off. */
const Step = z.strictObject({
  kind: z.enum(['discount', 'charge', 'freight']),
  percent: RatePercent.optional(),
  /** As agreed, and what of it is before tax. */
  amount: Minor,
  net: Minor,
});

/**
 * How each figure of an invoice came about, derived from it alone. Minor units.
 * `quoted`: prices are before tax (`tax` of a group = `base` × `rate`), or have it in them (`tax` = `gross` × `rate` /
 * (100 + `rate`)).
 */
export const Calculation = z.strictObject({
  quoted: z.enum(['before_tax', 'with_tax']),
  /** `value` = `quantity` × `unitPrice`; `amount` = `value` − `discount`; `net` is `amount` before tax. */
  lines: z.array(
    z.strictObject({
      line: z.int(),
      quantity: z.int(),
      unitPrice: Minor,
      value: Minor,
      discount: z.strictObject({ percent: RatePercent.optional(), amount: Minor }).optional(),
      amount: Minor,
      net: Minor,
    }),
  ),
  /** `base` = `lines` + `adjustments` − `deductions`, each before tax; `gross` = `base` + `tax`. */
  groups: z.array(
    z.strictObject({
      ...TaxTreatment.shape,
      lines: Minor,
      adjustments: z.array(Step),
      deductions: Minor,
      base: Minor,
      tax: Minor,
      gross: Minor,
    }),
  ),
  /** `gross` = `net` + `tax`: the sums of the groups' `base`, `tax` and `gross`. */
  totals: z.strictObject({ net: Minor, tax: Minor, gross: Minor }),
});
export type Calculation = z.infer<typeof Calculation>;

type Calculated = Pick<Invoice, 'pricesIncludeTax' | 'adjustments' | 'deductions' | 'totals'>;

/** The arithmetic of an invoice, step by step. */
export function calculationOf(invoice: Calculated, lines: readonly InvoiceLine[]): Calculation {
  const { pricesIncludeTax, adjustments = [], deductions = [] } = invoice;
  const { net, tax, gross, groups } = invoice.totals;
  return {
    quoted: pricesIncludeTax ? 'with_tax' : 'before_tax',
    lines: lines.map(lineOf),
    groups: groups.map(({ net: base, tax: groupTax, ...treatment }) => ({
      ...treatment,
      lines: sumOf(lines.filter((line) => sameTreatment(line.tax, treatment))),
      adjustments: adjustments.flatMap((adjustment) => {
        if (!sameTreatment(adjustment.tax, treatment)) return [];
        const { kind, percent, amount } = adjustment;
        const sign = kind === 'discount' ? -1 : 1;
        return [
          {
            kind,
            ...(percent !== undefined && { percent }),
            amount: sign * amount || 0,
            net: signed(adjustment).net,
          },
        ];
      }),
      deductions: sumOf(deductions.filter((deduction) => sameTreatment(deduction.treatment, treatment))),
      base,
      tax: groupTax,
      gross: base + groupTax,
    })),
    totals: { net, tax, gross },
  };
}

function lineOf({ line, quantity, unitPrice, discount, net }: InvoiceLine): Calculation['lines'][number] {
  const value = quantity * unitPrice;
  const { percent, amount = 0 } = discount ?? {};
  return {
    line,
    quantity,
    unitPrice,
    value,
    ...(discount && { discount: { ...(percent !== undefined && { percent }), amount } }),
    amount: value - amount,
    net,
  };
}

function sumOf(parts: readonly { net: number }[]): number {
  return parts.reduce((sum, { net }) => sum + net, 0);
}
