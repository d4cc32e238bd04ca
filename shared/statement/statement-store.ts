import * as z from 'zod';
import { loadCustomer } from '../customer/customer-store.ts';
import { loadOwedBy } from '../invoice/owed-store.ts';
import { datesBetween } from '../kernel/calendar.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, dateIn, Instant } from '../kernel/time.ts';
import { loadCustomersOfDay, loadMovements } from '../ledger/ledger-store.ts';
import { owedQueues, queuePartition, queuePartitions } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Item, Table } from '../table/table.ts';
import {
  composeStatement,
  type OpenItemStatement,
  type PeriodStatement,
  type StatementSources,
  type UnappliedItem,
} from './statement.ts';

const Whose = z.object({ customerId: CustomerId });
const Unapplied = Whose.extend({ currency: Currency, amount: Minor, number: z.string() });
/** Payments are queued by the moment they were recorded, credit notes by their id, which holds it as well. */
const PaymentHead = z.object({ recordedAt: Instant });
const CreditNoteHead = z.object({ issuedOn: CalendarDate });

/** How many days of the ledger are read side by side. */
const DAYS_AT_ONCE = 4;

/** The customer's statement of a period, `from` and `to` included; undefined where there is no such customer. */
export async function loadPeriodStatement(
  table: Table,
  customerId: CustomerId,
  { from, to }: { from: CalendarDate; to: CalendarDate },
): Promise<PeriodStatement | undefined> {
  const [customer, movements] = await Promise.all([
    loadCustomer(table, customerId),
    loadMovements(table, customerId, to),
  ]);
  return customer && composeStatement(customer, { kind: 'period', from, to, movements });
}

/**
 * The customer's open items on `on`, which is the day it is. They are found in the work queues, which hold what is
 * open of a quarter of the customers each, and read one by one: what it takes grows with what is open, not with what
 * was ever invoiced.
 */
export async function loadOpenItemStatement(
  table: Table,
  customerId: CustomerId,
  on: CalendarDate,
  timeZone: string,
): Promise<OpenItemStatement | undefined> {
  const [customer, items, unapplied] = await Promise.all([
    loadCustomer(table, customerId),
    loadOwedBy(table, customerId),
    loadUnappliedOf(table, customerId, timeZone),
  ]);
  const sources = { kind: 'open_item', on, items, unapplied } satisfies StatementSources;
  return customer && composeStatement(customer, sources);
}

async function loadUnappliedOf(
  table: Table,
  customerId: CustomerId,
  timeZone: string,
): Promise<UnappliedItem[]> {
  const queued = (await loadQueue(table, queuePartition('unapplied', customerId)))
    .map((item) => ({ key: { PK: item.PK, SK: item.SK }, due: Unapplied.parse(item['due']) }))
    .filter(({ due }) => due.customerId === customerId);
  const heads = await table.getMany(
    queued.map(({ key }) => (key.PK.startsWith('crn_') ? { PK: key.PK, SK: 'DOCUMENT' } : key)),
  );
  const dates = new Map(heads.map((head) => [head.PK, dateOf(head, timeZone)]));
  return queued.flatMap(({ key: { PK: id }, due }) => {
    const date = dates.get(id);
    return date === undefined
      ? []
      : [{ kind: kindOf(id), id, reference: due.number, date, amount: due.amount }];
  });
}

const kindOf = (id: string) => (id.startsWith('crn_') ? ('credit_note' as const) : ('payment' as const));

function dateOf(head: Item, timeZone: string): CalendarDate {
  return kindOf(head.PK) === 'credit_note'
    ? CreditNoteHead.parse(head).issuedOn
    : dateIn(timeZone, PaymentHead.parse(head).recordedAt);
}

/**
 * Who gets a statement of a month: everybody with something open now, and everybody whose account moved from `from` to
 * `to`. Each once, sorted. Reads the queues of open items and the month's ledger, a few days at a time; no customer.
 */
export async function loadCustomersToState(
  table: Table,
  { from, to }: { from: CalendarDate; to: CalendarDate },
): Promise<CustomerId[]> {
  const found = new Set<CustomerId>();
  const partitions = [...owedQueues, 'unapplied' as const].flatMap(queuePartitions);
  const waiting = await Promise.all(partitions.map((partition) => loadQueue(table, partition)));
  for (const item of waiting.flat()) found.add(Whose.parse(item['due']).customerId);
  await eachLimited(datesBetween(from, to), DAYS_AT_ONCE, async (date) => {
    for (const customerId of await loadCustomersOfDay(table, date)) found.add(customerId);
  });
  return [...found].sort();
}

function loadQueue(table: Table, partition: string): Promise<Item[]> {
  return queryAll(table, { index: 'byDue', partition });
}
