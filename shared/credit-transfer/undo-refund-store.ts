import { changeAccount } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenCredit, saveOpenCredit } from '../invoice/invoice-store.ts';
import { newId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { refundUndonePostings } from '../ledger/postings.ts';
import type { Payment } from '../payment/payment.ts';
import { loadPayment, savePayment } from '../payment/payment-store.ts';
import { uncountActions } from '../refund/refunds-given-store.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { UndoneKind } from './end-to-end-id.ts';
import { type RefundTransfer, type UndoneTransfer, undo } from './refund-transfer.ts';
import { saveTransfer } from './refund-transfer-store.ts';
import { undoRefund } from './undo-refund.ts';

export type Undoing = {
  readonly at: Instant;
  /** The company's day at `at`. */
  readonly today: CalendarDate;
  readonly actor: string;
};

/** A refund being undone: the slot of the payment's fact that tells so, the way its money went, and the writes. */
export type RefundUndoing = {
  readonly told: string;
  readonly method: Payment['method'];
  readonly transfer: UndoneTransfer;
  readonly actions: readonly Action[];
};

/**
 * The writes that undo a refund, for one transaction: payment, credit note, account, books, the customer's sum for the
 * policy `refunds`, the transfer, its place in a run, and the facts. At most ten.
 * @param fee what the bank kept of what came back, minor units
 * @throws DomainError `refund_transfer_undone`, `refund_transfer_paid`; on commit `version_conflict`
 */
export async function undoRefundActions(
  table: Table,
  found: RefundTransfer,
  { kind, reason, fee = 0 }: { kind: UndoneKind; reason: string; fee?: number },
  { at, today, actor }: Undoing,
): Promise<RefundUndoing> {
  const transfer = undo(found, { kind, reason, at, by: actor });
  const { paymentId, creditNoteId, customerId, currency, amount, endToEndId, told, method } = transfer;
  const [stored, openCredit, uncounted] = await Promise.all([
    loadPayment(table, paymentId, { consistent: true }),
    creditNoteId && loadOpenCredit(table, creditNoteId),
    uncountActions(table, { customerId, currency, on: transfer.countedOn, amount }),
  ]);
  if (!stored) throw new RangeError(`there is no payment ${paymentId}`);
  const { payment, credit, before } = undoRefund(transfer, stored, openCredit || undefined);
  const slot = versionSlot(payment.version);
  const said = { at, actor, customerId };
  const undone = { paymentId, method, currency, amount, kind, reason, endToEndId };
  const actions = [
    savePayment(payment, before.payment.version),
    changeAccount(customerId, { exposure: -amount, receivable: -amount }),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind: 'refund',
      source: creditNoteId ?? paymentId,
      reference: transfer.reference,
      customerId,
      currency,
      postings: refundUndonePostings(method, amount, fee),
    }),
    ...uncounted,
    saveTransfer(transfer),
    ...releasedItem(found, transfer),
    recordFact('payment.refund_undone', paymentId, slot, {
      ...said,
      data: {
        ...undone,
        told,
        ...(creditNoteId && { creditNoteId }),
        refunded: payment.refunded ?? 0,
        paidOut: payment.paidOut ?? 0,
        unapplied: payment.unapplied,
        ...(fee > 0 && { fee }),
      },
    }),
    ...(credit && creditNoteId && before.credit
      ? [
          saveOpenCredit(credit, before.credit.version),
          recordFact('credit_note.refund_undone', creditNoteId, versionSlot(credit.version), {
            ...said,
            data: { ...undone, creditNoteId, refunded: credit.refunded ?? 0, unapplied: credit.unapplied },
          }),
        ]
      : []),
  ];
  return { told: slot, method, transfer, actions };
}

/** The write that says of the run's item what became of it; none where the transfer was in no run. */
function releasedItem(found: RefundTransfer, { undone }: UndoneTransfer): Action[] {
  if (found.status === 'waiting' || !found.run) return [];
  const { creditTransferId, ordinal } = found.run;
  const as = undone.kind === 'returned' ? 'returned' : 'undone';
  return [releaseItem(creditTransferId, ordinal, { at: undone.at, reason: undone.reason, as })];
}

/** The write that marks an item of a run as not made, or as come back. */
export function releaseItem(
  creditTransferId: string,
  ordinal: number,
  released: { at: Instant; reason: string; as: 'requeued' | 'undone' | 'returned' },
): Action {
  return {
    do: 'update',
    key: keys.creditTransferItem(creditTransferId, ordinal),
    set: { released },
    when: [{ attribute: 'PK', is: 'present' }],
  };
}
