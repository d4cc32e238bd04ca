import { describe, expect, it } from 'vitest';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import { CounterSaleRequest } from '#shared/counter-sale/counter-sale-api.ts';
import { sellOverCounter, settleSale } from '#shared/counter-sale/sell-over-counter.ts';
import type { Customer } from '#shared/customer/customer.ts';
import { SellerId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { VerificationPolicy } from '#shared/order/verification-policy.ts';
import { policies } from '#shared/policy/policies.ts';
import type { Product } from '#shared/product/product.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCharge, aCustomer, aProduct } from '#test/builders/customer.ts';
import { SELLER_ID } from '#test/builders/invoice.ts';

const mug = aProduct({ costs: { GBP: 430 } });
const fourMugs = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG-1', quantity: 4 }] };

function sell(
  request: object = {},
  { customer = aCustomer(), products = [mug, aCharge()] }: { customer?: Customer; products?: Product[] } = {},
) {
  return sellOverCounter(CounterSaleRequest.parse({ ...fourMugs, method: 'cash', ...request }), {
    company: aCompany(),
    customer,
    products: new Map(products.map((product) => [product.sku, product])),
    tax: policies.tax.shipped,
    verification: VerificationPolicy.parse({}),
    seller: SellerId.parse(SELLER_ID),
    dunning: DunningPolicy.parse({ steps: [{ name: 'reminder', afterDays: 7 }], callAfterDays: 35 }),
    actor: 'Sally Sales',
    at: instant('2026-03-31T10:00:00.000Z'),
  });
}

const identity = { number: 'INV-2026-000001', series: 'INV_2026', ordinal: 1 };
const settle = (sale: ReturnType<typeof sell>) => settleSale(sale, { ...sale.draft.invoice, ...identity });

describe('a counter sale', () => {
  it('is ordered, accepted because it is paid, and handed over whole', () => {
    const { placed, confirmed, order, shipment } = sell();
    expect(placed).toMatchObject({
      status: 'placed',
      channel: 'counter',
      version: 1,
      reservation: 'reserved',
    });
    expect(confirmed).toMatchObject({
      version: 2,
      claim: 6_000,
      decision: {
        policyVersion: 'counter-sale',
        reasons: [{ code: 'paid_at_once', detail: 'GBP 60.00 paid over the counter' }],
      },
    });
    expect(order).toMatchObject({ status: 'shipped', version: 3, claim: 0, openUnits: 0 });
    expect(shipment).toMatchObject({ complete: true, claim: 6_000, lines: [{ line: 1, quantity: 4 }] });
  });

  it('is invoiced with what the goods cost, due at once whatever terms the customer has', () => {
    const customer = aCustomer({
      terms: { kind: 'net', days: 14, discount: { percent: '2', days: 10 } },
      invoicing: 'monthly',
    });
    const { order, draft } = sell({}, { customer });
    expect(order).not.toHaveProperty('invoicing');
    expect(draft.invoice).toMatchObject({
      type: 'counter',
      issuedOn: '2026-03-31',
      suppliedOn: '2026-03-31',
      dueOn: '2026-03-31',
      totals: { net: 5_000, tax: 1_000, gross: 6_000 },
    });
    expect(draft.invoice).not.toHaveProperty('discount');
    expect(draft.lines).toMatchObject([{ sku: 'MUG-1', quantity: 4, unitCost: 430 }]);
  });

  it('is paid in full with one payment', () => {
    const sale = sell({ method: 'card', reference: 'TERMINAL-7' });
    const { openItem, payment } = settle(sale);
    const { invoiceId } = sale.draft.invoice;
    expect(openItem).toMatchObject({
      status: 'paid',
      balance: 0,
      total: 6_000,
      paidAt: '2026-03-31T10:00:00.000Z',
    });
    expect(payment).toMatchObject({
      bookedOn: '2026-03-31',
      discount: { amount: 0, tax: 0 },
      payment: {
        method: 'card',
        amount: 6_000,
        unapplied: 0,
        reference: 'TERMINAL-7',
        receivedOn: '2026-03-31',
        allocations: [{ invoiceId, amount: 6_000 }],
      },
    });
  });

  it('needs no payment where everything is free', () => {
    const { openItem, payment } = settle(sell({ lines: [{ sku: 'MUG-1', quantity: 1, unitPrice: 0 }] }));
    expect([openItem.status, payment]).toEqual(['paid', undefined]);
  });

  it('takes 40 different SKUs, charges and repeated ones not counted, and no more', () => {
    const products = Array.from({ length: 41 }, (_, index) => aProduct({ sku: `PEN-${index + 1}` }));
    const lines = products.map(({ sku }) => ({ sku, quantity: 1 }));
    const forty = [...lines.slice(0, 40), { sku: 'PEN-1', quantity: 2 }, { sku: 'POST', quantity: 1 }];
    expect(sell({ lines: forty }, { products: [...products, aCharge()] }).lines).toHaveLength(42);
    expect(() => sell({ lines }, { products })).toThrow(
      expect.objectContaining({
        code: 'too_many_lines',
        issues: [{ path: 'lines', message: 'must have at most 40 different SKUs' }],
      }),
    );
  });

  it('is refused in another currency, and to a blocked customer', () => {
    expect(() => sell({ currency: 'EUR' })).toThrow(expect.objectContaining({ code: 'currency_mismatch' }));
    expect(() => sell({}, { customer: aCustomer({ status: 'blocked' }) })).toThrow(
      expect.objectContaining({ code: 'customer_blocked' }),
    );
  });
});
