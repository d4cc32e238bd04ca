import type { Company } from '../company/company.ts';
import { daysBetween } from '../kernel/calendar.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { creditedBy } from '../ledger/account-movement.ts';
import type { AccountRole } from '../ledger/chart.ts';
import type { Entry } from '../ledger/ledger.ts';
import {
  type AgeBucket,
  ageBucketOf,
  type CallListEntry,
  type CurrencyFigures,
  type MorningReport,
  type OpenItemRow,
  type OverdueCustomer,
  type ReceivedBy,
} from './morning-report.ts';
import type { ReportSources } from './report-sources.ts';

/** Finance looks at this many customers first. */
const BIGGEST = 10;

/** The accounts that money of each method comes in on. */
const cashAccounts: readonly { method: ReceivedBy; account: AccountRole }[] = [
  { method: 'bank_transfer', account: 'bank' },
  { method: 'cash', account: 'cash' },
  { method: 'card', account: 'clearing' },
];

/**
 * The figures of `date`, and of what is open at `at`: invoices are aged by the day it is then, not by the day the
 * figures are of.
 */
export function composeMorningReport(
  company: Company,
  date: CalendarDate,
  at: Instant,
  sources: ReportSources,
): MorningReport {
  const rows = openItemRows(sources, dateIn(company.timeZone, at));
  const currencies = new Set<Currency>(
    [...sources.orders, ...sources.entries, ...rows, ...sources.unapplied, ...sources.held].map(
      ({ currency }) => currency,
    ),
  );
  return {
    company,
    date,
    at,
    currencies: [...currencies]
      .map((currency) => figuresOf(currency, sources, rows))
      .sort(
        (one, other) =>
          other.receivables.total - one.receivables.total || one.currency.localeCompare(other.currency),
      ),
    accuracy: sources.accuracy,
    reminders: countReminders(sources.reminders),
    callList: callListOf(sources, rows),
    openItems: rows,
  };
}

/** Longest overdue first; each instalment by itself. */
function openItemRows({ owed, contacts }: ReportSources, today: CalendarDate): OpenItemRow[] {
  return owed
    .flatMap((invoice) =>
      (invoice.parts ?? [{ dueOn: invoice.dueOn, amount: invoice.balance }]).map(({ dueOn, amount }) => ({
        number: invoice.number,
        customerId: invoice.customerId,
        issuedOn: invoice.issuedOn,
        dueOn,
        currency: invoice.currency,
        balance: amount,
        status: invoice.status,
        customerName: contacts.get(invoice.customerId)?.name ?? invoice.customerId,
        daysOverdue: daysBetween(dueOn, today),
      })),
    )
    .sort((one, other) => one.dueOn.localeCompare(other.dueOn) || one.number.localeCompare(other.number));
}

function figuresOf(
  currency: Currency,
  sources: ReportSources,
  rows: readonly OpenItemRow[],
): CurrencyFigures {
  const here = <T extends { currency: Currency }>(things: readonly T[]) =>
    things.filter((thing) => thing.currency === currency);
  const [orders, held, entries, open, unapplied] = [
    here(sources.orders),
    here(sources.held),
    here(sources.entries),
    here(rows),
    here(sources.unapplied),
  ];
  const invoices = entries.filter((entry) => entry.kind === 'invoice');
  const creditNotes = entries.filter((entry) => entry.kind === 'credit_note');
  const gross = postedTo('receivables', invoices);
  const tax = -postedTo('output_tax', invoices);
  return {
    currency,
    orders: {
      count: orders.length,
      net: sum(orders, (order) => order.net),
      gross: sum(orders, (order) => order.gross),
    },
    heldOrders: { count: held.length, gross: sum(held, (order) => order.gross) },
    invoices: { count: invoices.length, net: gross - tax, tax, gross },
    creditNotes: {
      count: creditNotes.length,
      gross: sum(creditNotes, creditedBy),
    },
    cash: cashOf(entries),
    receivables: {
      buckets: bucketsOf(open),
      total: sum(open, (row) => row.balance),
      unapplied: sum(unapplied, (credit) => credit.amount),
    },
    biggestOverdue: overdueCustomers(open)
      .sort((one, other) => other.balance - one.balance || one.customerId.localeCompare(other.customerId))
      .slice(0, BIGGEST),
  };
}

