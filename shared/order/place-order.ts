import type { Company } from '../company/company.ts';
import { type Address, type Customer, taxedBuyer } from '../customer/customer.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Currency, formatMoney, MAX_AMOUNT, percentOf } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { agreedPrice } from '../pricing/agreed-price.ts';
import type { PriceListEntry } from '../pricing/price-list.ts';
import { notSold } from '../product/market.ts';
import type { Product } from '../product/product.ts';
import { fitsOneTransaction } from '../stock/stock-needs.ts';
import { type AdjustmentToPrice, priceDocument, type Share } from '../tax/price-document.ts';
import type { Sold } from '../tax/sales-tax.ts';
import { type Taxable, type TaxPolicy, type TaxTreatment, type Totals, taxTreatment } from '../tax/tax.ts';
import {
  type Channel,
  MAX_LINES,
  type OrderHead,
  type OrderIn,
  type OrderLine,
  type OrderSource,
  type Reason,
} from './order.ts';
import type { AdjustmentRequest, OrderLineRequest, PlaceOrderRequest } from './order-api.ts';
import type { VerificationPolicy } from './verification-policy.ts';

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
  /** What the customer's price list says of the products. */
  listed?: ReadonlyMap<string, PriceListEntry> | undefined;
  verification: VerificationPolicy;
  channel: Channel;
  source?: OrderSource | undefined;
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
  refuseWithoutPurchaseOrder(request, customer);
  const date = request.documentDate ?? dateIn(context.company.timeZone, at);
  const treatment = context.salesTax ?? treatmentBy(context, date, request.shipTo);
  const priced = pricedLines(request, context, date);
  refuseUnsold(priced, request.shipTo ?? customer.address, date);
  refuseHugeLines(priced);
  const { lines, adjustments, totals } = priceDocument({
    lines: priced.map(({ line, product, unitPrice, source, differs }, index) => ({
      line: index + 1,
      kind: product.kind,
      sku: line.sku,
      description: line.description ?? product.description,
      quantity: line.quantity,
      unitPrice,
      ...(source && { priceSource: source }),
      ...(differs && { statedPrice: line.statedPrice }),
      ...(line.discount && { discount: { ...shareOf(line.discount), ...reasonOf(line.discount) } }),
      tax: treatment(product),
    })),
    adjustments: request.adjustments?.map((adjustment) => adjustmentOf(adjustment, treatment)),
    pricesIncludeTax: customer.pricesIncludeTax === true,
    currency: customer.currency,
  });
  refuseTotals(totals);
  if (!context.mayAgreePrices) refuseSmall(totals.net, customer, context.verification);
  const doubts = differingPrices(lines, customer.currency);

  const ordered = lines.reduce((sum, line) => sum + line.quantity, 0);
  const order: OrderIn<'placed'> = {
    status: 'placed',
    orderId: newId('ord', at),
    customerId: customer.customerId,
    channel: context.channel,
    ...(context.source && { source: context.source }),
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
    ...(doubts.length > 0 && { doubts }),
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

function refuseWithoutPurchaseOrder(
  { poNumber }: PlaceOrderRequest,
  { purchaseOrderRequired }: Customer,
): void {
  if (!purchaseOrderRequired || poNumber !== undefined) return;
  throw new DomainError(
    'purchase_order_missing',
    'Orders of this customer name the purchase order. Send it as `poNumber`.',
    { issues: [{ path: 'poNumber', message: 'is missing' }] },
  );
}

/** @throws DomainError `product_not_sold` with the lines whose products are not sold there or then */
function refuseUnsold(lines: readonly PricedLine[], { country }: Address, date: CalendarDate): void {
  const issues = lines.flatMap(({ product }, index): FieldIssue[] => {
    const why = notSold(product.market, country, date);
    return why === undefined ? [] : [{ path: `lines.${index}.sku`, message: `${product.sku} ${why}` }];
  });
  if (issues.length === 0) return;
  throw new DomainError('product_not_sold', 'Some products are not sold to this customer.', { issues });
}

/** @throws DomainError `order_too_small` */
function refuseSmall(net: number, { currency }: Customer, { minimumOrder }: VerificationPolicy): void {
  const least = minimumOrder[currency];
  if (least === undefined || net >= least) return;
  throw new DomainError(
    'order_too_small',
    `The least we take is ${formatMoney(least, currency)} before tax; this order is ${formatMoney(net, currency)}. Ask for more, or ask sales.`,
  );
}

function differingPrices(lines: readonly OrderLine[], currency: Currency): Reason[] {
  return lines.flatMap(({ line, sku, unitPrice, statedPrice }) =>
    statedPrice === undefined
      ? []
      : [
          {
            code: 'price_differs' as const,
            detail: `line ${line}, ${sku}: stated ${formatMoney(statedPrice, currency)}, ours ${formatMoney(unitPrice, currency)}`,
          },
        ],
  );
}

type PricedLine = {
  line: OrderLineRequest;
  product: Product;
  unitPrice: number;
  source?: OrderLine['priceSource'];
  /** The customer stated another price. */
  differs: boolean;
};

function pricedLines(
  request: PlaceOrderRequest,
  { customer, products, listed, verification }: PlaceOrderContext,
  date: CalendarDate,
): PricedLine[] {
  const { currency, pricesIncludeTax = false } = customer;
  const unknown: FieldIssue[] = [];
  const unpriced: FieldIssue[] = [];
  const priced = request.lines.flatMap((line, index): PricedLine[] => {
    const path = `lines.${index}.sku`;
    const product = products.get(line.sku);
    if (!product) {
      unknown.push({ path, message: `there is no product ${line.sku}` });
      return [];
    }
    const agreed = agreedPrice(product, listed?.get(line.sku), line.quantity, {
      currency,
      pricesIncludeTax,
      date,
    });
    const unitPrice = line.unitPrice ?? agreed?.unitPrice;
    if (unitPrice === undefined) {
      const which = pricesIncludeTax ? 'price with tax' : 'price';
      unpriced.push({ path, message: `${line.sku} has no ${which} in ${request.currency}` });
      return [];
    }
    const source = line.unitPrice === undefined ? agreed?.source : 'agreed';
    const differs = isBeyond(line.statedPrice, unitPrice, verification.priceTolerancePercent, currency);
    return [{ line, product, unitPrice, ...(source && { source }), differs }];
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

/** Whether the customer states a price that is further from ours than is tolerated. */
function isBeyond(
  stated: number | undefined,
  ours: number,
  tolerancePercent: string,
  currency: Currency,
): boolean {
  return stated !== undefined && Math.abs(stated - ours) > percentOf(ours, tolerancePercent, currency);
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
