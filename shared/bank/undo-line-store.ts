import { unpay } from '../credit-transfer/refund-transfer.ts';
import { loadTransfer, saveTransfer } from '../credit-transfer/refund-transfer-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { bankPostings } from '../ledger/postings.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { loadUndoing, reversalActions } from '../payment/reversal-store.ts';
import { invoicesToReopen, reversePayment } from '../payment/reverse-payment.ts';
import { awaitConfirmation } from '../payment/unconfirmed-store.ts';
import { undoReversal } from '../payment/undo-reversal-store.ts';
import { prefixes, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type BankLine, BankLineReference, type LineOutcome, lineName } from './bank-line.ts';
import { forgetConfirmation } from './confirm-line-store.ts';
import { commonOf, type Doing, storeDecided } from './decided-line-store.ts';
import { bookLine, feePostings } from './line-payment-store.ts';
import { loadLine } from './line-store.ts';
import { forgettingActions } from './payer-store.ts';

/**
 * Undoes what was decided or done about a line, which waits again. A payment that it recorded is reversed as an error, and
 * what it had settled is owed again; a payment that it took back is there again and settles what it had; what was booked
 * is booked back; what was learned of the payer is forgotten.
 * @throws DomainError `bank_line_not_found`, `bank_line_undecided`, `bank_line_not_undoable`, `version_conflict`
 */
export async function undoLine(
  table: Table,
  reference: BankLineReference,
  reason: string,
  doing: Doing,
): Promise<BankLine> {
  const found = await loadLine(table, reference);
  if (found.status !== 'matched' && found.status !== 'ignored') {
    throw new DomainError('bank_line_undecided', `The line is ${found.status}: there is nothing to undo.`);
  }
  const line: BankLine = { ...commonOf(found), status: 'queued', version: found.version + 1 };
  const actions = found.status === 'matched' ? await undoing(table, found.outcome, line, reason, doing) : [];
  return storeDecided(table, found, { line, actions }, doing, 'bank_line.undone', reason);
}

async function undoing(
  table: Table,
  outcome: LineOutcome,
  line: BankLine,
  reason: string,
  doing: Doing,
): Promise<Action[]> {
  const { entry } = line;
  const back = (account: Parameters<typeof bankPostings>[0]) =>
    bookLine(line, bankPostings(account, -entry.amount), doing);
  switch (outcome.kind) {
    case 'payment': {
      const { customerId, actions } = await reversing(table, outcome.paymentId, reason, doing);
      return [...actions, ...(await forgettingActions(table, customerId, entry))];
    }
    case 'batch': {
      const all = await Promise.all(
        outcome.parts.map(({ paymentId }) => reversing(table, paymentId, reason, doing)),
      );
      const { fee } = outcome;
      return [
        ...all.flatMap(({ actions }) => actions),
        ...(fee === undefined ? [] : [bookLine(line, feePostings(-fee), doing)]),
      ];
    }
    case 'confirmation':
      return [
        forgetConfirmation(outcome),
        ...(outcome.from ? [back(outcome.from)] : []),
        ...(outcome.reversed
          ? await undoReversal(table, outcome, reason, doing)
          : await waitingAgain(table, outcome)),
        ...(await unpaid(table, outcome)),
      ];
    case 'direct_debit':
      throw new DomainError(
        'bank_line_not_undoable',
        `The line settled the direct debit run ${outcome.directDebitId}. Reverse the payments of its debits that did not come.`,
      );
    case 'booking':
      return [back(outcome.account)];
    default:
      return outcome satisfies never;
  }
}

/** One that is reversed already is only left; what was used otherwise must be put in order first. */
async function reversing(table: Table, paymentId: PaymentId, reason: string, doing: Doing) {
  const payment = await loadPayment(table, paymentId, { consistent: true });
  if (!payment) throw new RangeError(`a line recorded ${paymentId}, which is not there`);
  const { customerId, amount, refunded = 0, reversed = 0 } = payment;
  if (reversed === amount) {
    await assertNotTakenBack(table, paymentId);
    return { customerId, actions: [] };
  }
  if (refunded > 0 || reversed > 0) {
    throw new DomainError(
      'bank_line_not_undoable',
      `Part of the payment ${paymentId} was given back or reversed, so the line can not be undone any more.`,
    );
  }
  const { at, today, actor } = doing;
  const undoing = await loadUndoing(table, invoicesToReopen(payment, undefined), doing);
  const told = { kind: 'error' as const, reason, at, today, by: actor };
  return { customerId, actions: reversalActions(reversePayment(payment, undoing, told)) };
}

/** By another line, that is: to undo that one, too, would bring money back whose own line waits. */
async function assertNotTakenBack(table: Table, paymentId: PaymentId): Promise<void> {
  const { items } = await table.query({
    partition: paymentId,
    prefix: prefixes.onStatement,
    consistent: true,
    limit: 1,
  });
  const [claim] = items;
  if (!claim) return;
  const by = lineName(
    BankLineReference.parse({ bankStatementId: claim['bankStatementId'], line: claim['line'] }),
  );
  throw new DomainError(
    'bank_line_not_undoable',
    `The line ${by} took the payment ${paymentId} back: undo that one first.`,
  );
}

/** The transfer of a refund that the line paid is as it was before. */
async function unpaid(
  table: Table,
  { paymentId, told }: Extract<LineOutcome, { kind: 'confirmation' }>,
): Promise<Action[]> {
  const transfer = await loadTransfer(table, paymentId, told);
  return transfer && 'line' in transfer ? [saveTransfer(unpay(transfer))] : [];
}

/** A payment recorded by hand waits for its line again, unless it is gone. */
async function waitingAgain(
  table: Table,
  { paymentId, told }: Extract<LineOutcome, { kind: 'confirmation' }>,
): Promise<Action[]> {
  if (told !== versionSlot(1)) return [];
  const payment = await loadPayment(table, paymentId, { consistent: true });
  return payment && payment.reversed === undefined ? awaitConfirmation(payment) : [];
}
