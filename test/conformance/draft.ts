import type * as z from 'zod';
import type { EInvoiceFile } from '#shared/e-invoice/e-invoice.ts';
import { type CreditNote, type Invoice, InvoiceLine } from '#shared/invoice/invoice.ts';
import type { Adjustment, LineDiscount } from '#shared/order/order.ts';
import { priceQuoted } from '#shared/tax/price-quoted.ts';
import { sameTreatment, type TaxTreatment } from '#shared/tax/tax.ts';
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
  const {
    lines,
    adjustments,
    totals: { groups },
  } = priceQuoted({ lines: draft.lines, adjustments: draft.adjustments ?? [], pricesIncludeTax, currency });
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
    ...(adjustments.length > 0 && { adjustments }),
  };
  return {
    document:
      draft.kind === 'invoice'
        ? anInvoice({ ...common, creditorReference: 'RF94INV2026000001', ...draft.head })
        : aCreditNote({ ...common, ...draft.head }),
    lines: lines.map((line, index) =>
      InvoiceLine.parse({
        kind: 'goods',
        description: 'Mug, blue glaze',
        ...line,
        line: index + 1,
        sku: `SKU-${index + 1}`,
      }),
    ),
    seller: aCompany(draft.seller ?? {}),
  };
}
