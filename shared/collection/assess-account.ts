import type { OpenItem } from '../invoice/invoice.ts';
import { daysBetween, startOfDay } from '../kernel/calendar.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { DunningPolicy } from './dunning-policy.ts';
import { nextStep } from './next-action.ts';

/** An invoice that is neither paid nor disputed. */
export type OpenInvoice = Extract<OpenItem, { status: 'open' }>;

/** Each invoice of a reminder is written in one transaction, and a letter with more than this is not read. */
const MAX_INVOICES_PER_REMINDER = 60;
/** The answer of a workflow task holds 256 KB: 50 reminders of 60 invoices are some 100 KB. The rest waits a day. */
const MAX_REMINDERS = 50;

/**
 * Invoices to take one step with: `step` counts from 1, and the one after the policy's last reminder is the call.
 * All are in one currency.
 */
type DueStep = { step: number; invoiceIds: InvoiceId[] };
export type Assessment = { action: 'none' } | { action: 'remind'; reminders: DueStep[] };

/**
 * What to do about a customer's overdue invoices on `date`: invoices that have come to the same step are put into
 * one reminder, the most advanced step first. An invoice takes only its next step, even where several days of steps
 * went by unnoticed: two reminders on one day, or a second one that nobody got the first of, help no one.
 */
export function assessAccount(
  items: readonly OpenItem[],
  policy: DunningPolicy,
  date: CalendarDate,
  timeZone: string,
): Assessment {
  const groups = new Map<string, { step: number; items: OpenInvoice[] }>();
  for (const item of items) {
    if (!isStepDue(item, policy, date, timeZone)) continue;
    const step = item.dunningStep + 1;
    const key = `${step} ${item.currency}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { step, items: [item] });
  }
  const reminders = [...groups.values()]
    .sort((one, other) => other.step - one.step)
    .flatMap(({ step, items }) =>
      chunksOf(items.toSorted(oldestFirst)).map((invoiceIds) => ({ step, invoiceIds })),
    )
    .slice(0, MAX_REMINDERS);
  return reminders.length === 0 ? { action: 'none' } : { action: 'remind', reminders };
}

/**
 * Whether the next step of `item` has come by `date`. Not for invoices that are paid, disputed or on the call list,
 * nor where the policy in force on `date` wants to wait longer than the one that set `nextActionAt`.
 */
export function isStepDue(
  item: OpenItem,
  policy: DunningPolicy,
  date: CalendarDate,
  timeZone: string,
): item is OpenInvoice {
  if (item.status !== 'open' || item.nextActionAt === undefined) return false;
  if (item.nextActionAt > startOfDay(date, timeZone)) return false;
  return daysBetween(item.dueOn, date) >= nextStep(item.dunningStep, policy).afterDays;
}

/** The order in which a letter lists invoices. */
export function oldestFirst(one: OpenInvoice, other: OpenInvoice): number {
  return one.dueOn.localeCompare(other.dueOn) || one.number.localeCompare(other.number);
}

function chunksOf(items: readonly OpenInvoice[]): InvoiceId[][] {
  const chunks: InvoiceId[][] = [];
  for (let start = 0; start < items.length; start += MAX_INVOICES_PER_REMINDER) {
    chunks.push(items.slice(start, start + MAX_INVOICES_PER_REMINDER).map((item) => item.invoiceId));
  }
  return chunks;
}
