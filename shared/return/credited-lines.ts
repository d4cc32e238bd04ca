import type { Company } from '../company/company.ts';
import { type Customer, taxedBuyer } from '../customer/customer.ts';
import { suppliedTotals } from '../deposit/deduct-deposits.ts';
import type { Credited, Invoice, InvoiceLine } from '../invoice/invoice.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { percentOf, shareOf } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { Adjustment } from '../order/order.ts';
import type { Product } from '../product/product.ts';
import { quotedValue, signed } from '../tax/price-quoted.ts';
import type { Sold } from '../tax/sales-tax.ts';
import {
  sameTreatment,
  type TaxGroup,
  type TaxPolicy,
  type TaxTreatment,
  type Totals,
  taxTreatment,
  totalsOf,
  totalsOfGroups,
} from '../tax/tax.ts';
import type { Condition } from './return.ts';
import type { ReturnLineRequest } from './return-api.ts';

/** A line of the credit note, with what becomes of its goods and the line of the invoice they were on. */
export type CreditedLine = InvoiceLine & { readonly condition: Condition; readonly invoiceLine?: number };

/** An invoice that goods come back from, and what was credited of it before. */
export type ReturnedInvoice = {
  readonly invoice: Invoice;
  readonly lines: readonly InvoiceLine[];
  readonly credited: Credited | undefined;
};

/** What decides the tax of goods that come back without an invoice: a provider of sales tax where one was asked. */
export type TaxBasis = {
  company: Company;
  customer: Customer;
  policy: TaxPolicy;
  date: CalendarDate;
  salesTax?: ((sold: Sold) => TaxTreatment) | undefined;
};

/**
 * What a return credits of an invoice: each unit at the price, discount and tax it was invoiced with, or at a lower
 * price where one is agreed. A SKU that is on several invoice lines is taken from the line with the agreed price first, then
 * from the first that has units left, so that one returned line may become several credited ones.
 * @throws DomainError `return_exceeds_invoice` with the lines at fault
 */
export function creditFromInvoice(
  requested: readonly ReturnLineRequest[],
  basis: ReturnedInvoice,
): CreditedLine[] {
  if (basis.invoice.type === 'deposit') {
    throw new DomainError(
      'return_exceeds_invoice',
      `${basis.invoice.number} asks for a deposit: no goods were on it. Name the invoice they were on.`,
    );
  }
  const left = new Map(
    basis.lines.map(({ line, quantity }) => [
      line,
      quantity - (basis.credited?.quantities[String(line)] ?? 0),
    ]),
  );
  const credited: CreditedLine[] = [];
  const issues: FieldIssue[] = [];
  requested.forEach((request, index) => {
    const onInvoice = basis.lines.filter(({ sku }) => sku === request.sku);
    const candidates = onInvoice.filter((line) => unitValue(line) >= (request.unitPrice ?? 0));
    const available = candidates.reduce((sum, { line }) => sum + (left.get(line) ?? 0), 0);
    if (available < request.quantity) {
      issues.push(excess(index, request, onInvoice, candidates, available, basis.invoice.number));
      return;
    }
    let wanted = request.quantity;
    for (const source of exactPriceFirst(candidates, request.unitPrice)) {
      const open = left.get(source.line) ?? 0;
      const quantity = Math.min(wanted, open);
      if (quantity === 0) continue;
      wanted -= quantity;
      left.set(source.line, open - quantity);
      const units = { before: source.quantity - open, quantity };
      const { pricesIncludeTax } = basis.invoice;
      credited.push({
        ...(request.unitPrice === undefined
          ? asInvoiced(source, units, pricesIncludeTax)
          : atPrice(source, units, request.unitPrice, pricesIncludeTax)),
        line: credited.length + 1,
        condition: request.condition,
        invoiceLine: source.line,
      });
    }
  });
  if (issues.length > 0) {
    throw new DomainError(
      'return_exceeds_invoice',
      'More comes back than was invoiced and not credited yet.',
      { issues },
    );
  }
  return credited;
}

type Units = { before: number; quantity: number };

