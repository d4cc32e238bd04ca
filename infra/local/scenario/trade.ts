import * as z from 'zod';
import { type ApiClient, ApiProblem } from '../api-client.ts';
import type { ImportedOrder } from '../import/import-day.ts';
import { inTurn } from '../import/in-turn.ts';
import { progress } from '../import/progress.ts';
import { COUNTER } from '../import/sort-documents.ts';
import type { LocalClient } from '../local-client.ts';
import { daysToShip, habitOf } from './habits.ts';

/** So many days after the file's own day the run ends, unless told otherwise. */
export const TRADING_DAYS = 75;

const WIDTH = 8;

const OrderStatus = z.looseObject({ status: z.string() });
const Shipments = z.looseObject({ items: z.array(z.looseObject({ invoiceId: z.string() })) });
const Invoice = z.looseObject({
  number: z.string(),
  currency: z.string(),
  dueOn: z.string(),
  balance: z.int(),
});
const Anything = z.looseObject({});

export type Trade = {
  api: ApiClient;
  /** Of someone else: who entered an order does not release it. */
  credit: ApiClient;
  local: LocalClient;
  orders: readonly ImportedOrder[];
  /** First day, ISO date, and how many days were lived before. */
  start: string;
  daysDone: number;
  /** The last day, counted from the first. */
  days: number;
  /** Called when a day is over, to remember it. */
  dayDone: (days: number) => Promise<void>;
};

/**
 * Lives the days after an import: each noon the warehouse ships what is due, credit releases what was held the day
 * before, the counter's sales are paid, and customers pay by their habits. Reminders and reports come by schedule.
 * A day that broke off is lived again; what was done in it is not done twice.
 */
export async function trade({
  api,
  credit,
  local,
  orders,
  start,
  daysDone,
  days,
  dayDone,
}: Trade): Promise<void> {
  const bar = progress('days of trading', days + 1);
  const book = new InvoiceBook(api);
  for (let day = 0; day <= days; day++) {
    if (day < daysDone) {
      bar.step();
      continue;
    }
    await local.advanceTo(noonOf(start, day));
    if (day >= 1) await releaseHeld(credit, local, orders);
    await ship(api, orders, day);
    await local.quiesce();
    await receivePayments(api, book, orders, dateOf(start, day));
    await local.quiesce();
    await dayDone(day + 1);
    bar.step();
  }
  bar.end();
}

async function releaseHeld(
  api: ApiClient,
  local: LocalClient,
  orders: readonly ImportedOrder[],
): Promise<void> {
  const held = new Set(await heldOrders(api));
  const mine = orders.filter(({ orderId }) => held.has(orderId));
  for (const { orderId, number } of mine) {
    await api.post(
      `/v1/orders/${orderId}/release`,
      `release-${number}`,
      { reason: 'Known wholesaler, pays reliably' },
      Anything,
    );
  }
  if (mine.length > 0) await local.quiesce();
}

async function heldOrders(api: ApiClient): Promise<string[]> {
  const shape = z.looseObject({ items: z.array(z.looseObject({ orderId: z.string() })) });
  const { items } = await api.get('/v1/queues/held-orders?team=credit', shape);
  return items.map(({ orderId }) => orderId);
}

/** Counter sales leave with the customer; other orders when their day has come and credit has confirmed them. */
async function ship(api: ApiClient, orders: readonly ImportedOrder[], day: number): Promise<void> {
  if (day > 7) return;
  const due = orders.filter(({ number, customerId }) => customerId === COUNTER || daysToShip(number) <= day);
  await inTurn(due, { width: WIDTH }, async ({ orderId, number }) => {
    const { status } = await api.get(`/v1/orders/${orderId}`, OrderStatus);
    if (status !== 'confirmed') return;
    await api.post(
      `/v1/orders/${orderId}/shipments`,
      `ship-${number}`,
      { carrier: 'Royal Mail', trackingNumber: `RM${number}GB` },
      Anything,
    );
  });
}

async function receivePayments(
  api: ApiClient,
  book: InvoiceBook,
  orders: readonly ImportedOrder[],
  today: string,
): Promise<void> {
  await inTurn(
    orders,
    { width: WIDTH, group: ({ customerId }) => customerId },
    async ({ orderId, number, customerId }) => {
      const habit = customerId === COUNTER ? { afterDue: 0, share: 1 } : habitOf(number);
      if (habit.share === 0) return;
      const due = await book.dueOf(orderId);
      if (!due || today !== dateOf(due.dueOn, habit.afterDue)) return;
      const invoice = await book.now(due.invoiceId);
      if (invoice.balance === 0) return;
      const amount = Math.max(1, Math.floor(invoice.balance * habit.share));
      await pay(api, { customerId, number, amount, invoice });
    },
  );
}

type Due = z.infer<typeof Invoice> & { invoiceId: string };

async function pay(
  api: ApiClient,
  payment: { customerId: string; number: string; amount: number; invoice: Due },
): Promise<void> {
  const { customerId, number, amount, invoice } = payment;
  const body = {
    customerId,
    method: customerId === COUNTER ? 'cash' : 'bank_transfer',
    currency: invoice.currency,
    amount,
    reference: invoice.number,
    allocations: [{ invoiceId: invoice.invoiceId, amount }],
  };
  try {
    await api.post('/v1/payments', `pay-${number}`, body, Anything);
  } catch (error) {
    // The day broke off after this payment; it was short, so the same key now meets a smaller balance.
    if (!(error instanceof ApiProblem && error.code === 'idempotency_key_reused')) throw error;
  }
}

/** The invoices of orders, each looked up once: which it is and when it is due never change. */
class InvoiceBook {
  private readonly api: ApiClient;
  private readonly known = new Map<string, Due>();

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** The order's invoice as it was first seen; nothing before the order has shipped. */
  async dueOf(orderId: string): Promise<Due | undefined> {
    const known = this.known.get(orderId);
    if (known) return known;
    const invoiceId = (await this.api.get(`/v1/orders/${orderId}/shipments`, Shipments)).items[0]?.invoiceId;
    if (invoiceId === undefined) return undefined;
    const due = await this.now(invoiceId);
    this.known.set(orderId, due);
    return due;
  }

  /** The invoice with what is owed on it at this moment. */
  async now(invoiceId: string): Promise<Due> {
    return { ...(await this.api.get(`/v1/invoices/${invoiceId}`, Invoice)), invoiceId };
  }
}

const DAY = 86_400_000;
function dateOf(start: string, days: number): string {
  return new Date(Date.parse(`${start}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

const noonOf = (start: string, day: number) => `${dateOf(start, day)}T12:00:00.000Z`;
