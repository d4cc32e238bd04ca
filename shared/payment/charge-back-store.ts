import { nextActionAt } from '../collection/next-action.ts';
import { changeAccount } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { saveOpenItem } from '../invoice/invoice-store.ts';
import { dispute, resolveDispute } from '../invoice/open-item.ts';
import type { CollectionClock } from '../invoice/reopen-item.ts';
import { addDays, startOfDay } from '../kernel/calendar.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { discountPostings, reversalPostings } from '../ledger/postings.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { allocatedBy, type Payment, type ReversalKind, toldOf } from './payment.ts';
import { savePayment } from './payment-store.ts';
import { type RestoredPayment, restorePayment, type Share, settleAgain } from './restore-payment.ts';
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
  const { customerId, paymentId, method, currency, unapplied, version } = restored.payment;
  const { applied, discount } = restored.settling;
  const settled = restored.settling.settled.map(({ before, after }) => ({
    before,
    after: endDispute(after, won.reason, clock),
  }));
  const allocated = allocatedBy(applied);
  const owed = -(won.amount + discount.amount);
  return [
    savePayment(restored.payment, payment.version),
    ...settled.map(({ before, after }) => saveOpenItem(after, before.version)),
    ...settled.flatMap(({ before, after }) => disputeEnded(before, after, won.reason, { at, by })),
    changeAccount(customerId, { exposure: owed, receivable: owed }),
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'reversal',
      source: paymentId,
      reference: won.reference,
      customerId,
      currency,
      postings: postingsOf(restored, allocated),
    }),
    recordFact('payment.restored', paymentId, versionSlot(version), {
      at,
      actor: by,
      customerId,
      data: {
        paymentId,
        method,
        currency,
        reason: won.reason,
        amount: won.amount,
        reversed: restored.payment.reversed ?? 0,
        allocations: applied.map(toldOf),
        unapplied,
        reference: won.reference,
      },
    }),
  ];
}

/** Those of a reversal, turned around. */
function postingsOf({ payment, amount, settling }: RestoredPayment, allocated: number) {
  const taken = { method: payment.method, unapplied: amount - allocated, allocated, fee: 0, feeBack: 0 };
  return [
    ...reversalPostings(taken).map((posting) => ({ ...posting, amount: 0 - posting.amount })),
    ...discountPostings(settling.discount.amount, settling.discount.tax),
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