/**
 * Units of an invoiced line at what they came to: of its discount (and of its net, where tax was taken out of it) what
 * all units credited so far bear, less what those before them bore.
 */
export function asInvoiced(
  { discount, ...source }: InvoiceLine,
  { before, quantity }: Units,
  pricesIncludeTax: true | undefined,
): InvoiceLine {
  const share = shareBetween(before, before + quantity, source.quantity);
  const amount = share(discount?.amount ?? 0);
  return {
    ...source,
    quantity,
    ...(discount && amount > 0 && { discount: { ...discount, amount } }),
    net: pricesIncludeTax ? share(source.net) : source.unitPrice * quantity - amount,
  };
}

/** Units of an invoiced line at an agreed price, as quoted on the invoice, and never at more than they came to. */
function atPrice(
  { discount, ...source }: InvoiceLine,
  { before, quantity }: Units,
  unitPrice: number,
  pricesIncludeTax: true | undefined,
): InvoiceLine {
  const value = unitPrice * quantity;
  const invoiced = shareBetween(before, before + quantity, source.quantity)(source.net);
  const net = pricesIncludeTax
    ? Math.min(shareOf(source.net, value, quotedValue({ ...source, discount })), invoiced)
    : value;
  return { ...source, quantity, unitPrice, net };
}

function shareBetween(before: number, after: number, whole: number): (amount: number) => number {
  return (amount) => shareOf(amount, after, whole) - shareOf(amount, before, whole);
}

/** What a unit of an invoiced line came to as quoted, after its discount, rounded down. */
function unitValue(line: InvoiceLine): number {
  return Math.floor(quotedValue(line) / line.quantity);
}

/**
 * What a return without an invoice credits: the prices it states, taxed as a sale to the customer on the day of its
 * document would be.
 * @throws DomainError `validation_failed` where a price is missing, `product_not_found`, `policy_invalid` where the
 *   tax policy has no rate for that day
 */
export function creditFromPrices(
  requested: readonly ReturnLineRequest[],
  products: ReadonlyMap<string, Product>,
  basis: TaxBasis,
): CreditedLine[] {
  const unpriced: FieldIssue[] = [];
  const unknown: FieldIssue[] = [];
  const credited = requested.flatMap(({ sku, quantity, unitPrice, condition }, index): CreditedLine[] => {
    const product = products.get(sku);
    if (!product) unknown.push({ path: `lines.${index}.sku`, message: `there is no product ${sku}` });
    if (unitPrice === undefined) {
      unpriced.push({ path: `lines.${index}.unitPrice`, message: 'is required without invoiceId' });
    }
    if (!product || unitPrice === undefined) return [];
    const { kind, description } = product;
    const tax = treatmentOf(product, basis);
    const net = unitPrice * quantity;
    return [{ line: index + 1, kind, sku, description, quantity, unitPrice, net, tax, condition }];
  });
  if (unpriced.length > 0) {
    throw new DomainError(
      'validation_failed',
      'State the prices to credit, or the invoice the goods were on.',
      {
        issues: unpriced,
      },
    );
  }
  if (unknown.length > 0) {
    throw new DomainError('product_not_found', 'Some lines name products that do not exist.', {
      issues: unknown,
    });
  }
  return credited;
}

/**
 * The totals of a credit note over lines less `discounts`. The tax of each group is what brings the tax credited of the invoice so far to the
 * rounded tax on all that was credited so far: however an invoice is returned piece by piece, the pieces' tax adds
 * up to the invoice's and never beyond. The first credit note has the tax EN 16931 BR-CO-17 asks for; a later one is
 * at most one minor unit a group away from it. Of an invoice whose prices include tax it is a share of the tax that was
 * taken out of them.
 * @param before what was credited of the invoice before, by tax group
 * @param invoice what is credited, where that is known
 */
