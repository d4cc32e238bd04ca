import Stripe from 'stripe';
import { vi } from 'vitest';
import { examine } from '#shared/invariant/check-invariants.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import type * as providers from '#shared/payment/provider-client.ts';
import type { StripeProvider } from '#shared/payment/stripe-client.ts';
import { readStripeWebhook, sessionNews } from '#shared/payment/stripe-events.ts';
import type { Item } from '#shared/table/table.ts';
import { inProcess, portOfProcess } from '../builders/house.ts';
import { type Response, send } from '../builders/http-event.ts';
import { type MemoryTable, memoryTable, type TableClient } from '../builders/memory-table.ts';
import { interleave, seeded } from './interleave.ts';
import { type Arrival, type Death, eventsOf, type Paying, type StripeEvent } from './stripe-history.ts';

const SIGNING = 'a-secret-of-this-test-that-is-long-enough';
const WEBHOOK_SECRET = 'whsec_a_secret_of_this_test';
const PUBLIC_URL = 'https://api.example.com';
const START = Date.parse('2026-04-01T09:00:00.000Z');
const DAY = 24 * 60 * 60 * 1000;

/** What Stripe knows, told without a network: what it tells is read by the code that reads the real one's. */
const stripe = vi.hoisted((): { provider?: unknown } => ({}));
vi.mock('#shared/payment/provider-client.ts', async (original) => ({
  ...(await original<typeof providers>()),
  stripeOf: () => () => Promise.resolve({ provider: stripe.provider, webhookSecret: WEBHOOK_SECRET }),
  providerOf: () => () => Promise.resolve(stripe.provider),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SIGNING),
}));

process.env['PUBLIC_URL'] ??= PUBLIC_URL;
process.env['PAYMENT_PROVIDER'] = 'stripe';
const [pay, webhook, settle] = await Promise.all([
  import('../../functions/http/pay.ts'),
  import('../../functions/webhooks/stripe-webhook.ts'),
  import('../../functions/schedule/settle-payments.ts'),
]);

type Turn = () => Promise<void>;

/** Invoices that are paid on pages at Stripe, and everything Stripe tells of that. */
export class StripeWorld {
  readonly table: MemoryTable;
  readonly #invoices: readonly InvoiceId[];
  /** By id, as they are in the end. */
  readonly #sessions = new Map<string, Record<string, unknown>>();
  readonly #keys = new Map<string, string>();
  #now = START;
  #tries = 0;

  constructor({ items, invoices }: { items: Iterable<Item>; invoices: readonly InvoiceId[] }) {
    this.table = memoryTable(items);
    this.#invoices = invoices;
  }

