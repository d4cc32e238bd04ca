import { dunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { deliveryOf, loadOpenItem, saveOpenItem } from '../invoice/invoice-store.ts';
import { pauseReminders, resumeReminders } from '../invoice/open-item.ts';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import { InvoiceId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, queuePartition, versionSlot } from '../table/keys.ts';
import { queryQueue } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import {
  attemptsOfRequest,
  type Delivery,
  type DocumentId,
  isUndelivered,
  QueuedDelivery,
  queuedOf,
  targetOf,
} from './delivery.ts';
import { type DeliveryRequested, requestedOf } from './delivery-api.ts';

/** Who changes a delivery, when, and in which time zone days begin. */
export type Doing = { actor: string; at: Instant; timeZone: string };

/** A payment, a reminder and the mail service may all write at the moment of ours. */
const TRIES = 6;

async function loadDelivery(table: Table, documentId: DocumentId): Promise<Delivery | undefined> {
  const item = await table.get(keys.delivery(documentId), { consistent: true });
  return item && deliveryOf(item);
}

/** Documents that did not reach their customer, longest waiting first. */
export async function listUndelivered(table: Table): Promise<QueuedDelivery[]> {
  const waiting = await queryQueue(table, 'undelivered');
  return waiting
    .map((item) => QueuedDelivery.parse(item['due']))
    .sort((one, other) => one.since.localeCompare(other.since));
}

/**
 * Makes of a document's delivery what `decide` says, with its fact and what it means for the reminders, in one
 * transaction; from a fresh read where another writer was faster. While an invoice is undelivered its reminders stop;
 * once it is sent again they go on as planned, but not before the days of the dunning policy are over.
 * @param decide what becomes of the delivery (undefined: there is none yet); it returns undefined to change nothing
 * @param remember a further write of the same transaction
 * @returns the delivery as it is now
 * @throws DomainError `version_conflict`, `table_busy`
 */
export function changeDelivery(
  table: Table,
  documentId: DocumentId,
  decide: (found: Delivery | undefined) => Delivery | undefined,
  doing: Doing,
  remember?: (factId: string) => Action,
): Promise<Delivery | undefined> {
  return onFreshRead(async () => {
    const found = await loadDelivery(table, documentId);
    const next = decide(found);
    if (!next) return found;
    const actions = [
      saveDelivery(next, found?.version),
      ...factOf(found, next, doing),
      ...(await reminderActions(table, found, next, doing)),
    ];
    await commit(table, remember ? [remember(deliveryFactId(next)), ...actions] : actions);
    return next;
  }, TRIES);
}

/** What asking for a document again was answered with, told from the fact it recorded. */
export async function loadDeliveryRequest(table: Table, factId: string): Promise<DeliveryRequested> {
  return requestedOf(await loadFact(table, ['invoice.delivery_requested'], factId));
}

/** The id of the fact that tells of the delivery's version. */
export function deliveryFactId({ documentId, version }: Delivery): string {
  return `${documentId}.${slotOf(version)}`;
}

function saveDelivery(next: Delivery, expecting: number | undefined): Action {
  const due = queuedOf(next);
  return {
    do: 'put',
    item: {
      ...keys.delivery(next.documentId),
      ...next,
      ...(due && {
        DPK: queuePartition('undelivered', next.customerId),
        DSK: `${due.since}#${next.documentId}`,
        due,
      }),
    },
    when: [
      expecting === undefined
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('delivery'),
  };
}

/** A change of state has its fact; a failed attempt that is made again stands on the delivery only. */
function factOf(found: Delivery | undefined, next: Delivery, { at, actor }: Doing): Action[] {
  const { documentId, number, customerId, request, channel } = next;
  const about = { documentId, number, request, by: channel.by };
  const details = { at, actor, customerId };
  const slot = slotOf(next.version);
  const messageId = attemptsOfRequest(next).findLast((attempt) => attempt.messageId)?.messageId;
  const sent = { ...about, ...(messageId !== undefined && { messageId }) };
  if (found?.status === next.status && found.request === request) return [];
  switch (next.status) {
    case 'pending':
      return attemptsOfRequest(next).length > 0
        ? []
        : [
            recordFact('invoice.delivery_requested', documentId, slot, {
              ...details,
              data: { ...about, to: targetOf(channel) },
            }),
          ];
    case 'sent':
      return [recordFact('invoice.sent', documentId, slot, { ...details, data: sent })];
    case 'delivered':
      return [
        recordFact('invoice.delivered', documentId, slot, { ...details, at: next.deliveredAt, data: sent }),
      ];
    case 'bounced':
    case 'failed': {
      const { status, reason } = next;
      return [
        recordFact('invoice.undelivered', documentId, slot, {
          ...details,
          at: next.status === 'bounced' ? next.bouncedAt : at,
          data: { ...about, status, reason },
        }),
      ];
    }
    default:
      return next satisfies never;
  }
}

/** Reads the open item only where it may have to change: not when all goes well the first time. */
async function reminderActions(
  table: Table,
  found: Delivery | undefined,
  next: Delivery,
  doing: Doing,
): Promise<Action[]> {
  const arrives = next.status === 'sent' || next.status === 'delivered';
  if (!isUndelivered(next) && !(arrives && found)) return [];
  const invoiceId = InvoiceId.safeParse(next.documentId);
  const item = invoiceId.success ? await loadOpenItem(table, invoiceId.data) : undefined;
  if (!item) return [];
  const changed = isUndelivered(next)
    ? pauseReminders(item)
    : resumeReminders(item, await resumedAt(table, item, doing));
  return changed ? [saveOpenItem(changed, item.version)] : [];
}

/** When a redelivered invoice may be reminded of: as planned, but not before the policy's days are over. */
async function resumedAt(table: Table, item: OpenItem, { at, timeZone }: Doing): Promise<Instant> {
  const today = dateIn(timeZone, at);
  const { policy } = await policyInForce(table, dunningPolicy, today);
  const earliest = startOfDay(addDays(today, policy.redeliveryDays), timeZone);
  const planned = nextActionAt(item, policy, timeZone);
  return planned > earliest ? planned : earliest;
}

const slotOf = (version: number) => `delivery-${versionSlot(version)}`;
