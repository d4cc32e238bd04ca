import type { CreditTransferItem } from '../credit-transfer/credit-transfer.ts';
import { findTransferItems } from '../credit-transfer/credit-transfer-store.ts';
import { endToEndIdsIn } from '../credit-transfer/end-to-end-id.ts';
import type { RefundTransfer } from '../credit-transfer/refund-transfer.ts';
import { loadTransfer, loadTransfers } from '../credit-transfer/refund-transfer-store.ts';
import { keptOf } from '../credit-transfer/undo-refund.ts';
import { undoRefundActions } from '../credit-transfer/undo-refund-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { bankPostings, moneyAccount } from '../ledger/postings.ts';
import type { Action, Table } from '../table/table.ts';
import type { StatementEntry } from './bank-statement.ts';
import { type Confirmation, claimOf } from './confirm-line-store.ts';
import { bookLine } from './line-payment-store.ts';
import { type RecordedLine, referenceOf, type Working } from './record-line.ts';

type Returned = Pick<Confirmation, 'outcome'> & { readonly actions: readonly Action[] };

/** The one transfer of a run that a line names by its end-to-end id; undefined where there is none, or are several. */
export async function namedTransfer(
  table: Table,
  { endToEndId, text }: StatementEntry,
): Promise<CreditTransferItem | undefined> {
  const ids = endToEndIdsIn([endToEndId, text]);
  if (ids.length === 0) return undefined;
  const items = await findTransferItems(table, ids);
  return items.length === 1 ? items[0] : undefined;
}

/**
 * That money of a refund came back, under the end-to-end id of its transfer: the refund is undone, and the money unused
 * again.
 * @throws DomainError `refund_transfer_not_found`, `refund_transfer_undone`
 */
export async function returnedTransfer(
  table: Table,
  line: RecordedLine,
  { paymentId, told }: Pick<CreditTransferItem, 'paymentId' | 'told'>,
  doing: Working,
): Promise<Returned> {
  const transfer = await loadTransfer(table, paymentId, told);
  if (!transfer) throw notFound();
  return cameBack(table, line, transfer, doing);
}

/**
 * The same where a person says of which payment the refund was: of its refunds that went out the one of the line's amount,
 * with what the bank kept of it.
 * @param fee minor units
 * @throws DomainError `refund_transfer_not_found`, `validation_failed` where money went out
 */
export async function returnedRefund(
  table: Table,
  line: RecordedLine,
  { returned, fee = 0 }: { readonly returned: PaymentId; readonly fee?: number | undefined },
  doing: Working,
): Promise<Returned> {
  const { amount, currency } = line.entry;
  if (amount <= 0)
    throw new DomainError('validation_failed', 'This money went out: it is no refund that came back.', {
      issues: [{ path: 'returned', message: 'is not possible for this line' }],
    });
  const transfers = (await loadTransfers(table, returned)).filter(
    (each) => each.currency === currency && each.amount === amount + fee,
  );
  const found =
    transfers.find(({ status }) => status === 'paid') ??
    transfers.find(({ status }) => status === 'collected');
  if (!found) throw notFound();
  return cameBack(table, line, found, doing);
}

async function cameBack(
  table: Table,
  line: RecordedLine,
  transfer: RefundTransfer,
  working: Working,
): Promise<Returned> {
  const { entry } = line;
  const fee = keptOf(transfer, entry.amount);
  const reason = entry.returnReason ?? 'sent back by the bank of the payee';
  const undoing = await undoRefundActions(
    table,
    transfer,
    { kind: 'returned', reason: referenceOf(entry) ? reason : `${reason}: ${entry.text}`.slice(0, 500), fee },
    working,
  );
  const { paymentId, creditNoteId } = transfer;
  const { told, method } = undoing;
  const account = moneyAccount[method];
  return {
    outcome: {
      kind: 'confirmation',
      paymentId,
      told,
      ...(account !== 'bank' && { from: account }),
      ...(creditNoteId && { creditNoteId }),
    },
    actions: [
      ...undoing.actions,
      claimOf(line, paymentId, told),
      ...(account === 'bank' ? [] : [bookLine(line, bankPostings(account, entry.amount), working)]),
    ],
  };
}

const notFound = () =>
  new DomainError('refund_transfer_not_found', 'No refund of this payment and amount went out by transfer.', {
    issues: [{ path: 'returned', message: 'names no such refund' }],
  });
