import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { factsIn, NOON, overpaid, resetStripe, server } from '../../builders/stripe-refunds.ts';
import { hasStripeFixtures, stripeObject } from '../../builders/stripe-server.ts';

afterAll(() => server.close());

const as = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
let company: Awaited<ReturnType<typeof overpaid>>;

const moved = (id: string, fee: number, currency = 'gbp') =>
  stripeObject('balance_transaction', { id, fee, currency });
const withdrawn = () => moved('txn_out', 1_500);
const reinstated = () => moved('txn_back', -1_500);
const dispute = (overrides: Record<string, unknown> = {}) =>
  stripeObject('dispute', {
    id: 'dp_1',
    amount: 9_000,
    currency: 'gbp',
    payment_intent: 'pi_1',
    reason: 'fraudulent',
    status: 'needs_response',
    ...overrides,
  });
/** What is on `payment_fees`. */
const fees = async () => {
  const entries = await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-03'));
  return entries
    .flatMap(({ postings }) => postings)
    .reduce((sum, { account, amount }) => (account === 'payment_fees' ? sum + amount : sum), 0);
};

describe.skipIf(!hasStripeFixtures)("a dispute at Stripe (Stripe's examples are in O2C_DATA)", () => {
  beforeEach(async () => {
    resetStripe();
    company = await overpaid();
  });

  it('costs its fee once, whichever of its events tell of it', async () => {
    await company.post('charge.dispute.created', dispute());
    expect(await fees()).toBe(0);
    const out = dispute({ balance_transactions: [withdrawn()] });
    expect(await company.post('charge.dispute.funds_withdrawn', out)).toBe('applied');
    expect(await company.post('charge.dispute.funds_withdrawn', out)).toBe('repeated');
    expect(await fees()).toBe(1_500);
    expect(factsIn(company.table).filter(({ type }) => type === 'payment.fee_charged')).toMatchObject([
      { data: { amount: 1_500, reference: 'txn_out' } },
    ]);
    expect(await company.faults()).toEqual([]);
  });

  it('gives the fee back only where Stripe does', async () => {
    await company.post('charge.dispute.funds_withdrawn', dispute({ balance_transactions: [withdrawn()] }));
    const kept = dispute({ status: 'won', balance_transactions: [withdrawn(), moved('txn_back', 0)] });
    await company.post('charge.dispute.funds_reinstated', kept);
    expect(await fees()).toBe(1_500);
    const given = dispute({ status: 'won', balance_transactions: [withdrawn(), reinstated()] });
    await company.post('charge.dispute.closed', given);
    expect(await fees()).toBe(0);
    expect(await company.faults()).toEqual([]);
  });

  it('books no fee in another currency', async () => {
    const out = dispute({ balance_transactions: [moved('txn_out', 2_000, 'eur')] });
    await company.post('charge.dispute.funds_withdrawn', out);
    expect(await fees()).toBe(0);
  });

  it('that is won restores each invoice by what was taken of it', async () => {
    // GBP 30.00 that came too much pays half of another invoice.
    const sku = 'MUG-1';
    const order = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku, quantity: 4 }] };
    const { orderId } = await company.done('placeOrder', { body: order, at: NOON });
    await company.done('createShipment', { params: { orderId }, body: {}, at: NOON });
    const listed = await company.done('listInvoices', { as, at: NOON, query: { customerId: 'cus_harbour' } });
    const second = InvoiceId.parse(
      listed.items.find(({ invoiceId }: { invoiceId: string }) => invoiceId !== company.invoiceId).invoiceId,
    );
    const params = { paymentId: company.paymentId };
    const allocations = [{ invoiceId: second, amount: 2_500 }];
    await company.done('allocatePayment', { as, at: NOON, params, body: { allocations } });
    const before = await company.payment();
    expect(before).toMatchObject({ unapplied: 500 });
    const balances = async () => [
      (await company.item())?.balance,
      (await loadOpenItem(company.table, second))?.balance,
    ];
    expect(await balances()).toEqual([0, 3_500]);

    const events: [string, Record<string, unknown>][] = [
      ['charge.dispute.created', dispute()],
      ['charge.dispute.funds_withdrawn', dispute({ balance_transactions: [withdrawn()] })],
      ['charge.dispute.funds_reinstated', dispute({ balance_transactions: [withdrawn(), reinstated()] })],
    ];
    await company.post(...(events[1] ?? ['', {}]));
    expect(await balances()).toEqual([6_000, 6_000]);
    expect(await company.payment()).toMatchObject({ unapplied: 0, reversed: 9_000, allocations: [] });
    for (const event of events) await company.post(...event);
    expect(await balances()).toEqual([0, 3_500]);
    const after = await company.payment();
    expect(after).toEqual({ ...before, allocations: expect.arrayContaining(before.allocations) });
    expect((await loadOpenItem(company.table, second))?.status).toBe('open');
    expect(await fees()).toBe(0);
    expect(await company.faults()).toEqual([]);
  });

  it('comes to the same in whatever order its events come', async () => {
    const events: [string, Record<string, unknown>][] = [
      ['charge.dispute.created', dispute()],
      ['charge.dispute.funds_withdrawn', dispute({ balance_transactions: [withdrawn()] })],
      ['charge.dispute.funds_reinstated', dispute({ balance_transactions: [withdrawn(), reinstated()] })],
      ['charge.dispute.closed', dispute({ status: 'won' })],
    ];
    const order = fc
      .shuffledSubarray([...events, ...events], { minLength: 8 })
      .filter((told) => told.length === 8);
    await fc.assert(
      fc.asyncProperty(order, async (told) => {
        company = await overpaid();
        for (const event of told) await company.post(...event);
        expect(await company.payment()).toMatchObject({ unapplied: 3_000, allocations: [{ amount: 6_000 }] });
        expect(await fees()).toBe(0);
        expect(await company.faults()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
