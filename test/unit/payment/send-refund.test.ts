import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  asked,
  atStripe,
  factsIn,
  NOON,
  overpaid,
  react,
  request,
  resetStripe,
  server,
} from '../../builders/stripe-refunds.ts';
import { hasStripeFixtures } from '../../builders/stripe-server.ts';

afterAll(() => server.close());

let company: Awaited<ReturnType<typeof overpaid>>;
const refundFact = () => {
  const fact = factsIn(company.table).find(({ type }) => type === 'payment.refunded');
  if (!fact) throw new Error('nothing was refunded');
  return fact;
};
const progress = async () => (await company.payment()).refunds;

describe.skipIf(!hasStripeFixtures)(
  "a refund of what Stripe collected (Stripe's examples are in O2C_DATA)",
  () => {
    beforeEach(async () => {
      resetStripe();
      company = await overpaid();
    });

    it('is sent to Stripe once, under the key of its fact, and shown at the payment', async () => {
      await company.refund(1_000);
      const key = `${company.paymentId}.000002`;
      expect(asked()).toMatchObject([
        {
          path: '/v1/refunds',
          form: { payment_intent: 'pi_1', amount: '1000', 'metadata[refund]': key },
          idempotencyKey: `refund-${key}`,
        },
      ]);
      expect(await progress()).toEqual([
        { amount: 1_000, state: 'succeeded', recordedAt: NOON, changedAt: NOON, providerRefundId: 're_1' },
      ]);
      await react(company.table, refundFact());
      expect(asked()).toHaveLength(1);
      expect(await company.faults()).toEqual([]);
    });

    it('is each sent for itself', async () => {
      await company.refund(1_000);
      await company.refund(1_000);
      expect([...atStripe.refunds.keys()]).toHaveLength(2);
      expect(await company.payment()).toMatchObject({ refunded: 2_000, unapplied: 1_000 });
    });

    it('is known as ours when its webhook comes before the answer', async () => {
      const results: unknown[] = [];
      atStripe.beforeAnswer = async (refund) => {
        results.push(await company.post('refund.created', refund));
      };
      await company.refund(1_000);
      results.push(await company.post('refund.updated', [...atStripe.refunds.values()][0] ?? {}));
      expect(results).toEqual(['applied', 'repeated']);
      expect(await company.payment()).toMatchObject({ refunded: 1_000, unapplied: 2_000 });
      expect(await progress()).toMatchObject([{ state: 'succeeded', providerRefundId: 're_1' }]);
      expect(await company.faults()).toEqual([]);
    });

    it('is known by its id where the webhook bears no key', async () => {
      atStripe.status = 'pending';
      await company.refund(1_000);
      expect(await progress()).toMatchObject([{ state: 'sent' }]);
      const [refund = {}] = atStripe.refunds.values();
      await company.post('refund.updated', { ...refund, metadata: {}, status: 'succeeded' });
      expect(await company.payment()).toMatchObject({ refunded: 1_000, unapplied: 2_000 });
      expect(await progress()).toMatchObject([{ state: 'succeeded' }]);
    });

    it('that somebody made at Stripe is taken of the payment, and not sent again', async () => {
      const refund = {
        id: 're_9',
        amount: 1_000,
        currency: 'gbp',
        payment_intent: 'pi_1',
        status: 'succeeded',
      };
      expect(await company.post('refund.created', refund)).toBe('applied');
      for (const fact of factsIn(company.table))
        if (fact.type === 'payment.refunded') await react(company.table, fact);
      expect(await company.payment()).toMatchObject({ refunded: 1_000, unapplied: 2_000 });
      expect(asked()).toEqual([]);
      expect(await company.faults()).toEqual([]);
    });

    it('stays with us where the money came another way', async () => {
      const as = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
      const money = { customerId: 'cus_harbour', method: 'bank_transfer', currency: 'GBP', amount: 700 };
      const { paymentId } = await company.done('recordPayment', { as, at: NOON, body: money });
      const body = { amount: 700, reason: 'Paid twice', alreadySent: true };
      await company.done('refundPayment', { as, at: NOON, params: { paymentId }, body });
      expect(asked()).toEqual([]);
      expect(await company.done('getPayment', { as, at: NOON, params: { paymentId } })).not.toHaveProperty(
        'refunds',
      );
      expect(await company.faults()).toEqual([]);
    });

    it('waits while Stripe is down, and is sent the next morning', async () => {
      atStripe.mood = 'down';
      await expect(company.refund(1_000)).rejects.toMatchObject({ code: 'provider_unavailable' });
      expect(await progress()).toMatchObject([{ state: 'unknown' }]);
      atStripe.mood = 'well';
      expect(await company.settle()).toMatchObject({ settled: 1 });
      expect(await progress()).toMatchObject([{ state: 'succeeded' }]);
      expect(atStripe.refunds.size).toBe(1);
      expect(await company.faults()).toEqual([]);
    });

    it.each([
      ['by its key among those of the payment', 'keys'],
      ['by idempotency', 'lists'],
    ])('whose answer was lost is found again %s', async (_, forgets) => {
      atStripe.mood = 'lost';
      await expect(company.refund(1_000)).rejects.toMatchObject({ code: 'provider_unavailable' });
      Object.assign(atStripe, { mood: 'well', forgets });
      await react(company.table, refundFact());
      expect(atStripe.refunds.size).toBe(1);
      expect(await progress()).toMatchObject([{ state: 'succeeded', providerRefundId: 're_1' }]);
    });

    it('that was recorded and told to nobody is sent by the morning', async () => {
      const client = company.table.client();
      // Nobody listens: the event that would wake `send-refund` is lost.
      const as = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
      await request(client, 'refundPayment', {
        as,
        at: NOON,
        params: { paymentId: company.paymentId },
        body: { amount: 1_000, reason: 'Paid too much' },
        headers: { 'idempotency-key': 'quiet' },
      });
      expect(asked()).toEqual([]);
      await company.settle();
      expect(atStripe.refunds.size).toBe(1);
      expect(await progress()).toMatchObject([{ state: 'succeeded' }]);
    });

    it('that stays under way is asked about every morning', async () => {
      atStripe.status = 'pending';
      await company.refund(1_000);
      await company.settle();
      expect(await progress()).toMatchObject([{ state: 'sent' }]);
      for (const refund of atStripe.refunds.values()) refund['status'] = 'succeeded';
      await company.settle('2026-03-05');
      expect(await progress()).toMatchObject([{ state: 'succeeded' }]);
      expect(await company.settle('2026-03-06')).toEqual({ asked: 0, settled: 0 });
      expect(asked()).toHaveLength(1);
    });

    it.each(['crashBefore', 'crashAfter'] as const)(
      'is made once whenever the process dies: %s',
      async (crash) => {
        for (const mood of ['well', 'refusing'] as const) {
          resetStripe();
          company = await overpaid();
          atStripe.mood = 'down';
          await expect(company.refund(1_000)).rejects.toMatchObject({ code: 'provider_unavailable' });
          atStripe.mood = mood;
          const client = company.table.client();
          client.faults[crash](1);
          await expect(react(client, refundFact())).rejects.toThrow('died');
          client.faults.clear();
          await react(client, refundFact());
          expect(atStripe.refunds.size).toBe(mood === 'well' ? 1 : 0);
          expect(await progress()).toMatchObject([{ state: mood === 'well' ? 'succeeded' : 'failed' }]);
          const unapplied = mood === 'well' ? 2_000 : 3_000;
          expect(await company.payment()).toMatchObject({ unapplied });
          expect(await company.faults()).toEqual([]);
        }
      },
    );
  },
);
