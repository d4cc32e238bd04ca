import type * as z from 'zod';
import type { EInvoiceFile } from '#shared/e-invoice/e-invoice.ts';
import { type CreditNote, type Invoice, InvoiceLine } from '#shared/invoice/invoice.ts';
import { percentOf, shareOf } from '#shared/kernel/money.ts';
import type { Adjustment, LineDiscount } from '#shared/order/order.ts';
import { sameTreatment, type TaxGroup, type TaxTreatment } from '#shared/tax/tax.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCreditNote, anInvoice } from '#test/builders/invoice.ts';
import { buyer } from './parties.ts';

export type DraftLine = {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly tax: TaxTreatment;
  readonly kind?: 'goods' | 'charge';
  readonly description?: string;
  readonly discount?: LineDiscount;
  readonly source?: InvoiceLine['source'];
};
export type DraftAdjustment = Pick<Adjustment, 'kind' | 'amount' | 'reason' | 'percent' | 'tax'>;

/** What a document is made of, before its sums. */
export type Draft = {
  readonly seller?: Parameters<typeof aCompany>[0];
  readonly lines: readonly DraftLine[];
  readonly adjustments?: readonly DraftAdjustment[];
  readonly pricesIncludeTax?: boolean;
  readonly currency: string;
} & (
  | { readonly kind: 'invoice'; readonly head?: Partial<z.input<typeof Invoice>> }
  | { readonly kind: 'credit_note'; readonly head?: Partial<z.input<typeof CreditNote>> }
);

/** A document with sums that agree: those of its lines, discounts and charges, less the deposits in `head`. */
export function drafted(draft: Draft): EInvoiceFile {
  const { currency, pricesIncludeTax = false } = draft;
  const adjustments = draft.adjustments ?? [];
  const items = [
    ...draft.lines.map((line) => ({
      tax: line.tax,
      quoted: line.quantity * line.unitPrice - (line.discount?.amount ?? 0),
    })),
    ...adjustments.map(({ tax, amount, kind }) => ({ tax, quoted: kind === 'discount' ? -amount : amount })),
  ];
  const nets = items.map(({ quoted }) => quoted);
  const groups: TaxGroup[] = [];
  for (const { tax } of items) {
    if (groups.some((group) => sameTreatment(group, tax))) continue;
    const members = items.flatMap((item, index) => (sameTreatment(item.tax, tax) ? [index] : []));
    const quoted = members.reduce((sum, index) => sum + (items[index]?.quoted ?? 0), 0);
    const rate = Math.round(Number(tax.rate) * 10_000);
    const taxAmount = pricesIncludeTax
      ? shareOf(quoted, rate, 1_000_000 + rate)
      : percentOf(quoted, tax.rate, currency);
    const net = pricesIncludeTax ? quoted - taxAmount : quoted;
    if (pricesIncludeTax) shareOut(nets, members, net, quoted);
    groups.push({ ...tax, net, tax: taxAmount });
  }
  const deductions = (draft.kind === 'invoice' && draft.head?.deductions) || [];
  const after = groups.map((group) => {
    const taken = deductions.filter(({ treatment }) => sameTreatment(treatment, group));
    const sum = (of: 'net' | 'tax') => taken.reduce((total, deduction) => total + deduction[of], 0);
    return { ...group, net: group.net - sum('net'), tax: group.tax - sum('tax') };
  });
  const net = after.reduce((sum, group) => sum + group.net, 0);
  const tax = after.reduce((sum, group) => sum + group.tax, 0);
  const common = {
    buyer: buyer('GB'),
    currency,
    lineCount: draft.lines.length,
    totals: { net, tax, gross: net + tax, groups: after },
    ...(pricesIncludeTax ? { pricesIncludeTax } : {}),
    ...(adjustments.length === 0
      ? {}
      : {
          adjustments: adjustments.map((adjustment, index) => ({
            ...adjustment,
            net: Math.abs(nets[draft.lines.length + index] ?? 0),
          })),
        }),
  };
  return {
    document:
      draft.kind === 'invoice'
        ? anInvoice({ ...common, ...draft.head })
        : aCreditNote({ ...common, ...draft.head }),
    lines: draft.lines.map((line, index) =>
      InvoiceLine.parse({
        kind: 'goods',
        description: 'Mug, blue glaze',
        ...line,
        line: index + 1,
        sku: `SKU-${index + 1}`,
        net: nets[index],
      }),
    ),
    seller: aCompany(draft.seller ?? {}),
  };
}

/** Gives each member its part of `net`, and what rounding leaves to the largest of them. */
function shareOut(nets: number[], members: readonly number[], net: number, quoted: number): void {
  const shares = members.map((index) => shareOf(nets[index] ?? 0, net, quoted));
  const left = net - shares.reduce((sum, share) => sum + share, 0);
  const largest = shares.indexOf(Math.max(...shares));
  members.forEach((index, position) => {
    nets[index] = (shares[position] ?? 0) + (position === largest ? left : 0);
  });
}
