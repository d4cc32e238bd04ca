import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { Payment } from '#shared/payment/payment.ts';
import { proposeAllocations } from '#shared/payment/propose-allocations.ts';
import { paymentIdOf } from '#test/builders/matching.ts';
import { invoiceIdOf, openInvoice } from '#test/builders/open-invoice.ts';
import { sellFourMugs, type Trading, trading } from '#test/builders/trading.ts';

const bounds = MatchingPolicy.parse({}).subset;
const money = (n: number, amount: number, over: object = {}) =>
  Payment.parse({
    paymentId: paymentIdOf(n),
    customerId: 'cus_acme',
    method: 'bank_transfer',
    currency: 'GBP',
    amount,
    unapplied: amount,
    allocations: [],
    reference: 'on account',
    receivedOn: '2026-03-20',
    recordedAt: `2026-03-20T10:00:0${n}.000Z`,
    recordedBy: 'fay',
    version: 1,
    ...over,
  });
const owes = (n: number, balance: number, over: object = {}) =>
  openInvoice(n, { total: balance, balance, ...over });
const proposed = (payments: Payment[], items: ReturnType<typeof owes>[]) =>
  payments.map(({ paymentId }) => proposeAllocations(payments, items, bounds).get(paymentId));

describe('what unused money could settle', () => {
  it.each([
    [
      'the invoices its reference names',
      money(1, 900, { reference: 'inv 2026 000002' }),
      'named',
      [[2, 700]],
    ],
    ['the one of exactly its amount', money(1, 700), 'exact', [[2, 700]]],
    [
      'the one group that sums to it',
      money(1, 1_200),
      'exact_sum',
      [
        [1, 500],
        [2, 700],
      ],
    ],
    [
      'else what is owed longest',
      money(1, 600),
      'oldest_first',
      [
        [1, 500],
        [2, 100],
      ],
    ],
    ['less what refunds ask for', money(1, 800, { reserved: 100 }), 'exact', [[2, 700]]],
  ])('is %s', (_, payment, basis, parts) => {
    const items = [
      owes(3, 10_000, { dueOn: '2026-05-01' }),
      owes(2, 700, { dueOn: '2026-04-02' }),
      owes(1, 500),
    ];
    const allocations = parts.map(([n, amount]) => ({ invoiceId: invoiceIdOf(n ?? 0), amount }));
    expect(proposed([payment], items)).toEqual([{ basis, allocations }]);
  });

  it('is not proposed twice: what waits longest comes first', () => {
    const [younger, older] = proposed([money(2, 500), money(1, 500)], [owes(1, 500), owes(2, 300)]);
    expect(older).toEqual({ basis: 'exact', allocations: [{ invoiceId: invoiceIdOf(1), amount: 500 }] });
    expect(younger).toEqual({
      basis: 'oldest_first',
      allocations: [{ invoiceId: invoiceIdOf(2), amount: 300 }],
    });
  });

  it('is nothing where nothing is owed in its currency', () => {
    expect(proposed([money(1, 500)], [owes(1, 500, { currency: 'EUR' })])).toEqual([undefined]);
    expect(proposed([money(1, 500)], [])).toEqual([undefined]);
  });
});

describe('GET /v1/queues/unapplied-cash', () => {
  const fay = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
  const at = '2026-03-03T10:00:00.000Z';
  let company: Trading;
  beforeEach(() => {
    company = trading();
  });
  const list = async (query: Record<string, string> = {}) =>
    (await company.done('listUnappliedCash', { as: fay, at, query })).items;

  it('offers an overpayment to the next invoice of its customer, as allocatePayment takes it', async () => {
    const first = await sellFourMugs(company, at);
    const total = (await company.done('getInvoice', { as: fay, at, params: { invoiceId: first } })).balance;
    const { paymentId } = await company.done('recordPayment', {
      as: fay,
      at,
      body: {
        customerId: 'cus_harbour',
        method: 'bank_transfer',
        currency: 'GBP',
        amount: total + 1_000,
        allocations: [{ invoiceId: first, amount: total }],
      },
    });
    expect(await list()).toMatchObject([{ paymentId, customerId: 'cus_harbour', unapplied: 1_000 }]);
    expect((await list({ customerId: 'cus_harbour' }))[0]?.proposal).toBeUndefined();
    const { orderId } = await company.done('placeOrder', {
      at,
      body: { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG-1', quantity: 2 }] },
    });
    await company.done('createShipment', { params: { orderId }, body: {}, at });
    const [offered] = await list({ customerId: 'cus_harbour' });
    expect(offered).toMatchObject({ unapplied: 1_000, proposal: { basis: 'oldest_first' } });
    const { allocations } = offered.proposal;
    expect(allocations).toMatchObject([{ amount: 1_000 }]);
    await company.done('allocatePayment', {
      as: fay,
      at,
      params: { paymentId: String(paymentId) },
      body: { allocations },
    });
    expect(await list({ customerId: 'cus_harbour' })).toEqual([]);
    expect(await list()).toEqual([]);
    expect((await checkInvariants(company.table.items())).violations).toEqual([]);
  });

  it('knows no customer that is not there', async () => {
    const answer = await company.ask('listUnappliedCash', {
      as: fay,
      at,
      query: { customerId: 'cus_nobody' },
    });
    expect(answer).toMatchObject({ json: { code: 'customer_not_found' } });
  });
});
