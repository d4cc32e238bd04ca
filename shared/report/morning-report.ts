import type { Company } from '../company/company.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { InvoiceAccuracy } from './invoice-accuracy.ts';

/** How long receivables have been due, as finance reads an ageing report; in this order. */
export const ageBuckets = ['not_due', '1-30', '31-60', '61-90', 'over_90'] as const;
export type AgeBucket = (typeof ageBuckets)[number];

/** The bucket of an invoice `daysOverdue` days past its due date; 0 and less is not due yet. */
export function ageBucketOf(daysOverdue: number): AgeBucket {
  if (daysOverdue <= 0) return 'not_due';
  if (daysOverdue <= 30) return '1-30';
  if (daysOverdue <= 60) return '31-60';
  if (daysOverdue <= 90) return '61-90';
  return 'over_90';
}

/** An invoice that is still owed, or an instalment of one. `daysOverdue` counts from `dueOn` to the day of `at`, negative before it. */
export type OpenItemRow = {
  number: string;
  customerId: CustomerId;
  customerName: string;
  issuedOn: CalendarDate;
  dueOn: CalendarDate;
  daysOverdue: number;
  currency: Currency;
  /** Minor units. */
  balance: number;
  status: 'open' | 'disputed';
};

/** What one customer owes past its due date. `oldestDays` is the age of the oldest invoice, `balance` in minor units. */
export type OverdueCustomer = {
  customerId: CustomerId;
  customerName: string;
  invoices: number;
  balance: number;
  oldestDays: number;
};

/** A customer whose reminders are used up: somebody calls. */
export type CallListEntry = OverdueCustomer & { currency: Currency; email: string };

/** Ways money came in, by where it lies: `card` stands for all that is on its way to the bank. */
export type ReceivedBy = 'bank_transfer' | 'cash' | 'card';

/** The day in one currency. All amounts in minor units. */
export type CurrencyFigures = {
  currency: Currency;
  /** Placed on the day. */
  orders: { count: number; net: number; gross: number };
  /** Waiting for a decision when the report was drawn up. */
  heldOrders: { count: number; gross: number };
  /** Issued on the day; `gross` = `net` + `tax`. */
  invoices: { count: number; net: number; tax: number; gross: number };
  /** Issued on the day, as positive amounts. */
  creditNotes: { count: number; gross: number };
  /** Received on the day; methods without a payment may be left out. */
  cash: readonly { method: ReceivedBy; count: number; amount: number }[];
  receivables: {
    buckets: Readonly<Record<AgeBucket, { count: number; balance: number }>>;
    /** Sum of all buckets: what the open invoices come to. */
    total: number;
    /** Payments and credit notes not set against an invoice yet; `total` − `unapplied` is what the ledger says. */
    unapplied: number;
  };
  /** The ten that owe most past their due date, largest first. */
  biggestOverdue: readonly OverdueCustomer[];
};

/**
 * What finance finds in its mailbox every morning: one day's business, and where the receivables stand now.
 */
export type MorningReport = {
  company: Company;
  /** The day of the figures, in the company's time zone. */
  date: CalendarDate;
  /** When it was drawn up. */
  at: Instant;
  /** One entry a currency that had business on the day or has something open; the largest receivables first. */
  currencies: readonly CurrencyFigures[];
  /** Of the invoices issued in the month until the day, with what was credited until then. */
  accuracy: InvoiceAccuracy;
  /** Reminders sent on the day, by step of the dunning policy. */
  reminders: readonly { step: number; stepName: string; count: number }[];
  /** Longest overdue first. */
  callList: readonly CallListEntry[];
  /** Every open invoice, of all currencies; one that is due in instalments has a row for each still owed. */
  openItems: readonly OpenItemRow[];
};
