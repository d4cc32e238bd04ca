import type { CreditNote, Deduction, Invoice, InvoiceLine } from '../invoice/invoice.ts';
import { decimalPrice } from '../kernel/decimals.ts';
import { minorDigits, shareOf } from '../kernel/money.ts';
import type { Adjustment } from '../order/order.ts';
import { decimalAmount, decimalRate, decimalShare } from './decimals.ts';
import type { SemanticAdjustment, SemanticLine } from './semantic-model.ts';
import { semanticTax } from './tax-groups.ts';

/** UNCL 5189 and 7161: why something is taken off or added. */
const reasonCodes = { discount: '95', charge: 'ABK', freight: 'FC' } as const;
/** UN/ECE recommendation 20: pieces, and one of something. */
const units = { goods: 'H87', charge: 'C62' } as const;

const words = {
  en: {
    discount: 'Discount',
    deposit: (number: string, date: string) => `Deposit invoiced with ${number} of ${date}`,
    order: (number: string) => `Order ${number}`,
  },
  de: {
    discount: 'Rabatt',
    deposit: (number: string, date: string) => `Anzahlung aus ${number} vom ${date}`,
    order: (number: string) => `Bestellung ${number}`,
  },
} as const;

/** The lines of a document, and after them the deposits that a final invoice takes off, as lines of quantity −1. */
export function semanticLines(
  document: Invoice | CreditNote,
  lines: readonly InvoiceLine[],
  showPeriods: boolean,
): SemanticLine[] {
  const last = lines.reduce((highest, { line }) => Math.max(highest, line), 0);
  const deductions = (document.kind === 'invoice' && document.deductions) || [];
  return [
    ...lines.map((line) => semanticLine(document, line, showPeriods)),
    ...deductions.map((deduction, index) => deductionLine(document, deduction, last + 1 + index)),
  ];
}

function semanticLine(document: Invoice | CreditNote, line: InvoiceLine, showPeriods: boolean): SemanticLine {
  const { source } = line;
  const say = words[document.buyer.language];
  const discount = netDiscount(document, line);
  return {
    id: String(line.line),
    note: source ? say.order(source.poNumber ?? source.orderId) : undefined,
    name: line.description.trim() === '' ? line.sku : line.description,
    sku: line.sku,
    quantity: line.quantity,
    unit: units[line.kind],
    price: netPrice(document, line, discount),
    net: decimalAmount(line.net, document.currency),
    period: source && showPeriods ? { from: source.suppliedOn, to: source.suppliedOn } : undefined,
    allowance: discount === 0 ? undefined : lineAllowance(document, line, discount),
    tax: semanticTax(line.tax),
  };
}

/** The price of a unit before tax and before the line's discount: `net` = quantity × it − discount (Peppol R120). */
function netPrice({ currency }: Invoice | CreditNote, line: InvoiceLine, discount: number): string {
  const before = line.net + discount;
  if (before === line.quantity * line.unitPrice) return decimalPrice(line.unitPrice, currency);
  return decimalShare(before, line.quantity, currency);
}

/** The line's discount before tax, minor units; where prices have tax in them, rounded to what an amount can show. */
function netDiscount(document: Invoice | CreditNote, { discount, tax }: InvoiceLine): number {
  if (!discount) return 0;
  if (document.pricesIncludeTax !== true) return discount.amount;
  const step = 10 ** Math.max(0, minorDigits(document.currency) - 2);
  const rate = Math.round(Number(tax.rate) * 10_000);
  return shareOf(discount.amount, 1_000_000, (1_000_000 + rate) * step) * step;
}

function lineAllowance(
  document: Invoice | CreditNote,
  line: InvoiceLine,
  discount: number,
): SemanticAdjustment {
  const reason = line.discount?.reason ?? words[document.buyer.language].discount;
  return {
    charge: false,
    reasonCode: reasonCodes.discount,
    reason: withPercent(reason, line.discount?.percent),
    amount: decimalAmount(discount, document.currency),
    percent: percentage(line.discount?.percent, line.net + discount, discount, document.currency),
    tax: semanticTax(line.tax),
  };
}

/** A discount, charge or freight on the whole document, before tax. */
export function semanticAdjustment(
  adjustment: Adjustment,
  lines: readonly InvoiceLine[],
  currency: string,
): SemanticAdjustment {
  const { kind, reason, percent, net, tax } = adjustment;
  const alike = lines.filter((line) => line.tax.category === tax.category && line.tax.rate === tax.rate);
  const base = alike.reduce((sum, line) => sum + line.net, 0);
  return {
    charge: kind !== 'discount',
    reasonCode: reasonCodes[kind],
    reason: withPercent(reason, percent),
    amount: decimalAmount(net, currency),
    percent: percentage(percent, base, net, currency),
    tax: semanticTax(tax),
  };
}

function deductionLine(document: Invoice | CreditNote, deduction: Deduction, id: number): SemanticLine {
  return {
    id: String(id),
    note: undefined,
    name: words[document.buyer.language].deposit(deduction.number, deduction.issuedOn),
    sku: undefined,
    quantity: -1,
    unit: units.charge,
    price: decimalPrice(deduction.net, document.currency),
    net: decimalAmount(-deduction.net, document.currency),
    period: undefined,
    allowance: undefined,
    tax: semanticTax(deduction.treatment),
  };
}

/** Percentage and base, where they give the very amount (Peppol R040); shared-out amounts stand alone. */
function percentage(
  percent: string | undefined,
  base: number,
  amount: number,
  currency: string,
): SemanticAdjustment['percent'] {
  if (percent === undefined) return undefined;
  const hundredths = 10 ** (2 - minorDigits(currency));
  if (Math.abs((base * Number(percent)) / 100 - amount) * hundredths > 1) return undefined;
  // In a currency of three digits the base may need the third.
  if (base % 10 ** Math.max(0, minorDigits(currency) - 2) !== 0) return undefined;
  return { rate: decimalRate(percent), base: decimalAmount(base, currency) };
}

function withPercent(reason: string, percent: string | undefined): string {
  return percent === undefined ? reason : `${reason} (${decimalRate(percent)} %)`;
}
