import type { Company } from '../company/company.ts';
import { type Address, type Customer, taxedBuyer } from '../customer/customer.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { MAX_AMOUNT } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import type { Product } from '../product/product.ts';
import { fitsOneTransaction } from '../stock/stock-needs.ts';
import { type AdjustmentToPrice, priceDocument, type Share } from '../tax/price-document.ts';
import type { Sold } from '../tax/sales-tax.ts';
import { type Taxable, type TaxPolicy, type TaxTreatment, type Totals, taxTreatment } from '../tax/tax.ts';
import { type Channel, MAX_LINES, type OrderHead, type OrderIn, type OrderLine } from './order.ts';
import type { AdjustmentRequest, OrderLineRequest, PlaceOrderRequest } from './order-api.ts';

export type PlaceOrderContext = {
  company: Company;
  customer: Customer;
  products: ReadonlyMap<string, Product>;
  tax: TaxPolicy;
  /** Where a provider of sales tax was asked: what it said. It then decides instead of the policy. */
  salesTax?: ((sold: Sold) => TaxTreatment) | undefined;
  /** Who places it, by name and by their token's `sub`, and whether they may agree prices (sales). */
  actor: string;
  actorId?: string | undefined;
  mayAgreePrices: boolean;
  channel: Channel;
  at: Instant;
};

/**
 * The order a request makes, with prices and tax decided here and not by the caller.
 * @throws DomainError with the lines at fault in `issues`; nothing is written then
 */
export function placeOrder(
  request: PlaceOrderRequest,
  context: PlaceOrderContext,
): { order: OrderIn<'placed'>; lines: OrderLine[] } {
  const { customer, at } = context;
  if (request.lines.length > MAX_LINES) {
    throw new DomainError(
      'too_many_lines',
      `An order has at most ${MAX_LINES} lines. Split it into several orders.`,
    );
  }
  if (customer.status === 'blocked') {
    throw new DomainError('customer_blocked', 'This customer is blocked. Ask the credit team.');
  }
  if (request.currency !== customer.currency) {
    throw new DomainError(
      'currency_mismatch',
      `This customer is served in ${customer.currency}. Place the order in it.`,
      {
        issues: [{ path: 'currency', message: `must be ${customer.currency}` }],
      },
    );
  }
  refuseAgreedPrices(request, context.mayAgreePrices);
  const date = request.documentDate ?? dateIn(context.company.timeZone, at);
  const treatment = context.salesTax ?? treatmentBy(context, date, request.shipTo);
  const priced = pricedLines(request, customer, context.products);
  refuseHugeLines(priced);
  const { lines, adjustments, totals } = priceDocument({
    lines: priced.map(({ line, product, unitPrice }, index) => ({
      line: index + 1,
      kind: product.kind,
      sku: line.sku,
      description: line.description ?? product.description,
      quantity: line.quantity,
      unitPrice,
      ...(line.discount && { discount: { ...shareOf(line.discount), ...reasonOf(line.discount) } }),
      tax: treatment(product),
    })),
    adjustments: request.adjustments?.map((adjustment) => adjustmentOf(adjustment, treatment)),
    pricesIncludeTax: customer.pricesIncludeTax === true,
    currency: customer.currency,
  });
  refuseTotals(totals);

  const ordered = lines.reduce((sum, line) => sum + line.quantity, 0);
  const order: OrderIn<'placed'> = {
    status: 'placed',
    orderId: newId('ord', at),
    customerId: customer.customerId,
    channel: context.channel,
    currency: customer.currency,
    ...(request.poNumber !== undefined && { poNumber: request.poNumber }),
    ...(request.documentDate !== undefined && { documentDate: request.documentDate }),
    placedAt: at,
    placedBy: context.actor,
    ...(context.actorId !== undefined && { placedById: context.actorId }),
    ...(request.shipTo && { shipTo: request.shipTo }),
    ...(request.requestedOn !== undefined && { requestedOn: request.requestedOn }),
    ...((request.backorder ?? customer.backorder) === 'allow' && { backorder: 'allow' }),
    ...(request.incoterm && { incoterm: request.incoterm }),
    ...(request.priority && { priority: request.priority }),
    ...(request.tags && { tags: [...new Set(request.tags)] }),
    lineCount: lines.length,
    ...(customer.pricesIncludeTax && { pricesIncludeTax: true }),
    ...invoicingOf(context),
    ...(adjustments.length > 0 && { adjustments }),
    totals,
    reservation: fitsOneTransaction(lines) ? 'reserved' : 'pending',
    units: { ordered, cancelled: 0, shipped: 0, delivered: 0, returned: 0 },
    openUnits: ordered,
    claim: 0,
    version: 1,
  };
  return { order, lines };
}

