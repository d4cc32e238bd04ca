import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  asked,
  atStripe,
  factsIn,
  NOON,
  overpaid,
  resetStripe,
  server,
} from '../../builders/stripe-refunds.ts';
import { hasStripeFixtures, stripeObject } from '../../builders/stripe-server.ts';

afterAll(() => server.close());

const as = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
let company: Awaited<ReturnType<typeof overpaid>>;
const made = (overrides: Record<string, unknown>) => {
  const [refund] = atStripe.refunds.values();
  if (!refund) throw new Error('Stripe made no refund');
  return { ...refund, ...overrides };
};
const failed = () => made({ status: 'failed', failure_reason: 'lost_or_stolen_card' });
const toldOf = (type: string) => factsIn(company.table).filter((fact) => fact.type === type).length;

describe.skipIf(!hasStripeFixtures)("a refund that fails (Stripe's examples are in O2C_DATA)", () => {
  beforeEach(async () => {
    resetStripe();
    company = await overpaid();
  });

  it('days after it had succeeded is undone once, and waits for finance', async () => {
    await company.refund(1_000);
    expect(await company.receivable()).toBe(-2_000);
    expect(await company.post('refund.failed', failed(), '2026-03-09T12:00:00.000Z')).toBe('applied');
    expect(await company.post('refund.updated', failed())).toBe('repeated');
    expect(await company.post('refund.updated', made({ status: 'succeeded' }))).toBe('repeated');
    const payment = await company.payment();
    expect(payment).toMatchObject({ unapplied: 3_000, refunds: [{ state: 'failed', amount: 1_000 }] });
    expect(payment).not.toHaveProperty('refunded');
    expect(await company.receivable()).toBe(-3_000);
    expect(await company.queue()).toMatchObject([
      {
        paymentId: company.paymentId,
        amount: 1_000,
        failure: 'The refund failed at Stripe: lost or stolen card',
        failedAt: '2026-03-09T12:00:00.000Z',
      },
    ]);
    expect(toldOf('payment.refund_failed')).toBe(1);
    expect(await company.faults()).toEqual([]);
  });

  it('at once, as Stripe refuses it, is undone with what Stripe says', async () => {
    atStripe.mood = 'refusing';
    await company.refund(1_000);
    expect(await company.queue()).toMatchObject([
      { failure: 'Stripe refuses the refund: The card is gone.' },
    ]);
    expect(await company.payment()).toMatchObject({ unapplied: 3_000 });
    expect(await company.faults()).toEqual([]);
  });

  it('leaves the queue once its money was given back another way', async () => {
    atStripe.mood = 'refusing';
    await company.refund(3_000);
    await company.settle();
    expect(await company.queue()).toHaveLength(1);
    atStripe.mood = 'well';
    await company.refund(3_000);
    await company.settle('2026-03-05');
    expect(await company.queue()).toEqual([]);
    expect(await company.payment()).toMatchObject({
      refunded: 3_000,
      refunds: [{ state: 'failed' }, { state: 'succeeded' }],
    });
    expect(await company.faults()).toEqual([]);
  });

  it('of a credit note opens that again', async () => {
    const body = { scope: 'full', reasonCode: 'other', reason: 'Not as ordered' };
    const { invoiceId } = company;
    const note = await company.done('createCreditNote', { as, at: NOON, params: { invoiceId }, body });
    const params = { creditNoteId: note.creditNoteId };
    const payOut = { amount: 4_000, reason: 'Wants no other goods' };
    await company.done('refundCreditNote', { as, at: NOON, params, body: payOut });
    expect(asked()).toMatchObject([{ form: { amount: '4000' } }]);
    expect(await company.payment()).toMatchObject({ paidOut: 4_000 });
    const before = await company.receivable();
    await company.post('refund.failed', failed());
    await company.post('refund.failed', failed());
    const payment = await company.payment();
    expect(payment).toMatchObject({ refunds: [{ state: 'failed', creditNoteId: note.creditNoteId }] });
    expect(payment).not.toHaveProperty('paidOut');
    expect(await company.receivable()).toBe(before - 4_000);
    expect(await company.faults()).toEqual([]);
    // And can be paid out again.
    await company.done('refundCreditNote', { as, at: NOON, params, body: payOut });
    expect(await company.payment()).toMatchObject({ paidOut: 4_000 });
    expect(await company.faults()).toEqual([]);
  });

  it('comes to the same in whatever order its events come, and however often', async () => {
    const events = ['created', 'succeeded', 'failed'] as const;
    const order = fc
      .shuffledSubarray([...events, ...events], { minLength: 6 })
      .filter((told) => told.length === 6);
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 0, max: 5 }), async (told, answeredAfter) => {
        resetStripe();
        company = await overpaid();
        atStripe.status = 'pending';
        const tell = async (kind: (typeof events)[number]) => {
          if (kind === 'created') return company.post('refund.created', made({ status: 'pending' }));
          return company.post('refund.updated', kind === 'failed' ? failed() : made({ status: kind }));
        };
        // Some before our own answer is stored.
        atStripe.beforeAnswer = async () => {
          for (const kind of told.slice(0, answeredAfter)) await tell(kind);
        };
        await company.refund(1_000);
        for (const kind of told.slice(answeredAfter)) await tell(kind);
        expect(await company.payment()).toMatchObject({ unapplied: 3_000, refunds: [{ state: 'failed' }] });
        expect(toldOf('payment.refund_failed')).toBe(1);
        expect(await company.faults()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['of money not used', 1_000, { unapplied: 3_000 }],
    ['of money that had settled an invoice', 5_000, { unapplied: 3_000, allocations: [{ amount: 6_000 }] }],
  ])('that somebody made at Stripe, %s, is undone in any order', async (_, amount, after) => {
    const refund = (status: string) =>
      stripeObject('refund', { id: 're_9', amount, currency: 'gbp', payment_intent: 'pi_1', status });
    for (const order of [
      ['pending', 'succeeded', 'failed', 'succeeded', 'failed'],
      ['failed', 'failed', 'pending', 'succeeded'],
    ]) {
      resetStripe();
      company = await overpaid();
      for (const status of order) await company.post('refund.updated', refund(status));
      expect(await company.payment()).toMatchObject(after);
      expect(await company.item()).toMatchObject({ balance: 0 });
      expect(await company.faults()).toEqual([]);
    }
  });
});
