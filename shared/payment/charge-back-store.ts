import { nextActionAt } from '../collection/next-action.ts';
import { recordFact } from '../fact/record-fact.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { dispute, resolveDispute } from '../invoice/open-item.ts';
import type { CollectionClock } from '../invoice/reopen-item.ts';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type Payment, type ReversalKind } from './payment.ts';
import { restorePayment, type Share, settleAgain } from './restore-payment.ts';
import { restoredActions } from './restored-payment-store.ts';
import { loadUndoing, reversalActions } from './reversal-store.ts';
import { invoicesToReopen, reversePayment } from './reverse-payment.ts';

/** Who does it, when. */
export type Doing = { readonly at: Instant; readonly by: string; readonly timeZone: string };

/** Money that is gone again, minor units, at most what is left of the payment. */
type Taking = {
  readonly kind: ReversalKind;
  readonly amount: number;
  readonly reason: string;
  readonly reference: string;
  /** Why each invoice that is owed again and not disputed yet is disputed from now on; it is not when left out. */
  readonly disputed?: string | undefined;
};

/** The writes that take money of `payment` back, and what of it had settled which invoice. */
export async function takeBackActions(
  table: Table,
  payment: Payment,
  taking: Taking,
  { at, by, timeZone }: Doing,
): Promise<{ actions: Action[]; allocations: Share[] }> {
  const undoing = await loadUndoing(table, invoicesToReopen(payment, taking.amount), { at, timeZone });
  const today = dateIn(timeZone, at);
  const { disputed: reason, ...reversal } = taking;
  const reversed = reversePayment(payment, undoing, { ...reversal, at, today, by });
  const allocations = reversed.taken.map(({ invoiceId, amount }) => ({ invoiceId, amount }));
  if (reason === undefined) return { actions: reversalActions(reversed), allocations };
  const facts: Action[] = [];
  const reopened = reversed.reopened.map(({ before, after }) => {
    if (after.status !== 'open') return { before, after };
    const next = dispute(after, { reason, by, at });
    const { invoiceId, number, customerId } = next;
    const data = { invoiceId, number, reason };
    facts.push(
      recordFact('invoice.disputed', invoiceId, versionSlot(next.version), {
        at,
        actor: by,
        customerId,
        data,
      }),
    );
    return { before, after: next };
  });
  return { actions: [...reversalActions({ ...reversed, reopened }), ...facts], allocations };
}

/**
 * The writes that put `amount` of reversed money back: to the invoices of `shares` as far as they are owed, and the disputes
 * of the charge-back end.
 */
export async function restoreActions(
  table: Table,
  payment: Payment,
  won: {
    readonly amount: number;
    readonly shares: readonly Share[];
    readonly reason: string;
    readonly reference: string;
  },
  { at, by, timeZone }: Doing,
): Promise<Action[]> {
  const invoiceIds = won.shares.map(({ invoiceId }) => invoiceId);
  const { items, clock } = await loadUndoing(table, invoiceIds, { at, timeZone });
  const wanted = settleAgain(payment, won.amount, { shares: won.shares, items });
  const restored = restorePayment(payment, won.amount, { wanted, items }, at);
  const settled = restored.settling.settled.map(({ before, after }) => ({
    before,
    after: endDispute(after, won.reason, clock),
  }));
  const ended = { ...restored, settling: { ...restored.settling, settled } };
  return [
    ...restoredActions(ended, won, { at, today: dateIn(timeZone, at), actor: by }),
    ...settled.flatMap(({ before, after }) => disputeEnded(before, after, won.reason, { at, by })),
  ];
}

/** What is left is due again, where it was the charge-back that was disputed; a customer's own objection stands. */
function endDispute(item: OpenItem, reason: string, { dunning, timeZone, today }: CollectionClock): OpenItem {
  if (item.status !== 'disputed' || item.dispute.reason !== reason) return item;
  const tomorrow = startOfDay(addDays(today, 1), timeZone);
  const planned = nextActionAt(item, dunning, timeZone);
  return resolveDispute(item, planned > tomorrow ? planned : tomorrow);
}

function disputeEnded(
  before: OpenItem,
  after: OpenItem,
  resolution: string,
  { at, by }: { at: Instant; by: string },
): Action[] {
  if (before.status !== 'disputed' || after.status === 'disputed') return [];
  const { invoiceId, number, customerId, version } = after;
  return [
    recordFact('invoice.dispute_resolved', invoiceId, versionSlot(version), {
      at,
      actor: by,
      customerId,
      data: { invoiceId, number, resolution },
    }),
  ];
}
