import type { DunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import { type Fact } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import type { InvoiceId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { commit } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { OpenItem } from './invoice.ts';
import type { DisputeOpened, DisputeResolved } from './invoice-api.ts';
import { saveOpenItem } from './invoice-store.ts';
import { dispute, resolveDispute } from './open-item.ts';

type Doing = { actor: string; at: Instant; remember: (factId: string) => Action };

/**
 * Opens a dispute: the invoice leaves the reminders, and the fact says why.
 * @throws DomainError `invoice_not_open`, or `version_conflict` when the invoice changed meanwhile
 */
export async function openDispute(
  table: Table,
  item: OpenItem,
  reason: string,
  doing: Doing,
): Promise<DisputeOpened> {
  const { actor, at, remember } = doing;
  const next = dispute(item, { reason, by: actor, at });
  const { invoiceId, number, customerId } = next;
  const slot = versionSlot(next.version);
  await commit(table, [
    remember(factId(invoiceId, slot)),
    saveOpenItem(next, item.version),
    recordFact('invoice.disputed', invoiceId, slot, {
      at,
      actor,
      customerId,
      data: { invoiceId, number, reason },
    }),
  ]);
  return { invoiceId, number, status: 'disputed', reason, by: actor, at };
}

/**
 * Settles a dispute: the invoice is due again. Its reminders go on when the next one falls due, and not before
 * tomorrow, so that the customer has a day to see the outcome.
 * @throws DomainError `invoice_not_disputed`, or `version_conflict` when the invoice changed meanwhile
 */
export async function settleDispute(
  table: Table,
  item: OpenItem,
  resolution: string,
  clock: { dunning: DunningPolicy; timeZone: string },
  doing: Doing,
): Promise<DisputeResolved> {
  const { actor, at, remember } = doing;
  const tomorrow = startOfDay(addDays(dateIn(clock.timeZone, at), 1), clock.timeZone);
  const planned = nextActionAt(item, clock.dunning, clock.timeZone);
  const next = resolveDispute(item, planned > tomorrow ? planned : tomorrow);
  const { invoiceId, number, customerId } = next;
  const slot = versionSlot(next.version);
  await commit(table, [
    remember(factId(invoiceId, slot)),
    saveOpenItem(next, item.version),
    recordFact('invoice.dispute_resolved', invoiceId, slot, {
      at,
      actor,
      customerId,
      data: { invoiceId, number, resolution },
    }),
  ]);
  return { invoiceId, number, status: 'open', resolution, by: actor, at };
}

/** What the call that opened or settled a dispute answered, told from the fact it recorded. */
export async function loadDisputeAnswer(table: Table, id: string): Promise<DisputeOpened | DisputeResolved> {
  return answerOf(await loadFact(table, ['invoice.disputed', 'invoice.dispute_resolved'], id));
}

function answerOf(
  fact: Fact<'invoice.disputed' | 'invoice.dispute_resolved'>,
): DisputeOpened | DisputeResolved {
  switch (fact.type) {
    case 'invoice.disputed':
      return { ...fact.data, status: 'disputed', by: fact.actor, at: fact.at };
    case 'invoice.dispute_resolved':
      return { ...fact.data, status: 'open', by: fact.actor, at: fact.at };
    default:
      return fact satisfies never;
  }
}

function factId(invoiceId: InvoiceId, slot: string): string {
  return `${invoiceId}.${slot}`;
}
