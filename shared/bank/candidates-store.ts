import * as z from 'zod';
import { QueuedInvoice } from '../collection/queued-invoice.ts';
import { Customer } from '../customer/customer.ts';
import { loadFact } from '../fact/fact-store.ts';
import { creditorReference } from '../invoice/creditor-reference.ts';
import { loadOpenItems } from '../invoice/invoice-store.ts';
import { addDays } from '../kernel/days.ts';
import type { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { Advice, OpenCandidate, Payer, RecordedPayment } from '../matching/candidate-source.ts';
import { MemoryCandidates } from '../matching/memory-candidates.ts';
import { settledBy } from '../payment/payment.ts';
import { loadUnconfirmed, Unconfirmed } from '../payment/unconfirmed-store.ts';
import { keys, owedQueues, queuePartitions } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Table } from '../table/table.ts';
import { learnedPayerOf } from './payer-store.ts';

/** What lines of a statement that were worked in an earlier run took. */
export type TakenBefore = {
  /** Minor units settled, by invoice. */
  readonly settled: ReadonlyMap<InvoiceId, number>;
  readonly confirmed: ReadonlySet<PaymentId>;
  /** Facts of the reversals of payments that the bank took back with it. */
  readonly reversed: readonly string[];
};

/** The accounts that each customer's active mandates name, capitals and digits only. */
export type MandateAccounts = ReadonlyMap<CustomerId, ReadonlySet<string>>;

/** A bank statement tells of a payment within this time, or never. */
const CONFIRM_DAYS = 90;

const Profile = z.object(Customer.pick({ customerId: true, name: true, applyCash: true }).shape);

/**
 * All that the lines of a statement may be matched with: open invoices, whose they are and how those pay, payments
 * recorded by hand that no line confirmed, and `advices`. As things stood before the first line: what the statement's own
 * lines took in an earlier run is added back, so that a run that goes on decides as one that never broke off.
 *
 * It costs 20 queries, whatever the number of customers, and two keys of a BatchGetItem for each customer.
 * @param today the day the statement came in
 * @param mandates whose mandates name an account
 */
export async function loadCandidates(
  table: Table,
  today: CalendarDate,
  before: TakenBefore,
  advices: readonly Advice[],
  mandates: MandateAccounts,
): Promise<MemoryCandidates> {
  const [open, settledItems, waiting, reopened] = await Promise.all([
    loadOwed(table),
    loadOpenItems(table, [...before.settled.keys()]),
    loadUnconfirmed(table, addDays(today, -CONFIRM_DAYS)),
    loadReopened(table, before),
  ]);
  const asBefore = (item: Owed) => {
    const { invoiceId, balance } = item;
    const owed = balance + (before.settled.get(invoiceId) ?? 0) - (reopened.get(invoiceId) ?? 0);
    return candidateOf({ ...item, balance: owed });
  };
  const items = [...open.filter(({ invoiceId }) => !before.settled.has(invoiceId)), ...settledItems]
    .map(asBefore)
    .filter(({ balance }) => balance > 0);
  const payments = [...waiting.map(recordedOf), ...(await loadConfirmed(table, before, waiting))];
  const customerIds = new Set([...items, ...payments, ...advices].map(({ customerId }) => customerId));
  const payers = await loadPayers(table, [...customerIds], mandates);
  return new MemoryCandidates({ items, payers, payments, advices });
}

/** What is owed again, by invoice, because of lines of the statement that took payments back: a read for each. */
async function loadReopened(table: Table, { reversed }: TakenBefore): Promise<Map<InvoiceId, number>> {
  const reopened = new Map<InvoiceId, number>();
  const facts = await Promise.all(reversed.map((factId) => loadFact(table, ['payment.reversed'], factId)));
  for (const allocation of facts.flatMap(({ data }) => data.allocations)) {
    const { invoiceId } = allocation;
    reopened.set(invoiceId, (reopened.get(invoiceId) ?? 0) + settledBy(allocation));
  }
  return reopened;
}

async function loadOwed(table: Table): Promise<Owed[]> {
  const shards = await Promise.all(
    owedQueues
      .flatMap((queue) => queuePartitions(queue))
      .map((partition) => queryAll(table, { index: 'byDue', partition })),
  );
  return shards.flat().map((item) => QueuedInvoice.parse(item['due']));
}

type Owed = Omit<QueuedInvoice, 'parts' | 'status'>;

export function candidateOf(item: Owed): OpenCandidate {
  const { invoiceId, number, customerId, currency, balance, issuedOn, dueOn, discount } = item;
  const { endToEndId, poNumbers } = item;
  return {
    invoiceId,
    number,
    customerId,
    currency,
    balance,
    issuedOn,
    dueOn,
    ...(discount && { discount: { until: discount.until, amount: discount.amount } }),
    creditorReference: creditorReference(number),
    ...(endToEndId !== undefined && { endToEndId }),
    ...(poNumbers && { poNumbers }),
  };
}

/** Customers as lines tell of them, by name, what decisions taught and their mandates. Two keys of a BatchGetItem each. */
export async function loadPayers(
  table: Table,
  customerIds: readonly CustomerId[],
  mandates: MandateAccounts,
): Promise<Payer[]> {
  const items = await table.getMany(customerIds.flatMap((id) => [keys.customer(id), keys.payer(id)]));
  const payerKey = keys.payer('').SK;
  const learned = new Map(
    items.filter(({ SK }) => SK === payerKey).map((item) => [item.PK, learnedPayerOf(item)]),
  );
  return items
    .filter(({ SK }) => SK !== payerKey)
    .map((item) => {
      const { customerId, name, applyCash } = Profile.parse(item);
      const { aliases = [], accounts = [] } = learned.get(customerId) ?? {};
      const debited = mandates.get(customerId) ?? [];
      const all = [...new Set([...accounts, ...debited])];
      return { customerId, name, aliases, accounts: all, oldestFirst: applyCash === 'oldest_first' };
    });
}

/** Payments that earlier lines of the statement confirmed: they wait no more, but a second line may name them, too. */
async function loadConfirmed(
  table: Table,
  { confirmed }: TakenBefore,
  waiting: readonly Unconfirmed[],
): Promise<RecordedPayment[]> {
  const known = new Set(waiting.map(({ paymentId }) => paymentId));
  const items = await table.getMany([...confirmed].filter((id) => !known.has(id)).map(keys.payment));
  return items.map((item) => recordedOf(Unconfirmed.parse(item)));
}

function recordedOf({ paymentId, customerId, currency, amount, reference }: Unconfirmed): RecordedPayment {
  return { paymentId, customerId, currency, amount, references: [reference] };
}
