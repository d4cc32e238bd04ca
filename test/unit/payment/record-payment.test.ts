import { describe, expect, it } from 'vitest';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { CustomerId, InvoiceId, PaymentId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import type { Allocation } from '#shared/payment/payment.ts';
import { RecordPaymentRequest } from '#shared/payment/payment-api.ts';
import { allocateTo, type IncomingPayment, recordPayment } from '#shared/payment/record-payment.ts';
import { anAccount } from '../../builders/customer.ts';
import { anOpenItem, INVOICE_ID, PAYMENT_ID } from '../../builders/invoice.ts';

const OTHER_INVOICE_ID = InvoiceId.parse('inv_01k0000000000000000000000e');
const invoice = InvoiceId.parse(INVOICE_ID);

const moment = {
  paymentId: PaymentId.parse(PAYMENT_ID),
  at: Instant.parse('2026-03-31T12:00:00.000Z'),
  today: CalendarDate.parse('2026-03-31'),
  by: 'finance@example.com',
};

const transfer: IncomingPayment = {
  customerId: CustomerId.parse('cus_harbour'),
  method: 'bank_transfer',
  currency: Currency.parse('GBP'),
  amount: 6_000,
  allocations: [{ invoiceId: invoice, amount: 6_000 }],
};

const record = (overrides: Partial<IncomingPayment>, items: readonly OpenItem[] = [anOpenItem()]) =>
  recordPayment({ ...transfer, ...overrides }, anAccount(), items, moment);

function refusal(attempt: () => unknown): { code: string; issues: unknown } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, issues: error.issues };
    throw error;
  }
  throw new Error('was not refused');
}

describe('recording a payment', () => {
  it('settles an invoice that is paid in full', () => {
    const { payment, bookedOn, settled } = record({});
    expect(payment).toEqual({
      paymentId: PAYMENT_ID,
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount: 6_000,
      unapplied: 0,
      allocations: [{ invoiceId: INVOICE_ID, amount: 6_000 }],
      reference: PAYMENT_ID,
      receivedOn: '2026-03-31',
      recordedAt: '2026-03-31T12:00:00.000Z',
      recordedBy: 'finance@example.com',
      version: 1,
    });
    expect(bookedOn).toBe('2026-03-31');
    expect(settled.map(({ after }) => after)).toMatchObject([
      { status: 'paid', balance: 0, paidAt: '2026-03-31T12:00:00.000Z', version: 2 },
    ]);
  });

  it('leaves the rest of a short payment owed', () => {
    const { settled, payment } = record({
      amount: 2_500,
      allocations: [{ invoiceId: invoice, amount: 2_500 }],
    });
    expect(settled[0]?.after).toMatchObject({ status: 'open', balance: 3_500 });
    expect(payment.unapplied).toBe(0);
  });

  it('keeps what is not allocated on the account', () => {
    expect(record({ amount: 7_250 }).payment.unapplied).toBe(1_250);
    expect(record({ allocations: [] })).toMatchObject({
      payment: { unapplied: 6_000, allocations: [] },
      settled: [],
    });
  });

  it('may pay a disputed invoice, which stays disputed until nothing is owed', () => {
    const disputed = anOpenItem({ status: 'disputed' });
    const part = record({ allocations: [{ invoiceId: invoice, amount: 1_000 }] }, [disputed]);
    expect(part.settled[0]?.after).toMatchObject({ status: 'disputed', balance: 5_000 });
    expect(record({}, [disputed]).settled[0]?.after).toMatchObject({ status: 'paid', balance: 0 });
  });

  it('is booked on the day it is recorded, whenever the money came in', () => {
    const { payment, bookedOn } = record({ receivedOn: CalendarDate.parse('2026-03-27') });
    expect(payment.receivedOn).toBe('2026-03-27');
    expect(bookedOn).toBe('2026-03-31');
  });

  it('refuses money from the future', () => {
    expect(refusal(() => record({ receivedOn: CalendarDate.parse('2026-04-01') }))).toEqual({
      code: 'validation_failed',
      issues: [{ path: 'receivedOn', message: 'must not be after 2026-03-31' }],
    });
  });

  it("refuses a currency other than the account's", () => {
    expect(refusal(() => record({ currency: Currency.parse('EUR') }))).toEqual({
      code: 'currency_mismatch',
      issues: [{ path: 'currency', message: 'must be GBP' }],
    });
  });

  it('refuses to allocate a penny more than came in', () => {
    expect(refusal(() => record({ amount: 5_999 }))).toEqual({
      code: 'allocation_exceeds_payment',
      issues: [{ path: 'allocations', message: 'must add up to 5999 at most' }],
    });
  });

  it('refuses to allocate a penny more than is owed, and says where', () => {
    const other = anOpenItem({ invoiceId: OTHER_INVOICE_ID, number: 'INV-2026-000002', balance: 999 });
    const allocations = [
      { invoiceId: invoice, amount: 6_000 },
      { invoiceId: OTHER_INVOICE_ID, amount: 1_000 },
    ];
    expect(refusal(() => record({ amount: 7_000, allocations }, [other, anOpenItem()]))).toEqual({
      code: 'allocation_exceeds_balance',
      issues: [{ path: 'allocations.1.amount', message: 'must be at most 999, owed on INV-2026-000002' }],
    });
  });

  it('refuses an invoice on which nothing is owed', () => {
    expect(refusal(() => record({}, [anOpenItem({ status: 'paid' })]))).toEqual({
      code: 'invoice_not_open',
      issues: [{ path: 'allocations.0.invoiceId', message: 'INV-2026-000001 is paid' }],
    });
  });

  it('refuses invoices nobody knows, all of them at once', () => {
    const allocations = [
      { invoiceId: OTHER_INVOICE_ID, amount: 100 },
      { invoiceId: invoice, amount: 100 },
    ];
    expect(refusal(() => record({ allocations }, []))).toEqual({
      code: 'invoice_not_found',
      issues: [
        { path: 'allocations.0.invoiceId', message: 'is not known' },
        { path: 'allocations.1.invoiceId', message: 'is not known' },
      ],
    });
  });

  it("refuses another customer's invoice", () => {
    expect(refusal(() => record({}, [anOpenItem({ customerId: 'cus_other' })]))).toEqual({
      code: 'allocation_wrong_customer',
      issues: [{ path: 'allocations.0.invoiceId', message: 'is not an invoice of cus_harbour' }],
    });
  });

  it('refuses an invoice in another currency than the account is kept in now', () => {
    expect(refusal(() => record({}, [anOpenItem({ currency: 'EUR' })]))).toEqual({
      code: 'currency_mismatch',
      issues: [{ path: 'allocations.0.invoiceId', message: 'INV-2026-000001 is in EUR' }],
    });
  });
});

