import * as fc from 'fast-check';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { entryOfInvoice } from '#shared/invoice/issue-invoice.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { postEntry } from '#shared/ledger/ledger-store.ts';
import { loadAttempt } from '#shared/payment/attempt-store.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { listPayments } from '#shared/payment/payment-store.ts';
import { fromStripeAmount, toStripeAmount } from '#shared/payment/stripe-amounts.ts';
import { portalLink } from '#shared/portal/portal-link.ts';
import { keys } from '#shared/table/keys.ts';
import type { Action } from '#shared/table/table.ts';
import { aCompany } from '../../builders/company.ts';
import { aCustomer } from '../../builders/customer.ts';
import { send } from '../../builders/http-event.ts';
import { anInvoice, INVOICE_ID } from '../../builders/invoice.ts';
import { memoryTable } from '../../builders/memory-table.ts';
import { openInvoice } from '../../builders/open-invoice.ts';
import { anOrderLine } from '../../builders/order.ts';
import { oweOneInvoice } from '../../builders/owed-invoice.ts';
import { hasStripeFixtures, stripeObject, stripeServer } from '../../builders/stripe-server.ts';

const SIGNING = 'a-secret-of-this-test-that-is-long-enough';
const WEBHOOK_SECRET = 'whsec_a_secret_of_this_test';
const PUBLIC_URL = 'https://api.example.com';
const PAGE = 'https://checkout.stripe.com/c/pay/cs_test_1';
const invoiceId = InvoiceId.parse(INVOICE_ID);
const customerId = CustomerId.parse('cus_harbour');
const NOON = '2026-03-31T12:00:00.000Z';
const NOON_SECONDS = 1_774_958_400;
const KEY = `${INVOICE_ID}.1`;

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: (id: string) => () =>
    Promise.resolve(
      id === 'stripe' ? JSON.stringify({ secretKey: 'sk_test_1', webhookSecret: WEBHOOK_SECRET }) : SIGNING,
    ),
}));

const metadata = { key: KEY, invoiceId: INVOICE_ID, customerId: 'cus_harbour' };
const session = (overrides: Record<string, unknown> = {}) =>
  stripeObject('checkout.session', {
    id: 'cs_test_1',
    url: PAGE,
    status: 'open',
    payment_status: 'unpaid',
    payment_intent: null,
    amount_total: 6_000,
    currency: 'gbp',
    metadata,
    ...overrides,
  });
/** What the server says of the page now. */
let asked: () => Record<string, unknown> | undefined = session;
const intent = () =>
  stripeObject('payment_intent', {
    id: 'pi_1',
    latest_charge: stripeObject('charge', {
      balance_transaction: stripeObject('balance_transaction', { fee: 114, currency: 'gbp' }),
      payment_method_details: { type: 'card' },
    }),
  });

const server = await stripeServer(({ method, path }) => {
  if (method === 'POST' && path === '/v1/checkout/sessions') return session();
  if (path === '/v1/checkout/sessions/cs_test_1') return asked();
  return path === '/v1/payment_intents/pi_1' ? intent() : undefined;
});
afterAll(() => server.close());

vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
vi.stubEnv('PUBLIC_URL', PUBLIC_URL);
vi.stubEnv('PAYMENT_SECRET_ID', 'signing');
vi.stubEnv('PAYMENT_PROVIDER', 'stripe');
vi.stubEnv('STRIPE_SECRET_ID', 'stripe');
vi.stubEnv('STRIPE_METHODS', 'card,us_bank_account,sepa_debit');
vi.stubEnv('STRIPE_API_URL', server.url);
const pay = await import('../../../functions/http/pay.ts');
const webhook = await import('../../../functions/webhooks/stripe-webhook.ts');
const settle = await import('../../../functions/schedule/settle-payments.ts');

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
beforeEach(async () => {
  server.requests.length = 0;
  asked = session;
  await owe();
  before = await violations();
  table.resetUnits();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const event = (type: string, object: Record<string, unknown>, id = `evt_${type}`) =>
  JSON.stringify(stripeObject('event', { id, type, data: { object } }));
const signed = (payload: string, timestamp = NOON_SECONDS, secret = WEBHOOK_SECRET) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
const post = (payload: string, signature = signed(payload)) =>
  send(webhook.handler, 'receiveStripeWebhook', {
    headers: { 'stripe-signature': signature },
    body: payload,
    at: NOON,
  });

const paidSession = () =>
  event(
    'checkout.session.completed',
    session({ status: 'complete', payment_status: 'paid', payment_intent: 'pi_1' }),
  );
const paidIntent = () =>
  event(
    'payment_intent.succeeded',
    stripeObject('payment_intent', { id: 'pi_1', amount_received: 6_000, currency: 'gbp', metadata }),
  );
const refund = (amount = 1_000) =>
  event(
    'refund.created',
    stripeObject('refund', { id: 're_1', amount, currency: 'gbp', payment_intent: 'pi_1' }),
  );
const dispute = (type: string, status = 'needs_response', amount = 5_000) =>
  event(
    type,
    stripeObject('dispute', {
      id: 'dp_1',
      amount,
      currency: 'gbp',
      payment_intent: 'pi_1',
      reason: 'fraudulent',
      status,
    }),
  );
const payments = async () => (await listPayments(table, customerId, { limit: 10 })).payments;
const item = () => loadOpenItem(table, invoiceId);
const attempt = () => loadAttempt(table, 'stripe', KEY);
const violations = async () => (await checkInvariants(table.items())).violations.map(({ detail }) => detail);
/** What the audit finds beside what the one invoice, laid without its order, has before. */
let before: string[] = [];
const faults = async () => (await violations()).filter((detail) => !before.includes(detail));
const owe = async () => {
  table = memoryTable();
  await oweOneInvoice(table);
  await table.write(postEntry(entryOfInvoice(anInvoice(), [anOrderLine()])));
};
const link = payLink(PUBLIC_URL, SIGNING, invoiceId);
const open = () =>
  send(pay.handler, 'openPaymentLink', {
    params: { token: link.slice(link.lastIndexOf('/') + 1) },
    at: NOON,
  });

describe('amounts at Stripe', () => {
  it.each([
    ['EUR', 1_234, 1_234],
    ['JPY', 500, 500],
    ['ISK', 5, 500],
    ['UGX', 5, 500],
    ['MGA', 500, 5],
    ['KWD', 5_120, 5_120],
  ])('are counted by its own digits: %s %i', (code, minor, counted) => {
    const currency = Currency.parse(code);
    expect(toStripeAmount(minor, currency)).toBe(counted);
    expect(fromStripeAmount(counted, currency)).toBe(minor);
  });

  it.each([
    ['KWD', 5_124],
    ['MGA', 501],
  ])('have no fractions that no card can pay: %s %i', (code, minor) => {
    expect(() => toStripeAmount(minor, Currency.parse(code))).toThrow(
      expect.objectContaining({ code: 'checkout_not_possible' }),
    );
  });
});

describe.skipIf(!hasStripeFixtures)("the payment link (Stripe's examples are in O2C_DATA)", () => {
  it('leads to a page at Stripe, asked for once by the key of the balance', async () => {
    const answer = await open();
    expect([answer.status, answer.headers['location']]).toEqual([303, PAGE]);
    await open();
    expect(server.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([KEY, KEY]);
    expect(server.requests[0]?.form).toMatchObject({
      mode: 'payment',
      'allowed_payment_method_types[0]': 'card',
      'line_items[0][price_data][currency]': 'gbp',
      'line_items[0][price_data][unit_amount]': '6000',
      'metadata[invoiceId]': INVOICE_ID,
      'payment_intent_data[metadata][customerId]': 'cus_harbour',
    });
    // Bank debits are in euros or dollars.
    expect(server.requests[0]?.form).not.toHaveProperty(['allowed_payment_method_types[1]']);
    expect(await attempt()).toMatchObject({ state: 'pending', sessionId: 'cs_test_1', version: 1 });
    expect(await faults()).toEqual([]);
  });

  it('takes several invoices in one payment, a line each, and shares it out as it was chosen', async () => {
    const second = openInvoice(2, { customerId: 'cus_harbour', dueOn: '2026-04-20' });
    await table.write(saveOpenItem(second, 'absent'));
    await table.write({ do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } });
    const until = CalendarDate.parse('2026-12-31');
    const portal = portalLink(PUBLIC_URL, SIGNING, { customerId, until });
    const answer = await send(pay.handler, 'choosePortalPayment', {
      params: { token: portal.slice(portal.lastIndexOf('/') + 1) },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ by: 'online', [INVOICE_ID]: 'on', [second.invoiceId]: 'on' }).toString(),
      at: NOON,
    });
    expect([answer.status, answer.headers['location']]).toEqual([303, PAGE]);
    const form = server.requests[0]?.form ?? {};
    expect(form).toMatchObject({
      'line_items[0][price_data][unit_amount]': '6000',
      'line_items[0][price_data][product_data][name]': 'Invoice INV-2026-000001',
      'line_items[1][price_data][unit_amount]': '10000',
      'payment_intent_data[description]': 'Invoice INV-2026-000001, INV-2026-000002',
    });
    const chosen = { key: form['metadata[key]'], invoiceId, customerId };
    const paid = { id: 'pi_1', amount_received: 16_000, currency: 'gbp', metadata: chosen };
    await post(event('payment_intent.succeeded', stripeObject('payment_intent', paid)));
    expect(await payments()).toMatchObject([{ amount: 16_000, unapplied: 0 }]);
    expect(await loadOpenItem(table, second.invoiceId)).toMatchObject({ balance: 0 });
    expect(await item()).toMatchObject({ balance: 0 });
  });

  it('asks nobody to pay what is on its way', async () => {
    await open();
    await post(
      event(
        'checkout.session.completed',
        session({ status: 'complete', payment_status: 'unpaid', payment_intent: 'pi_1' }),
      ),
    );
    expect(await attempt()).toMatchObject({ state: 'pending', processing: true, providerPaymentId: 'pi_1' });
    const again = await open();
    expect(again.status).toBe(200);
    expect(again.text).toContain('Payment under way');
  });

  it('starts anew once its page has expired', async () => {
    await open();
    await post(event('checkout.session.expired', session({ status: 'expired' })));
    expect(await attempt()).toMatchObject({ state: 'failed', reason: 'expired' });
    await open();
    expect(server.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([KEY, `${KEY}-2`]);
  });
});

describe.skipIf(!hasStripeFixtures)("a webhook of Stripe (Stripe's examples are in O2C_DATA)", () => {
  it.each([
    ['forged', () => signed(paidIntent(), NOON_SECONDS, 'whsec_another')],
    ['signed for another body', () => signed(refund())],
    ['six minutes old', () => signed(paidIntent(), NOON_SECONDS - 360)],
    ['six minutes ahead', () => signed(paidIntent(), NOON_SECONDS + 360)],
    ['unsigned', () => ''],
  ])('that is %s writes nothing', async (_, signature) => {
    const answer = await post(paidIntent(), signature());
    expect([answer.status, answer.json['code']]).toEqual([400, 'signature_invalid']);
    expect(table.units.writes).toBe(0);
  });

  it('books the payment with what Stripe keeps, and a replay writes nothing', async () => {
    await open();
    expect((await post(paidSession())).json).toEqual({ result: 'applied' });
    expect(await payments()).toMatchObject([
      { method: 'card', amount: 6_000, fee: 114, reference: 'pi_1', unapplied: 0 },
    ]);
    expect((await item())?.balance).toBe(0);
    expect(await attempt()).toMatchObject({ state: 'succeeded' });
    table.resetUnits();
    expect((await post(paidSession())).json).toEqual({ result: 'repeated' });
    expect((await post(paidIntent())).json).toEqual({ result: 'repeated' });
    expect(table.units.writes).toBe(0);
    expect(await faults()).toEqual([]);
  });

  it('keeps a refund until its payment comes, days late', async () => {
    expect((await post(refund())).json).toEqual({ result: 'kept' });
    expect(await payments()).toEqual([]);
    await post(paidIntent());
    expect(await payments()).toMatchObject([{ amount: 6_000, reversed: 1_000 }]);
    expect((await item())?.balance).toBe(1_000);
    expect(await faults()).toEqual([]);
  });

  it('of a charge-back lets the invoice be owed again, disputed; won, it is paid again', async () => {
    await post(paidIntent());
    await post(dispute('charge.dispute.created'));
    expect(await item()).toMatchObject({
      status: 'disputed',
      balance: 5_000,
      dispute: { reason: "Charged back by the payer's bank: fraudulent" },
    });
    expect(await faults()).toEqual([]);
    await post(dispute('charge.dispute.closed', 'won'));
    expect(await item()).toMatchObject({ status: 'paid', balance: 0 });
    expect(await payments()).toMatchObject([
      { amount: 6_000, unapplied: 0, allocations: [{ amount: 6_000 }] },
    ]);
    expect(await faults()).toEqual([]);
  });

  it('of a refund, late after a dispute over all that was paid, is not undone when that is won', async () => {
    await post(paidIntent());
    await post(dispute('charge.dispute.funds_withdrawn', 'needs_response', 6_000));
    expect((await post(refund())).json).toEqual({ result: 'applied' });
    expect(await payments()).toMatchObject([{ amount: 6_000, unapplied: 0, reversed: 6_000 }]);
    await post(dispute('charge.dispute.closed', 'won', 6_000));
    expect(await payments()).toMatchObject([
      { unapplied: 0, reversed: 1_000, allocations: [{ amount: 5_000 }] },
    ]);
    expect(await item()).toMatchObject({ status: 'open', balance: 1_000 });
    expect(await faults()).toEqual([]);
  });

  it('of a refund is not undone either when the dispute is won at that very moment', async () => {
    await post(paidIntent());
    await post(dispute('charge.dispute.funds_withdrawn', 'needs_response', 6_000));
    const marked = Promise.withResolvers<void>();
    const restored = Promise.withResolvers<void>();
    const inner = table.client();
    const isOfRefund = (action: Action) => action.do === 'put' && action.item['kind'] === 'refund';
    let refunding: ReturnType<typeof post> | undefined;
    table.write = async (action) => {
      await inner.write(action);
      if (isOfRefund(action) && action.do === 'put' && action.item['state'] === 'applied') marked.resolve();
    };
    // The dispute won has read all there is and is about to write; the refund then comes, and writes first.
    table.transact = async (actions) => {
      if (actions.some(isOfRefund)) {
        await inner.transact(actions);
        return marked.resolve();
      }
      const isFirst = refunding === undefined;
      refunding ??= post(refund());
      await (isFirst ? marked.promise : restored.promise);
      return inner.transact(actions).finally(() => restored.resolve());
    };
    await post(dispute('charge.dispute.closed', 'won', 6_000));
    await refunding;
    expect(await payments()).toMatchObject([
      { unapplied: 0, reversed: 1_000, allocations: [{ amount: 5_000 }] },
    ]);
    expect(await item()).toMatchObject({ status: 'open', balance: 1_000 });
    expect(await faults()).toEqual([]);
  });

  it('of a refund, late after a dispute over what was paid too much, leaves the invoice disputed', async () => {
    await post(
      event(
        'payment_intent.succeeded',
        stripeObject('payment_intent', { id: 'pi_1', amount_received: 6_900, currency: 'gbp', metadata }),
      ),
    );
    await post(dispute('charge.dispute.created', 'needs_response', 800));
    expect(await item()).toMatchObject({ status: 'paid', balance: 0 });
    await post(refund());
    // Told in order, the refund would have taken what was paid too much, and the dispute what had settled the invoice.
    expect(await item()).toMatchObject({
      status: 'disputed',
      balance: 900,
      dispute: { reason: "Charged back by the payer's bank: fraudulent" },
    });
    expect(await faults()).toEqual([]);
    await post(dispute('charge.dispute.closed', 'won', 800));
    expect(await item()).toMatchObject({ status: 'open', balance: 100 });
    expect(await faults()).toEqual([]);
  });

  it('of an inquiry, or a payment of another system, changes nothing', async () => {
    await post(paidIntent());
    table.resetUnits();
    const foreign = stripeObject('payment_intent', { id: 'pi_9', amount_received: 1, metadata: {} });
    for (const payload of [
      dispute('charge.dispute.created', 'warning_needs_response'),
      event('payment_intent.succeeded', foreign),
      event('payout.paid', {}),
    ]) {
      expect((await post(payload)).json).toEqual({ result: 'ignored' });
    }
    expect(table.units.writes).toBe(0);
  });

  it('comes to the same end in any order, and any number of times', async () => {
    const events = [
      paidSession(),
      paidIntent(),
      refund(),
      dispute('charge.dispute.created'),
      dispute('charge.dispute.funds_withdrawn'),
      dispute('charge.dispute.funds_reinstated'),
      dispute('charge.dispute.closed', 'won'),
    ];
    const order = fc
      .shuffledSubarray([...events, ...events], { minLength: 14 })
      .filter((told) => told.length === 14);
    await fc.assert(
      fc.asyncProperty(order, async (told) => {
        await owe();
        for (const payload of told) expect((await post(payload)).status).toBe(200);
        expect(await item()).toMatchObject({ status: 'open', balance: 1_000 });
        expect(await payments()).toMatchObject([
          { amount: 6_000, unapplied: 0, reversed: 1_000, allocations: [{ amount: 5_000 }] },
        ]);
        expect(await attempt()).toMatchObject({ state: 'succeeded' });
        expect(await faults()).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe.skipIf(!hasStripeFixtures)("what nothing was heard of (Stripe's examples are in O2C_DATA)", () => {
  const nextDay = { scheduledTime: '2026-04-01T20:00:00Z' };

  it('is asked about after a day, and booked as if it had been told', async () => {
    await open();
    expect(await settle.handler({ scheduledTime: '2026-04-01T04:00:00Z' })).toEqual({ asked: 0, settled: 0 });
    asked = () => session({ status: 'complete', payment_status: 'paid', payment_intent: 'pi_1' });
    expect(await settle.handler(nextDay)).toEqual({ asked: 1, settled: 1 });
    expect((await item())?.balance).toBe(0);
    expect(await payments()).toMatchObject([{ fee: 114 }]);
    expect(await settle.handler(nextDay)).toEqual({ asked: 0, settled: 0 });
    expect(await faults()).toEqual([]);
  });

  it('is unknown while Stripe does not answer, and asked about again', async () => {
    await open();
    asked = () => undefined;
    await settle.handler(nextDay);
    expect(await attempt()).toMatchObject({ state: 'unknown', asked: 1 });
    asked = () => session({ status: 'expired' });
    await settle.handler({ scheduledTime: '2026-04-03T04:00:00Z' });
    expect(await attempt()).toMatchObject({ state: 'failed', reason: 'expired' });
    expect(await faults()).toEqual([]);
  });
});
