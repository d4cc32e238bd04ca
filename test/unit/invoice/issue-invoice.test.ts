import { describe, expect, it } from 'vitest';
import { openItemOfNew } from '#shared/invoice/issue-invoice.ts';
import { documentNumber, seriesOf } from '#shared/invoice/number-series.ts';
import { SeriesPolicy } from '#shared/invoice/series-policy.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { aCustomer } from '../../builders/customer.ts';
import { anInvoice } from '../../builders/invoice.ts';
import { aDraft, mugsAndPostage } from '../../builders/issued-invoices.ts';
import { anOrderLine } from '../../builders/order.ts';

describe('the invoice of a shipment', () => {
  it('bills goods and postage at the order prices, due 30 days later, first reminded on the 7th day after', () => {
    const { invoice, lines, nextActionAt, claim } = aDraft();
    expect(invoice).toMatchObject({
      kind: 'invoice',
      invoiceId: 'inv_01k0000000000000000000000b',
      orders: [
        {
          orderId: 'ord_01k0000000000000000000000a',
          poNumber: 'PO-77',
          shipmentIds: ['shp_01k0000000000000000000000b'],
        },
      ],
      issuedOn: '2026-03-03',
      suppliedOn: '2026-03-03',
      dueOn: '2026-04-02',
      totals: { net: 5_400, tax: 1_080, gross: 6_480 },
      lineCount: 2,
    });
    expect(lines.map(({ sku, quantity, net }) => [sku, quantity, net])).toEqual([
      ['MUG-1', 4, 5_000],
      ['POST', 1, 400],
    ]);
    // British summer time began on 29 March: midnight in London is 23:00 UTC.
    expect(nextActionAt).toBe('2026-04-08T23:00:00.000Z');
    expect(claim).toBe(6_480);
  });

  it('bills only what was shipped, under the line numbers of the order', () => {
    const { invoice, lines } = aDraft({
      shipment: { lines: [{ line: 1, quantity: 3 }], claim: 4_500, complete: false },
    });
    expect(lines).toEqual([{ ...mugsAndPostage[0], quantity: 3, net: 3_750 }]);
    expect(invoice.totals).toMatchObject({ net: 3_750, tax: 750, gross: 4_500 });
  });

  it('rounds tax once a group and half to even: 1.5p is 2p, 0.5p is nothing', () => {
    const line = (number: number, net: number, rate: string) =>
      anOrderLine({ line: number, quantity: 1, unitPrice: net, net, tax: { category: 'S', rate } });
    const { invoice } = aDraft({
      lines: [line(1, 5, '10'), line(2, 5, '10'), line(3, 5, '10'), line(4, 10, '5')],
    });
    expect(invoice.totals.groups).toEqual([
      { category: 'S', rate: '10', net: 15, tax: 2 },
      { category: 'S', rate: '5', net: 10, tax: 0 },
    ]);
  });

  it('is issued on the company’s day, not on that of UTC', () => {
    const { invoice } = aDraft({ at: '2026-06-30T23:30:00.000Z' });
    expect([invoice.issuedOn, invoice.dueOn]).toEqual(['2026-07-01', '2026-07-31']);
  });

  it('is due at once for a customer without a term', () => {
    const { invoice, nextActionAt } = aDraft({ customer: aCustomer({ paymentTermDays: 0 }) });
    expect([invoice.dueOn, nextActionAt]).toEqual(['2026-03-03', '2026-03-10T00:00:00.000Z']);
  });

  it('is due in the instalments of the customer’s terms, first reminded of the first', () => {
    const terms = {
      kind: 'instalments' as const,
      parts: [
        { percent: '50', days: 10 },
        { percent: '50', days: 40 },
      ],
      discount: { percent: '3', days: 10 },
    };
    const { invoice, nextActionAt } = aDraft({ customer: aCustomer({ terms }) });
    expect(invoice).toMatchObject({
      terms,
      dueOn: '2026-04-12',
      instalments: [
        { dueOn: '2026-03-13', amount: 3_240 },
        { dueOn: '2026-04-12', amount: 3_240 },
      ],
      discount: { percent: '3', until: '2026-03-13', amount: 194 },
    });
    expect(nextActionAt).toBe('2026-03-20T00:00:00.000Z');
    const issued = { ...invoice, number: 'INV-2026-000001', series: 'INV_2026', ordinal: 1 };
    expect(openItemOfNew(issued, nextActionAt)).toMatchObject({
      dueOn: '2026-03-13',
      instalments: invoice.instalments,
      discount: { until: '2026-03-13', amount: 194, tax: 32 },
    });
  });

  it('can’t be due on a business day without a calendar', () => {
    const terms = { kind: 'net' as const, days: 31, businessDays: 'following' as const };
    expect(() => aDraft({ customer: aCustomer({ terms }) })).toThrow('need a calendar');
  });

  it('shows the customer as it is now', () => {
    const { invoice } = aDraft({
      customer: aCustomer({ name: 'Harbour Books & Toys Ltd', vatId: 'GB999999973' }),
    });
    expect(invoice.buyer).toEqual({
      name: 'Harbour Books & Toys Ltd',
      email: 'orders@harbour.example',
      address: { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' },
      vatId: 'GB999999973',
      language: 'en',
    });
  });

  it('can’t be made of a line that the order lacks', () => {
    expect(() => aDraft({ shipment: { lines: [{ line: 9, quantity: 1 }] } })).toThrow(/line 9/);
  });

  it('is paid from the start when it comes to nothing', () => {
    const free = anInvoice({ totals: { net: 0, tax: 0, gross: 0, groups: [] } });
    expect(openItemOfNew(free, instant('2026-04-09'))).toMatchObject({
      status: 'paid',
      balance: 0,
      paidAt: '2026-03-03T14:00:05.000Z',
    });
  });
});

describe('numbers', () => {
  it('count a year’s documents of a kind', () => {
    const series = seriesOf(SeriesPolicy.parse({}), 'creditNote', CalendarDate.parse('2026-12-31'));
    expect(documentNumber(series, 7)).toBe('CN-2026-000007');
    expect(documentNumber(series, 1_000_000)).toBe('CN-2026-1000000');
  });
});