describe('paying early', () => {
  /** GBP 1.20 of GBP 60.00 may be taken off until 13 March, 20p of it tax. */
  const offered = (overrides: Record<string, unknown> = {}) =>
    anOpenItem({ discount: { until: '2026-03-13', amount: 120, tax: 20 }, ...overrides });
  const receivedOn = CalendarDate.parse('2026-03-13');
  const of = (amount: number, more: Partial<Allocation> = {}) => ({
    amount,
    allocations: [{ invoiceId: invoice, amount, ...more }],
  });

  it('takes the discount by itself when exactly the rest comes in on time', () => {
    const { payment, settled, discount } = record({ ...of(5_880), receivedOn }, [offered()]);
    expect(payment).toMatchObject({
      amount: 5_880,
      unapplied: 0,
      allocations: [{ invoiceId: INVOICE_ID, amount: 5_880, discount: 120 }],
    });
    expect(settled[0]?.after).toMatchObject({ status: 'paid', balance: 0 });
    expect(discount).toEqual({ amount: 120, tax: 20 });
  });

  it.each([
    ['a day late', 5_880, '2026-03-14', 120],
    ['a penny short', 5_879, '2026-03-13', 121],
    ['a penny over', 5_881, '2026-03-13', 119],
  ])('takes none %s', (_, amount, received, balance) => {
    const { settled, discount } = record({ ...of(amount), receivedOn: CalendarDate.parse(received) }, [
      offered(),
    ]);
    expect(settled[0]?.after).toMatchObject({ status: 'open', balance });
    expect(discount).toEqual({ amount: 0, tax: 0 });
  });

  it('takes the rest of it after a part was paid', () => {
    const { settled } = record({ ...of(4_880), receivedOn }, [offered({ balance: 5_000 })]);
    expect(settled[0]?.after).toMatchObject({ status: 'paid' });
  });

  it('takes what finance says, late with a reason', () => {
    const granted = of(5_900, { discount: 100, discountReason: 'their bank was closed' });
    const { payment, settled, discount } = record(granted, [offered()]);
    expect(payment.allocations).toMatchObject(granted.allocations);
    expect(settled[0]?.after).toMatchObject({ status: 'paid' });
    expect(discount).toEqual({ amount: 100, tax: 17 });
  });

  it.each([
    [
      of(5_880, { discount: 120 }),
      offered(),
      'discountReason',
      'must be given: INV-2026-000001 offered it until 2026-03-13',
    ],
    [
      of(5_000, { discount: 121, discountReason: 'goodwill' }),
      offered(),
      'discount',
      'must be at most 120, offered on INV-2026-000001',
    ],
    [of(5_000, { discount: 1 }), anOpenItem(), 'discount', 'INV-2026-000001 offers none'],
  ])('refuses more than is offered, or late without a reason', (payment, item, field, message) => {
    expect(refusal(() => record(payment, [item]))).toEqual({
      code: 'discount_not_offered',
      issues: [{ path: `allocations.0.${field}`, message }],
    });
  });

  it('refuses money and discount that come to more than is owed', () => {
    expect(refusal(() => record({ ...of(5_881, { discount: 120 }), receivedOn }, [offered()]))).toEqual({
      code: 'allocation_exceeds_balance',
      issues: [
        {
          path: 'allocations.0.amount',
          message: 'must be at most 6000, owed on INV-2026-000001, with its discount',
        },
      ],
    });
  });
});

