import type { QueuedInvoice } from '../collection/queued-invoice.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Entry } from '../ledger/ledger.ts';
import type { InvoiceAccuracy } from './invoice-accuracy.ts';

/** An invoice that is still owed. */
export type OwedInvoice = QueuedInvoice & { onCallList: boolean };

/** What the morning report is made of, as the table's indexes and the ledger hold it. Minor units throughout. */
export type ReportSources = {
  /** Placed on the day. */
  orders: readonly { currency: Currency; net: number; gross: number }[];
  /** The ledger of the day. */
  entries: readonly Entry[];
  /** Of the month until the day. */
  accuracy: InvoiceAccuracy;
  /** Sent on the day. */
  reminders: readonly { step: number; stepName: string }[];
  /** Every invoice that is owed now. */
  owed: readonly OwedInvoice[];
  /** What of payments and credit notes is not set against an invoice now. */
  unapplied: readonly { currency: Currency; amount: number }[];
  /** Orders that wait for a decision now. */
  held: readonly { currency: Currency; gross: number }[];
  /** Who owes. */
  contacts: ReadonlyMap<CustomerId, { name: string; email: string }>;
};