/** What its invoices will cover. What is sold over the counter is invoiced there and then. */
function invoicingOf({ customer: { invoicing }, channel }: PlaceOrderContext): Pick<OrderHead, 'invoicing'> {
  return invoicing === undefined || invoicing === 'shipment' || channel === 'counter' ? {} : { invoicing };
}

/** What the tax policy says of a sale to the customer on `date` whose goods go to `shipTo`. */
export function treatmentBy(
  { company, customer, tax }: Pick<PlaceOrderContext, 'company' | 'customer' | 'tax'>,
  date: CalendarDate,
  shipTo: Address | undefined,
): (sold: Taxable) => TaxTreatment {
  return (sold) => taxTreatment(company, taxedBuyer(customer, shipTo), sold, tax, date);
}

function adjustmentOf(
  { kind, reason, taxClass, ...share }: AdjustmentRequest,
  treatment: (sold: Taxable) => TaxTreatment,
): AdjustmentToPrice {
  return { kind, reason, ...shareOf(share), ...(taxClass && { tax: treatment({ taxClass }) }) };
}

/** Exactly one of both is there: the request was checked. */
function shareOf({ percent, amount }: { percent?: string | undefined; amount?: number | undefined }): Share {
  return percent === undefined ? { amount: amount ?? 0 } : { percent };
}

function reasonOf({ reason }: { reason?: string | undefined }): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

function refuseAgreedPrices(request: PlaceOrderRequest, mayAgreePrices: boolean): void {
  if (mayAgreePrices) return;
  const issues = request.lines.flatMap((line, index) =>
    line.unitPrice === undefined && line.description === undefined && line.discount === undefined
      ? []
      : [{ path: `lines.${index}`, message: 'only sales may state a price, a discount or a description' }],
  );
  if (request.adjustments) {
    issues.push({ path: 'adjustments', message: 'only sales may agree discounts and charges' });
  }
  for (const path of ['priority', 'tags', 'warehouse'] as const) {
    if (request[path]) issues.push({ path, message: 'only sales may set it' });
  }
  if (issues.length > 0) {
    throw new DomainError(
      'price_not_allowed',
      'Leave out unitPrice, discount, description, adjustments, priority, tags and warehouse: the list price applies.',
      { issues },
    );
  }
}

type PricedLine = { line: OrderLineRequest; product: Product; unitPrice: number };

function pricedLines(
  request: PlaceOrderRequest,
  { pricesIncludeTax }: Customer,
  known: ReadonlyMap<string, Product>,
): PricedLine[] {
  const unknown: FieldIssue[] = [];
  const unpriced: FieldIssue[] = [];
  const priced = request.lines.flatMap((line, index): PricedLine[] => {
    const path = `lines.${index}.sku`;
    const product = known.get(line.sku);
    if (!product) {
      unknown.push({ path, message: `there is no product ${line.sku}` });
      return [];
    }
    const prices = pricesIncludeTax ? product.pricesIncludingTax : product.prices;
    const unitPrice = line.unitPrice ?? prices?.[request.currency];
    if (unitPrice === undefined) {
      const which = pricesIncludeTax ? 'price with tax' : 'price';
      unpriced.push({ path, message: `${line.sku} has no ${which} in ${request.currency}` });
      return [];
    }
    return [{ line, product, unitPrice }];
  });
  if (unknown.length > 0) {
    throw new DomainError('product_not_found', 'Some lines name products that do not exist.', {
      issues: unknown,
    });
  }
  if (unpriced.length > 0) {
    throw new DomainError('product_price_missing', 'Some products are not sold in this currency.', {
      issues: unpriced,
    });
  }
  return priced;
}

function refuseHugeLines(lines: readonly PricedLine[]): void {
  const values = lines.map(({ line, unitPrice }) => unitPrice * line.quantity);
  const issues = values.flatMap((value, index) =>
    value > MAX_AMOUNT ? [{ path: `lines.${index}.quantity`, message: 'makes the line too large' }] : [],
  );
  if (issues.length > 0 || values.reduce((sum, value) => sum + value, 0) > MAX_AMOUNT) refuseHuge(issues);
}

/** Charges may have made it too large; and what is outside the scope of VAT stands alone (EN 16931 BR-O-11). */
function refuseTotals({ net, groups }: Totals): void {
  if (net > MAX_AMOUNT) refuseHuge([]);
  if (groups.length > 1 && groups.some(({ category }) => category === 'O')) {
    throw new DomainError(
      'validation_failed',
      'What is outside the scope of VAT can’t be on one invoice with anything else. Place two orders.',
      { issues: [{ path: 'lines', message: 'are partly outside the scope of VAT' }] },
    );
  }
}

function refuseHuge(issues: FieldIssue[]): never {
  throw new DomainError(
    'amount_too_large',
    'The order is worth more than this system carries. Check the quantities.',
    { issues },
  );
}