describe('money a provider collected', () => {
  it('goes to the invoice as far as something is owed', () => {
    expect(allocateTo(anOpenItem({ balance: 4_000 }), 6_000)).toEqual([
      { invoiceId: INVOICE_ID, amount: 4_000 },
    ]);
    expect(allocateTo(anOpenItem({ balance: 6_000 }), 2_000)).toEqual([
      { invoiceId: INVOICE_ID, amount: 2_000 },
    ]);
    expect(allocateTo(anOpenItem({ status: 'paid' }), 6_000)).toEqual([]);
  });
});

describe('a difference that is let go', () => {
  const short = (amount: number, difference: number): Partial<IncomingPayment> => ({
    amount,
    allocations: [{ invoiceId: invoice, amount, difference: { amount: difference, account: 'rounding' } }],
  });

  it('settles the invoice with the payment', () => {
    const { payment, settled } = record(short(5_997, 3));
    expect(settled[0]?.after).toMatchObject({ status: 'paid', balance: 0 });
    expect(payment).toMatchObject({ amount: 5_997, unapplied: 0 });
  });

  it.each([
    ['leaves something owed', 5_000, 3, 'validation_failed', 'allocations.0.difference'],
    ['is more than is owed', 5_997, 4, 'allocation_exceeds_balance', 'allocations.0.amount'],
  ])('is refused where it %s', (_, amount, difference, code, path) => {
    expect(refusal(() => record(short(amount, difference)))).toMatchObject({ code, issues: [{ path }] });
  });
});

describe('the request', () => {
  const request = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 6_000 };
  const accepts = (overrides: Record<string, unknown>) =>
    RecordPaymentRequest.safeParse({ ...request, ...overrides }).success;

  it('may leave allocations, day and reference out', () => {
    expect(RecordPaymentRequest.parse(request)).toEqual({ ...request, allocations: [] });
  });

  it.each([
    ['a card payment', { method: 'card' }],
    ['nothing', { amount: 0 }],
    ['less than nothing', { amount: -1 }],
    ['part of a penny', { amount: 1.5 }],
    ['more than a trillion', { amount: 1_000_000_000_001 }],
    ['an unknown field', { tip: 1 }],
    ['a day that does not exist', { receivedOn: '2026-02-30' }],
    ['an empty reference', { reference: ' ' }],
    [
      'an invoice twice',
      { allocations: Array.from({ length: 2 }, () => ({ invoiceId: INVOICE_ID, amount: 1 })) },
    ],
    ['an allocation of nothing', { allocations: [{ invoiceId: INVOICE_ID, amount: 0 }] }],
  ])('refuses %s', (_, overrides) => {
    expect(accepts(overrides)).toBe(false);
  });

  it('takes 40 allocations and not 41', () => {
    const allocations = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        invoiceId: `inv_01k00000000000000000000${String(index).padStart(3, '0')}`,
        amount: 1,
      }));
    expect(accepts({ allocations: allocations(40) })).toBe(true);
    expect(accepts({ allocations: allocations(41) })).toBe(false);
  });
});
