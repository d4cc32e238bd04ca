import fc from 'fast-check';

/** Of one payment on a page at Stripe, all that Stripe will ever tell. */
export type Paying = {
  /** A card is paid at once; a bank debit is on its way for days. */
  by: 'card' | 'bank debit';
  /** What comes of it. Money can come after a page was given up. */
  outcome: 'paid' | 'failed' | 'expired' | 'paid after all';
  /** What is paid of what is owed. */
  howMuch: 'exactly' | 'short' | 'over';
  /** Whether the payer came by our link, so that the attempt is on record before Stripe tells of it. */
  opened: boolean;
  /** Hundredths of the payment, one after the other. */
  refunds: { percent: number; pending: boolean; outcome: 'succeeded' | 'failed' }[];
  dispute?:
    | {
        /** Stripe takes what was not refunded, or a part of that, or all that was ever paid. */
        of: 'rest' | 'part' | 'all';
        inquiry: boolean;
        end: 'open' | 'lost' | 'won';
      }
    | undefined;
};

/** What befalls a process, at which of its awaits. */
export type Death = { nth: number; when: 'before' | 'after' };

/** How what Stripe tells arrives. The lists are used round and round. */
export type Arrival = {
  /** How often each event is delivered. */
  times: number[];
  /** By which the deliveries are sorted. */
  order: number[];
  /** How many arrive at the same time. */
  together: number[];
  /** How many days pass before they do. */
  days: number[];
  /** What befalls each try of a delivery; Stripe sends it again until it is acknowledged. */
  deaths: (Death | null)[];
  /** After which groups of deliveries Stripe is asked what it knows. */
  asked: boolean[];
  seed: number;
};

export type StripeHistory = { payings: Paying[]; arrival: Arrival };

const paying: fc.Arbitrary<Paying> = fc.record({
  by: fc.constantFrom('card', 'card', 'bank debit'),
  outcome: fc.constantFrom('paid', 'paid', 'paid', 'paid', 'failed', 'expired', 'paid after all'),
  howMuch: fc.constantFrom('exactly', 'exactly', 'short', 'over'),
  opened: fc.boolean(),
  refunds: fc.array(
    fc.record({
      percent: fc.constantFrom(5, 25, 50),
      pending: fc.boolean(),
      outcome: fc.constantFrom('succeeded', 'succeeded', 'failed'),
    }),
    { maxLength: 2 },
  ),
  dispute: fc.option(
    fc.record({
      of: fc.constantFrom('rest', 'part', 'all'),
      inquiry: fc.boolean(),
      end: fc.constantFrom('open', 'lost', 'won', 'won'),
    }),
    { nil: undefined },
  ),
});

const death = fc.option(
  fc.record({ nth: fc.integer({ min: 1, max: 14 }), when: fc.constantFrom('before', 'after') }),
);

/** One to four payments, each of an invoice of its own, and how what becomes of them is told. */
export const stripeHistory: fc.Arbitrary<StripeHistory> = fc.record({
  payings: fc.array(paying, { minLength: 1, maxLength: 4 }),
  arrival: fc.record({
    times: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 16 }),
    order: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 48 }),
    together: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }),
    days: fc.array(fc.constantFrom(0, 0, 0, 1, 9), { minLength: 1, maxLength: 8 }),
    deaths: fc.array(death, { minLength: 1, maxLength: 32 }),
    asked: fc.array(fc.constantFrom(false, false, true), { minLength: 1, maxLength: 8 }),
    seed: fc.nat(),
  }),
});

/** An event as Stripe tells of it; `object` is what its `data` holds. */
export type StripeEvent = { id: string; type: string; object: Record<string, unknown> };

/** What a payment is of. */
export type Terms = { key: string; invoiceId: string; owed: number; number: number };

/** Minor units that are paid. */
const paidOf = (howMuch: Paying['howMuch'], owed: number) =>
  ({ exactly: owed, short: owed - 1_500, over: owed + 900 })[howMuch];

/** All that Stripe tells of a payment, in the order in which it came about. */
export function eventsOf(paying: Paying, { key, invoiceId, owed, number }: Terms): StripeEvent[] {
  const intent = `pi_${number}`;
  const metadata = { key, invoiceId };
  const amount = paidOf(paying.howMuch, owed);
  const common = { currency: 'gbp', metadata };
  const events: StripeEvent[] = [];
  const tell = (type: string, object: Record<string, unknown>) =>
    events.push({ id: `evt_${number}_${events.length + 1}`, type, object });
  const session = (about: Record<string, unknown>) => ({
    id: `cs_${number}`,
    amount_total: amount,
    ...common,
    ...about,
  });
  const unpaid = () => session({ status: 'complete', payment_status: 'unpaid', payment_intent: intent });
  const paid = () => session({ status: 'complete', payment_status: 'paid', payment_intent: intent });
  const ofIntent = () => ({ id: intent, amount, amount_received: amount, ...common });

  if (paying.outcome === 'expired') {
    tell('checkout.session.expired', session({ status: 'expired', payment_status: 'unpaid' }));
    return events;
  }
  if (paying.by === 'bank debit' || paying.outcome !== 'paid') {
    tell('checkout.session.completed', unpaid());
    tell('payment_intent.processing', ofIntent());
  }
  if (paying.outcome !== 'paid') tell('checkout.session.async_payment_failed', unpaid());
  if (paying.outcome === 'failed') {
    tell('payment_intent.canceled', ofIntent());
    return events;
  }
  tell('payment_intent.succeeded', ofIntent());
  tell(
    paying.by === 'card' ? 'checkout.session.completed' : 'checkout.session.async_payment_succeeded',
    paid(),
  );

  let rest = amount;
  for (const [index, { percent, pending, outcome }] of paying.refunds.entries()) {
    const refund = {
      id: `re_${number}_${index}`,
      amount: Math.floor((amount * percent) / 100),
      currency: 'gbp',
      payment_intent: intent,
      reason: 'requested_by_customer',
    };
    if (pending) tell('refund.created', { ...refund, status: 'pending' });
    if (outcome === 'failed') {
      tell('refund.updated', { ...refund, status: 'failed' });
      continue;
    }
    tell(pending ? 'refund.updated' : 'refund.created', { ...refund, status: 'succeeded' });
    rest -= refund.amount;
  }

  const { dispute } = paying;
  if (!dispute || rest === 0) return events;
  const disputed = { rest, part: Math.ceil(rest / 2), all: amount }[dispute.of];
  const of = (status: string) => ({
    id: `dp_${number}`,
    status,
    amount: disputed,
    currency: 'gbp',
    payment_intent: intent,
    reason: 'fraudulent',
  });
  if (dispute.inquiry) tell('charge.dispute.created', of('warning_needs_response'));
  else tell('charge.dispute.created', of('needs_response'));
  tell('charge.dispute.funds_withdrawn', of('needs_response'));
  if (dispute.end === 'lost') tell('charge.dispute.closed', of('lost'));
  if (dispute.end === 'won') {
    tell('charge.dispute.funds_reinstated', of('under_review'));
    tell('charge.dispute.closed', of('won'));
  }
  return events;
}
