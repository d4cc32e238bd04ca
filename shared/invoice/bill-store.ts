import { dunningPolicy } from '../collection/dunning-policy.ts';
import { type Company } from '../company/company.ts';
import { sellerOf } from '../company/seller-store.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, OrderId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { loadUnitCosts } from '../product/product-store.ts';
import { loadShippingFile } from '../shipment/shipment-store.ts';
import { onFreshRead } from '../table/commit.ts';
import type { Action, Table } from '../table/table.ts';
import { calendarsFor } from '../terms/calendar-store.ts';
import type { Invoice } from './invoice.ts';
import { type BilledPart, type BillingContext, draftBill } from './issue-invoice.ts';
import { issueInvoice } from './issue-invoice-store.ts';
import { nextNumber } from './series-store.ts';
import type { ToBill } from './to-bill.ts';
import { loadToBill, stillToBill } from './to-bill-store.ts';

/**
 * An invoice takes at most so many shipments (two writes each) and lines (a write for 200): with the seven writes every
 * invoice has and the one of an idempotency key, a transaction stays below its 100.
 */
const MOST_SHIPMENTS = 40;
const MOST_LINES = 1000;

/** Others bill the same shipments at most once each, so a few fresh reads always find the end. */
const TRIES = 5;

export type Billing = {
  readonly company: Company;
  readonly actor: string;
  readonly at: Instant;
  /** Remembers the idempotency key of who asked, if somebody did. */
  readonly remember?: ((invoiceId: string) => Action) | undefined;
};

/**
 * Issues one invoice of all shipments of an order that wait for it; undefined when none does.
 * @throws DomainError `version_conflict` when others bill them at the same time, again and again
 */
export function billOrder(table: Table, orderId: OrderId, billing: Billing): Promise<Invoice | undefined> {
  return onFreshRead(async () => {
    const waiting = (await loadToBill(table, orderId)).slice(0, MOST_SHIPMENTS);
    const [first] = waiting;
    return first && issueOver(table, 'standard', await loadParts(table, waiting), first.customerId, billing);
  }, TRIES);
}

/**
 * Issues the collective invoices of a customer's period, as many as its shipments need, the oldest first.
 * @param waiting sorted by shipment; those billed meanwhile are passed over
 */
export async function billPeriod(
  table: Table,
  waiting: readonly ToBill[],
  billing: Billing,
): Promise<Invoice[]> {
  const issued: Invoice[] = [];
  for (let rest = waiting; rest.length > 0; ) {
    rest = await onFreshRead(async () => {
      const still = await stillToBill(table, rest);
      const [first] = still;
      if (!first) return [];
      const parts = thoseTogether(await loadParts(table, still.slice(0, MOST_SHIPMENTS)));
      issued.push(await issueOver(table, 'collective', parts, first.customerId, billing));
      const billed = new Set(parts.flatMap((part) => part.billed.map(({ shipmentId }) => shipmentId)));
      return still.filter(({ shipmentId }) => !billed.has(shipmentId));
    }, TRIES);
  }
  return issued;
}

async function issueOver(
  table: Table,
  type: 'standard' | 'collective',
  parts: readonly BilledPart[],
  customerId: CustomerId,
  { company, actor, at, remember }: Billing,
): Promise<Invoice> {
  const today = dateIn(company.timeZone, at);
  const [customer, seller, unitCosts, dunning, next] = await Promise.all([
    loadCustomer(table, customerId),
    sellerOf(table, company),
    unitCostsOf(table, parts),
    policyInForce(table, dunningPolicy, today),
    nextNumber(table, 'invoice', today),
  ]);
  if (!customer) throw new DomainError('customer_not_found', `There is no customer ${customerId}.`);
  const calendars = await calendarsFor(table, customer, today);
  const context: BillingContext = {
    customer,
    company,
    seller,
    at,
    dunning: dunning.policy,
    calendars,
    unitCosts,
  };
  return issueInvoice(table, draftBill(type, parts, context), next, actor, remember);
}

/** What the goods that left cost us, where that is known. */
function unitCostsOf(table: Table, parts: readonly BilledPart[]): Promise<ReadonlyMap<string, number>> {
  const currency = parts[0]?.order.currency;
  const lines = parts.flatMap(({ orderLines, billed }) => {
    const left = new Set(billed.flatMap((shipment) => shipment.lines.map(({ line }) => line)));
    return orderLines.filter(({ line }) => left.has(line));
  });
  return currency === undefined ? Promise.resolve(new Map()) : loadUnitCosts(table, lines, currency);
}

/** The orders of the shipments that wait, each with those of its own. */
async function loadParts(table: Table, waiting: readonly ToBill[]): Promise<BilledPart[]> {
  const orderIds = [...new Set(waiting.map(({ orderId }) => orderId))];
  return Promise.all(
    orderIds.map(async (orderId) => {
      const file = await loadShippingFile(table, orderId);
      if (!file) throw new DomainError('order_not_found', `There is no order ${orderId}.`);
      const { order, lines: orderLines, shipments, deposits } = file;
      const wanted = new Set(waiting.map(({ shipmentId }) => shipmentId));
      return {
        order,
        orderLines,
        shipments,
        deposits,
        billed: shipments.filter(({ shipmentId }) => wanted.has(shipmentId)),
      };
    }),
  );
}

/**
 * The first orders' shipments that one invoice can bill: prices quoted alike, what is outside the scope of VAT alone
 * (EN 16931 BR-O-11), and not more lines than it holds.
 */
function thoseTogether(parts: readonly BilledPart[]): BilledPart[] {
  const [first] = parts;
  if (!first) return [];
  let left = MOST_LINES;
  const together: BilledPart[] = [];
  for (const part of parts.filter(({ order }) => likeness(order) === likeness(first.order))) {
    const billed: BilledPart['billed'][number][] = [];
    for (const shipment of part.billed) {
      left -= shipment.lines.length;
      if (left < 0) break;
      billed.push(shipment);
    }
    if (billed.length > 0) together.push({ ...part, billed });
    if (left < 0) break;
  }
  return together;
}

function likeness({ currency, pricesIncludeTax, totals }: BilledPart['order']): string {
  const outside = totals.groups.some(({ category }) => category === 'O');
  return `${currency} ${pricesIncludeTax === true} ${outside}`;
}