function cashOf(entries: readonly Entry[]): CurrencyFigures['cash'] {
  const payments = entries.filter((entry) => entry.kind === 'payment');
  return cashAccounts.flatMap(({ method, account }) => {
    const received = payments.filter((entry) =>
      entry.postings.some((posting) => posting.account === account),
    );
    return received.length === 0
      ? []
      : [
          {
            method,
            count: received.length,
            // What the payer gave, before the bank's or processor's fee.
            amount: postedTo(account, received) + postedTo('payment_fees', received),
          },
        ];
  });
}

const empty = () => ({ count: 0, balance: 0 });

function bucketsOf(rows: readonly OpenItemRow[]): Record<AgeBucket, { count: number; balance: number }> {
  const buckets: Record<AgeBucket, { count: number; balance: number }> = {
    not_due: empty(),
    '1-30': empty(),
    '31-60': empty(),
    '61-90': empty(),
    over_90: empty(),
  };
  for (const row of rows) {
    const bucket = buckets[ageBucketOf(row.daysOverdue)];
    bucket.count += 1;
    bucket.balance += row.balance;
  }
  return buckets;
}

/** The customers of `rows` with what they owe past its due date; all rows in one currency. */
function overdueCustomers(rows: readonly OpenItemRow[]): OverdueCustomer[] {
  const customers = new Map<CustomerId, OverdueCustomer>();
  const counted = new Set<string>();
  for (const { number, customerId, customerName, balance, daysOverdue } of rows) {
    if (daysOverdue <= 0) continue;
    const customer = customers.get(customerId) ?? {
      customerId,
      customerName,
      invoices: 0,
      balance: 0,
      oldestDays: 0,
    };
    customers.set(customerId, {
      ...customer,
      invoices: customer.invoices + (counted.has(number) ? 0 : 1),
      balance: customer.balance + balance,
      oldestDays: Math.max(customer.oldestDays, daysOverdue),
    });
    counted.add(number);
  }
  return [...customers.values()];
}

function callListOf({ owed, contacts }: ReportSources, rows: readonly OpenItemRow[]): CallListEntry[] {
  const numbers = new Set(owed.filter((invoice) => invoice.onCallList).map((invoice) => invoice.number));
  const onList = rows.filter((row) => numbers.has(row.number));
  const entries: CallListEntry[] = [];
  for (const currency of new Set(onList.map((row) => row.currency))) {
    for (const customer of overdueCustomers(onList.filter((row) => row.currency === currency))) {
      entries.push({ ...customer, currency, email: contacts.get(customer.customerId)?.email ?? '' });
    }
  }
  return entries.sort(
    (one, other) => other.oldestDays - one.oldestDays || one.customerId.localeCompare(other.customerId),
  );
}

function countReminders(reminders: ReportSources['reminders']): MorningReport['reminders'] {
  const counts = new Map<string, { step: number; stepName: string; count: number }>();
  for (const { step, stepName } of reminders) {
    const key = `${step} ${stepName}`;
    counts.set(key, { step, stepName, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => one.step - other.step);
}

/** What `entries` post to `account`, debits positive. */
function postedTo(account: AccountRole, entries: readonly Entry[]): number {
  return sum(
    entries.flatMap((entry) => entry.postings).filter((posting) => posting.account === account),
    (posting) => posting.amount,
  );
}

function sum<T>(things: readonly T[], amountOf: (thing: T) => number): number {
  return things.reduce((total, thing) => total + amountOf(thing), 0);
}
