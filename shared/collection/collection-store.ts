import { recordFact } from '../fact/record-fact.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { loadOpenItems, saveOpenItem } from '../invoice/invoice-store.ts';
import { startOfDay } from '../kernel/calendar.ts';
import type { CustomerId, InvoiceId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import { owners, queuePartition, queuePartitions } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import type { DunningPolicy } from './dunning-policy.ts';
import { QueuedInvoice } from './queued-invoice.ts';
import { type StepOutcome, takeStep } from './take-step.ts';

/** A queue's shard holds many customers' invoices: no more is read of each than whose it is. */
const Due = QueuedInvoice.pick({ invoiceId: true, customerId: true });
type Due = Pick<QueuedInvoice, 'invoiceId' | 'customerId'>;

/** The function that reminds by itself. */
const ACTOR = 'collections';

/** Customers with an invoice whose next action has come by `date`, each once, sorted. */
export async function loadCustomersToCollect(
  table: Table,
  date: CalendarDate,
  timeZone: string,
): Promise<CustomerId[]> {
  const shards = await Promise.all(
    queuePartitions('collect').map((partition) => loadDue(table, partition, date, timeZone)),
  );
  return [...new Set(shards.flat().map(({ customerId }) => customerId))].sort();
}

/** The customer's invoices whose next action has come by `date`, as they stand in the table now. */
export async function loadInvoicesToCollect(
  table: Table,
  customerId: CustomerId,
  date: CalendarDate,
  timeZone: string,
): Promise<OpenItem[]> {
  const due = await loadDue(table, queuePartition('collect', customerId), date, timeZone);
  const own = due.filter((invoice) => invoice.customerId === customerId);
  return loadOpenItems(
    table,
    own.map(({ invoiceId }) => invoiceId),
  );
}

/** A step to take with some of a customer's invoices. */
export type StepOrder = {
  customerId: CustomerId;
  step: number;
  invoiceIds: readonly InvoiceId[];
  date: CalendarDate;
  at: Instant;
};

/**
 * Takes a step of the dunning policy exactly once for each invoice: all invoices and the fact `account.reminded`, of
 * which the mail is made, change in one transaction, each on the condition that it is what was read. A payment, a
 * dispute or another run in between makes the transaction fail; what then still waits for the step is found by a
 * fresh read.
 * @throws DomainError `version_conflict` when the second try loses too: the workflow tries again
 */
export function collectStep(
  table: Table,
  order: StepOrder,
  policy: DunningPolicy,
  timeZone: string,
): Promise<StepOutcome> {
  return onFreshRead(async () => {
    const items = await loadOpenItems(table, order.invoiceIds);
    const outcome = takeStep(items, order.step, policy, order.date, timeZone);
    const actions = stepActions(order, outcome);
    if (actions.length > 0) await commit(table, actions);
    return outcome;
  });
}

function stepActions(order: StepOrder, outcome: StepOutcome): Action[] {
  switch (outcome.kind) {
    case 'nothing':
      return [];
    case 'called':
      return outcome.invoices.map((item) => saveOpenItem(item, item.version - 1));
    case 'reminded':
      return [
        ...outcome.invoices.map((item) => saveOpenItem(item, item.version - 1)),
        reminderFact(order, outcome),
      ];
    default:
      return outcome satisfies never;
  }
}

/**
 * The slot names the first invoice: an invoice takes a step once, so no two reminders share it, whichever invoices
 * a second run finds together. The day's index holds what the morning report needs.
 */
function reminderFact(order: StepOrder, { reminder }: Extract<StepOutcome, { kind: 'reminded' }>): Action {
  const { customerId, date, at } = order;
  const slot = `reminded-${date}-${reminder.step}-${reminder.invoices[0]?.invoiceId ?? ''}`;
  return recordFact('account.reminded', customerId, slot, {
    at,
    actor: ACTOR,
    customerId,
    data: reminder,
    indexed: {
      OPK: owners.day('account.reminded', date),
      OSK: `${at}#${customerId}#${slot}`,
      sum: {
        step: reminder.step,
        stepName: reminder.stepName,
        currency: reminder.currency,
        invoices: reminder.invoices.length,
        balance: reminder.invoices.reduce((sum, invoice) => sum + invoice.balance, 0),
      },
    },
  });
}

/** '~' sorts after whatever follows the moment in the sort key. */
async function loadDue(
  table: Table,
  partition: string,
  date: CalendarDate,
  timeZone: string,
): Promise<Due[]> {
  const items = await queryAll(table, { index: 'byDue', partition, to: `${startOfDay(date, timeZone)}~` });
  return items.map((item) => Due.parse(item['due']));
}