export function creditTotals(
  lines: readonly CreditedLine[],
  before: Credited['groups'],
  currency: string,
  discounts: readonly Adjustment[] = [],
  invoice?: Pick<Invoice, 'pricesIncludeTax' | 'totals' | 'deductions'>,
): Totals {
  const { groups } = totalsOf([...lines, ...discounts.map(signed)], currency);
  const supplied = invoice && suppliedTotals(invoice).groups;
  const settled = groups.map((group) => {
    const earlier = creditedBefore(before, group);
    const invoiced = supplied?.find((own) => sameTreatment(own, group));
    const net = earlier.net + group.net;
    const rounded =
      invoiced && invoice?.pricesIncludeTax
        ? shareOf(invoiced.tax, net, invoiced.net)
        : percentOf(net, group.rate, currency);
    const upTo = invoiced ? Math.min(rounded, invoiced.tax) : rounded;
    return { ...group, tax: Math.max(0, upTo - earlier.tax) };
  });
  return totalsOfGroups(settled);
}

/** What is credited of an invoice once `lines` are, too. */
export function addCredited(
  basis: ReturnedInvoice,
  lines: readonly CreditedLine[],
  totals: Totals,
): Credited {
  const { invoice, credited } = basis;
  const quantities: Record<string, number> = { ...credited?.quantities };
  for (const { invoiceLine, quantity } of lines) {
    if (invoiceLine !== undefined) quantities[invoiceLine] = (quantities[invoiceLine] ?? 0) + quantity;
  }
  const before = credited?.groups ?? [];
  const untouched = before.filter((group) => !totals.groups.some((other) => sameTreatment(group, other)));
  const grown = totals.groups.map((group) => {
    const earlier = creditedBefore(before, group);
    return { ...group, net: earlier.net + group.net, tax: earlier.tax + group.tax };
  });
  return {
    invoiceId: invoice.invoiceId,
    quantities,
    groups: [...untouched, ...grown],
    version: (credited?.version ?? 0) + 1,
  };
}

/** What of all an invoice supplied is not credited yet, by tax group: deposits it took off were paid for it, too. */
export function groupsLeft({ invoice, credited }: ReturnedInvoice): TaxGroup[] {
  return suppliedTotals(invoice).groups.map((group) => {
    const before = creditedBefore(credited?.groups ?? [], group);
    return { ...group, net: group.net - before.net, tax: group.tax - before.tax };
  });
}

/** What of `totals` is beyond what is left of an invoice, in words; undefined where nothing is. */
export function beyondInvoice(totals: Totals, basis: ReturnedInvoice): string | undefined {
  const left = groupsLeft(basis);
  for (const group of totals.groups) {
    const own = left.find((other) => sameTreatment(other, group));
    if (group.net > (own?.net ?? 0) || group.tax > (own?.tax ?? 0))
      return `only ${own?.net ?? 0} before tax left to credit at ${group.rate} %`;
  }
  return undefined;
}

/** What was credited of a tax group before. */
function creditedBefore(before: Credited['groups'], group: TaxTreatment): { net: number; tax: number } {
  return before.find((earlier) => sameTreatment(earlier, group)) ?? { net: 0, tax: 0 };
}

function treatmentOf(product: Product, { company, customer, policy, date, salesTax }: TaxBasis) {
  return salesTax?.(product) ?? taxTreatment(company, taxedBuyer(customer), product, policy, date);
}

function exactPriceFirst(lines: readonly InvoiceLine[], unitPrice: number | undefined): InvoiceLine[] {
  return lines.toSorted(
    (one, other) => Number(unitValue(other) === unitPrice) - Number(unitValue(one) === unitPrice),
  );
}

function excess(
  index: number,
  { sku }: ReturnLineRequest,
  onInvoice: readonly InvoiceLine[],
  candidates: readonly InvoiceLine[],
  available: number,
  number: string,
): FieldIssue {
  if (onInvoice.length === 0) return { path: `lines.${index}.sku`, message: `${sku} is not on ${number}` };
  if (candidates.length === 0) {
    const price = Math.max(...onInvoice.map(unitValue));
    return { path: `lines.${index}.unitPrice`, message: `was invoiced at ${price}` };
  }
  return { path: `lines.${index}.quantity`, message: `only ${available} of ${sku} left to credit` };
}
