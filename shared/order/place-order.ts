import type { Company } from '../company/company.ts';
import type { Customer } from '../customer/customer.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { MAX_AMOUNT } from '../kernel/money.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import type { Product } from '../product/product.ts';
import { fitsOneTransaction } from '../stock/stock-needs.ts';
import { type TaxPolicy, taxTreatment, totalsOf } from '../tax/tax.ts';
import { type Channel, MAX_LINES, type OrderIn, type OrderLine } from './order.ts';
import type { OrderLineRequest, PlaceOrderRequest } from './order-api.ts';

export type PlaceOrderContext = {
  company: Company;
  customer: Customer;
  products: ReadonlyMap<string, Product>;
  tax: TaxPolicy;
  /** Who places it, and whether they may agree prices (sales). */
  actor: string;
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
  const lines = pricedLines(request, context.products).map(
    ({ line, product, unitPrice }, index): OrderLine => {
      return {
        line: index + 1,
        kind: product.kind,
        sku: line.sku,
        description: line.description ?? product.description,
        quantity: line.quantity,
        unitPrice,
        net: unitPrice * line.quantity,
        tax: taxTreatment(
          context.company,
          { country: customer.address.country, vatId: customer.vatId },
          product.taxClass,
          context.tax,
          date,
        ),
      };
    },
  );
  refuseHugeAmounts(lines);

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
    lineCount: lines.length,
    totals: totalsOf(lines, customer.currency),
    reservation: fitsOneTransaction(lines) ? 'reserved' : 'pending',
    openUnits: lines.reduce((sum, line) => sum + line.quantity, 0),
    claim: 0,
    version: 1,
  };
  return { order, lines };
}

function refuseAgreedPrices(request: PlaceOrderRequest, mayAgreePrices: boolean): void {
  if (mayAgreePrices) return;
  const issues = request.lines.flatMap((line, index) =>
    line.unitPrice === undefined && line.description === undefined
      ? []
      : [{ path: `lines.${index}`, message: 'only sales may state a price or a description' }],
  );
  if (issues.length > 0) {
    throw new DomainError(
      'price_not_allowed',
      'Leave out unitPrice and description: the list price applies.',
      { issues },
    );
  }
}

type PricedLine = { line: OrderLineRequest; product: Product; unitPrice: number };

function pricedLines(request: PlaceOrderRequest, known: ReadonlyMap<string, Product>): PricedLine[] {
  const unknown: FieldIssue[] = [];
  const unpriced: FieldIssue[] = [];
  const priced = request.lines.flatMap((line, index): PricedLine[] => {
    const path = `lines.${index}.sku`;
    const product = known.get(line.sku);
    if (!product) {
      unknown.push({ path, message: `there is no product ${line.sku}` });
      return [];
    }
    const unitPrice = line.unitPrice ?? product.prices[request.currency];
    if (unitPrice === undefined) {
      unpriced.push({ path, message: `${line.sku} has no price in ${request.currency}` });
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

function refuseHugeAmounts(lines: readonly OrderLine[]): void {
  const issues = lines.flatMap((line, index) =>
    line.net > MAX_AMOUNT ? [{ path: `lines.${index}.quantity`, message: 'makes the line too large' }] : [],
  );
  const total = lines.reduce((sum, line) => sum + line.net, 0);
  if (issues.length > 0 || total > MAX_AMOUNT) {
    throw new DomainError(
      'amount_too_large',
      'The order is worth more than this system carries. Check the quantities.',
      { issues },
    );
  }
}