  /** Payers open their links, and Stripe tells all, once and in order, to processes that never die. */
  async tellInOrder(payings: readonly Paying[]): Promise<void> {
    for (const event of await this.#open(payings, [null])) await this.#deliver(event, [null]);
  }

  /** The same, as `arrival` has it. */
  async tell(payings: readonly Paying[], arrival: Arrival): Promise<void> {
    const { times, order, together, days, asked, deaths, seed } = arrival;
    const events = await this.#open(payings, deaths);
    const deliveries = events
      .flatMap((event, index) => Array<StripeEvent>(at(times, index)).fill(event))
      .map((event, index) => ({ event, place: at(order, index) }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ event }) => event);
    const random = seeded(seed);
    for (let group = 0; deliveries.length > 0; group++) {
      this.#now += at(days, group) * DAY;
      const arriving = deliveries
        .splice(0, at(together, group))
        .map((event) => (turn: Turn) => this.#deliver(event, deaths, turn));
      const asking = (turn: Turn) => this.#ask(deaths, turn);
      await interleave(at(asked, group) ? [...arriving, asking] : arriving, random);
    }
  }

  /** Payers who come by our links open them, so that their attempts are on record. @returns all that Stripe will tell */
  async #open(payings: readonly Paying[], deaths: readonly (Death | null)[]): Promise<StripeEvent[]> {
    stripe.provider = this.#provider();
    const events: StripeEvent[] = [];
    for (const [index, paying] of payings.entries()) {
      const invoiceId = at(this.#invoices, index);
      if (paying.opened) {
        await this.#untilAnswered(deaths, undefined, () => this.#openLink(invoiceId));
      }
      const key = this.#keys.get(invoiceId) ?? `${invoiceId}.1`;
      const told = eventsOf(paying, { key, invoiceId, owed: 6_000, number: index });
      events.push(...told);
      for (const { object } of told) {
        if (String(object['id']).startsWith('cs_')) this.#sessions.set(String(object['id']), object);
      }
    }
    return events;
  }

  #openLink(invoiceId: InvoiceId): Promise<Response> {
    const link = payLink(PUBLIC_URL, SIGNING, invoiceId);
    const token = link.slice(link.lastIndexOf('/') + 1);
    return send(pay.handler, 'openPaymentLink', { params: { token }, at: this.#at() });
  }

  #deliver(event: StripeEvent, deaths: readonly (Death | null)[], turn?: Turn): Promise<void> {
    return this.#untilAnswered(deaths, turn, () => {
      const { id, type, object } = event;
      const payload = JSON.stringify({ id, object: 'event', type, data: { object } });
      const timestamp = Math.floor(this.#now / 1000);
      const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, timestamp });
      return send(webhook.handler, 'receiveStripeWebhook', {
        headers: { 'stripe-signature': header },
        body: payload,
        at: this.#at(),
      });
    });
  }

  /** The morning's question about what nothing was heard of, asked again as Lambda does where it failed. */
  async #ask(deaths: readonly (Death | null)[], turn: Turn): Promise<void> {
    const scheduledTime = new Date(this.#now + 2 * DAY).toISOString();
    for (let tries = 1; ; tries++) {
      const client = this.#client(tries > 3 ? null : at(deaths, this.#tries++), turn);
      try {
        await inProcess(client, () => settle.handler({ scheduledTime }));
        return;
      } catch (error) {
        // Without having died it loses to an event that is told at the same time: once those are done, it does not.
        if (!client.faults.isDead && tries > 6) throw error;
      }
    }
  }

  /** Sends a request until it is acknowledged; each try may die, the last ones live. */
  async #untilAnswered(
    deaths: readonly (Death | null)[],
    turn: Turn | undefined,
    request: () => Promise<Response>,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const client = this.#client(tries > 3 ? null : at(deaths, this.#tries++), turn);
      this.#now++;
      const { status = 500, text } = await inProcess(client, request);
      if (client.faults.isDead) continue;
      if (status < 400) return;
      throw new Error(`refused with ${status}: ${text}`);
    }
  }

  #client(death: Death | null, turn?: Turn): TableClient {
    const client = this.table.client(turn);
    if (death) client.faults.crashAtAwait(death.nth, death.when);
    return client;
  }

  /** Stripe as the process that is running sees it. */
  #provider(): Partial<StripeProvider> {
    const account: Partial<StripeProvider> = {
      name: 'stripe',
      endsOnFailure: true,
      readWebhook: readStripeWebhook,
      createCheckout: ({ key, invoiceId }) => {
        this.#keys.set(invoiceId, key);
        const sessionId = `cs_${this.#invoices.indexOf(invoiceId)}`;
        return Promise.resolve({ url: `https://checkout.stripe.com/c/pay/${sessionId}`, sessionId });
      },
      askAbout: ({ sessionId = '' }, moment) =>
        Promise.resolve(
          sessionNews(
            `asked-${moment}`,
            this.#sessions.get(sessionId) ?? { id: sessionId, payment_status: 'unpaid' },
          ),
        ),
      complete: (payment) => Promise.resolve({ ...payment, method: 'card', fee: 114 }),
    };
    return new Proxy(account, {
      get: (target, name) =>
        Reflect.get(portOfProcess(target, ['createCheckout', 'askAbout', 'complete']), name),
    });
  }

  #at(): string {
    return new Date(this.#now).toISOString();
  }

  /**
   * What all that was told has come to, without ids and moments. Money that is gone was refunded where it had not been used,
   * and reversed where it had settled an invoice: which of the two depends on what was told before.
   */
  async outcome() {
    const picture = await readPicture(this.table.items());
    const { violations } = examine(picture);
    const books = new Map<string, number>();
    for (const { postings } of picture.entries) {
      for (const { account, amount } of postings) books.set(account, (books.get(account) ?? 0) + amount);
    }
    const payments = [...picture.payments.values()].map(
      ({ reference, amount, method, fee, unapplied, refunded = 0, reversed = 0, allocations }) => ({
        reference,
        amount,
        method,
        fee,
        unapplied,
        gone: refunded + reversed,
        allocations: allocations.map((each) => [each.invoiceId, each.amount]),
      }),
    );
    const attempts = [...picture.attempts].map(([key, { attempt }]) => {
      const { state, providerPaymentId } = attempt;
      return [key, { state, ...(state === 'succeeded' && { providerPaymentId }) }] as const;
    });
    return {
      violations,
      payments: payments.toSorted((one, other) => (one.reference < other.reference ? -1 : 1)),
      invoices: [...picture.openItems.values()].map(({ invoiceId, status, balance }) => ({
        invoiceId,
        status,
        balance,
      })),
      accounts: [...picture.accounts].map(([customerId, { exposure, receivable }]) => ({
        customerId,
        exposure,
        receivable,
      })),
      books: Object.fromEntries(books),
      attempts: Object.fromEntries(attempts),
      waiting: picture.effects.filter(({ effect }) => effect.state === 'waiting').length,
    };
  }
}

/** The `index`-th of `some`, which go round and round. */
function at<T>(some: readonly T[], index: number): T {
  const found = some[index % some.length];
  if (found === undefined) throw new RangeError('there are some');
  return found;
}
