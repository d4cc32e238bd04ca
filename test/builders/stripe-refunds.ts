import Stripe from 'stripe';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId, PaymentId } from '#shared/kernel/ids.ts';
import { send } from './http-event.ts';
import { stripeObject, stripeServer } from './stripe-server.ts';

// A company that is paid through Stripe, at a server of this machine that makes refunds as Stripe does: one for one
// idempotency key. The house keeps its secrets.

const WEBHOOK_SECRET = 'whsec_a_secret_of_this_test';

type StripeRefund = Record<string, unknown> & { id: string };

/** What the server has, and how it is today. */
export const atStripe = {
  refunds: new Map<string, StripeRefund>(),
  /** `down` does nothing and says so; `lost` makes the refund and its answer never comes; `refusing` says no. */
  mood: 'well' as 'well' | 'down' | 'lost' | 'refusing',
  /** `lists`: what was just made is not in them yet; `keys`: a day has passed, and Stripe forgot the idempotency keys. */
  forgets: 'nothing' as 'nothing' | 'lists' | 'keys',
  status: 'succeeded',
  /** What happens between a refund and the answer. */
  beforeAnswer: (_refund: StripeRefund): Promise<void> => Promise.resolve(),
};

export const server = await stripeServer(async ({ method, path, form, idempotencyKey = '' }) => {
  if (path === '/v1/payment_intents/pi_1')
    return stripeObject('payment_intent', { id: 'pi_1', latest_charge: null });
  if (atStripe.mood === 'down') return undefined;
  const { refunds } = atStripe;
  if (method === 'POST' && path === '/v1/refunds') {
    if (atStripe.mood === 'refusing') {
      return {
        error: { type: 'invalid_request_error', message: 'The card is gone.', code: 'refund_no_way' },
      };
    }
    const key = atStripe.forgets === 'keys' ? `${idempotencyKey} of ${refunds.size}` : idempotencyKey;
    const refund = refunds.get(key) ?? refundOf(form, refunds.size + 1);
    refunds.set(key, refund);
    await atStripe.beforeAnswer(refund);
    return atStripe.mood === 'lost' ? undefined : refund;
  }
  if (path === '/v1/refunds') {
    const data = atStripe.forgets === 'lists' ? [] : [...refunds.values()];
    return { object: 'list', url: '/v1/refunds', has_more: false, data };
  }
  return [...refunds.values()].find(({ id }) => path === `/v1/refunds/${id}`);
});

function refundOf(form: Record<string, string>, ordinal: number): StripeRefund {
  const metadata = { refund: form['metadata[refund]'] };
  const intent = { payment_intent: form['payment_intent'], currency: 'gbp', metadata };
  const id = `re_${ordinal}`;
  return {
    ...stripeObject('refund', { ...intent, amount: Number(form['amount']), status: atStripe.status }),
    id,
  };
}

/** Stripe without a refund, and well. */
export function resetStripe(): void {
  atStripe.refunds.clear();
  server.requests.length = 0;
  Object.assign(atStripe, {
    mood: 'well',
    forgets: 'nothing',
    status: 'succeeded',
    beforeAnswer: () => Promise.resolve(),
  });
}

/** What was asked of Stripe to be made. */
export const asked = () => server.requests.filter(({ method }) => method === 'POST');

process.env['PAYMENT_PROVIDER'] = 'stripe';
process.env['PAYMENT_SECRET_ID'] = 'signing';
process.env['STRIPE_SECRET_ID'] = 'stripe';
process.env['STRIPE_API_URL'] = server.url;
// Only now: the functions read the environment as they are loaded.
const house = await import('./house.ts');
const { inProcess } = house;
export const { factsIn, react, request } = house;
const { sellFourMugs, trading } = await import('./trading.ts');
const webhook = await import('../../functions/webhooks/stripe-webhook.ts');
const settle = await import('../../functions/schedule/settle-payments.ts');

export const NOON = '2026-03-03T12:00:00.000Z';

/** An invoice of GBP 60.00, of which Stripe collected 90.00. */
export async function overpaid() {
  const company = trading();
  const { table } = company;
  const invoiceId = InvoiceId.parse(await sellFourMugs(company, '2026-03-03T10:00:00.000Z'));
  const post = async (type: string, object: Record<string, unknown>, at = NOON) => {
    const payload = JSON.stringify(stripeObject('event', { id: `evt_${type}`, type, data: { object } }));
    const timestamp = Date.parse(at) / 1000;
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret: WEBHOOK_SECRET,
      timestamp,
    });
    const headers = { 'stripe-signature': signature };
    const answer = await inProcess(table, () =>
      send(webhook.handler, 'receiveStripeWebhook', { headers, body: payload, at }),
    );
    if (answer.status !== 200) throw new Error(`${type}: ${answer.text}`);
    return answer.json['result'];
  };
  const pay = (amount: number, more: Record<string, unknown> = {}) => {
    const metadata = { key: `${invoiceId}.1`, invoiceId, customerId: 'cus_harbour' };
    const paid = { id: 'pi_1', amount_received: amount, currency: 'gbp', metadata, ...more };
    return post('payment_intent.succeeded', stripeObject('payment_intent', paid));
  };
  await pay(9_000);
  const as = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
  const [head] = table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
  const paymentId = PaymentId.parse(head?.PK);
  const params = { paymentId };
  return {
    ...company,
    invoiceId,
    paymentId,
    post,
    refund: (amount: number) =>
      company.done('refundPayment', { as, at: NOON, params, body: { amount, reason: 'Paid too much' } }),
    payment: () => company.done('getPayment', { as, at: NOON, params }),
    item: () => loadOpenItem(table, invoiceId),
    queue: async () => (await company.done('listRefunds', { as, at: NOON })).failed,
    receivable: async () => {
      const customer = { params: { customerId: 'cus_harbour' }, as, at: NOON };
      return (await company.done('getCustomer', customer)).account.receivable;
    },
    /** `settle-payments` of a morning, by default the next. */
    settle: (date = '2026-03-04') =>
      inProcess(table, () => settle.handler({ scheduledTime: `${date}T05:00:00.000Z` })),
    faults: async () => (await checkInvariants(table.items())).violations.map(({ detail }) => detail),
  };
}
