import { loadFact } from '../fact/fact-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { AdviceId } from '../kernel/ids.ts';
import { bankPostings } from '../ledger/postings.ts';
import { followAdvice } from '../remittance/advice-store.ts';
import type { Action, Table } from '../table/table.ts';
import type { BankLine, BankLineReference, LineOutcome, WaitingLine } from './bank-line.ts';
import { confirmation } from './confirm-line-store.ts';
import { commonOf, type Decided, type Doing, storeDecided } from './decided-line-store.ts';
import { assertMoneyIn, type Decision, splitLine } from './decision.ts';
import { bookLine, feePostings, paymentsOfLine } from './line-payment-store.ts';
import { loadLine } from './line-store.ts';
import { learningActions } from './payer-store.ts';
import type { LineMoney } from './record-line.ts';
import { reversal } from './return-line-store.ts';
import { returnedRefund } from './returned-refund-store.ts';
import { settlement } from './settle-line-store.ts';

/**
 * Does what a person decided about a line that waits, in one transaction: the line with its fact, what is paid, settled and
 * booked, and what is learned of the payer for the next time.
 * @throws DomainError `bank_line_not_found`, `bank_line_decided`, `validation_failed`, `version_conflict` and what
 * recording a payment or confirming one refuses
 */
export async function decideLine(
  table: Table,
  reference: BankLineReference,
  decision: Decision,
  doing: Doing,
): Promise<BankLine> {
  const found = await loadLine(table, reference);
  if (found.status !== 'suggested' && found.status !== 'queued') {
    throw new DomainError('bank_line_decided', `The line is ${found.status} already. Undo that first.`);
  }
  const { line, actions } = await decided(table, found, decision, doing);
  return storeDecided(table, found, { line, actions }, doing, 'bank_line.decided');
}

/** What the call that decided about a line or undid that answered, told from the fact it recorded. */
export async function loadDecidedLine(table: Table, factId: string): Promise<BankLine> {
  return (await loadFact(table, ['bank_line.decided', 'bank_line.undone'], factId)).data.line;
}

async function decided(table: Table, found: WaitingLine, decision: Decision, doing: Doing): Promise<Decided> {
  const line = { ...commonOf(found), version: found.version + 1 };
  const matched = (outcome: LineOutcome, actions: readonly Action[]): Decided => ({
    line: { ...line, status: 'matched', outcome, by: doing.actor, at: doing.at },
    actions,
  });
  const confirm = async (paymentId: Parameters<typeof confirmation>[2]) => {
    const { outcome, actions } = await confirmation(table, line, paymentId, doing);
    return matched(outcome, actions);
  };
  const takenBack = async (told: Parameters<typeof reversal>[2]) => {
    const { outcome, actions } = await reversal(table, line, told, doing);
    return matched(outcome, actions);
  };
  const pay = async (money: LineMoney, adviceId?: string) => {
    assertMoneyIn(found.entry);
    const [{ payments, actions }, learned] = await Promise.all([
      paymentsOfLine(table, line, [money], doing),
      learningActions(table, money.customerId, found.entry),
    ]);
    const [payment] = payments;
    if (!payment) throw new RangeError('a line of one customer is one payment');
    const { paymentId } = payment.recorded.payment;
    const followed =
      adviceId === undefined ? [] : await followAdvice(table, AdviceId.parse(adviceId), paymentId);
    return matched({ kind: 'payment', paymentId }, [...actions, ...learned, ...followed]);
  };
  const book = (account: Extract<LineOutcome, { kind: 'booking' }>['account'], reason: string) =>
    matched({ kind: 'booking', account, reason }, [
      bookLine(line, bankPostings(account, found.entry.amount), doing),
    ]);

  if ('accept' in decision) {
    if (found.match?.settles) {
      const { directDebitId, batches } = found.match.settles;
      const [batch] = batches.length === 1 ? batches : [];
      const { outcome, actions } = await settlement(table, line, directDebitId, batch, doing);
      return matched(outcome, actions);
    }
    const { customerId, allocations, dispute, confirms, reverses, fee, adviceId } = suggestionOf(found);
    if (reverses !== undefined) return takenBack({ reverse: reverses, fee });
    if (confirms !== undefined) return confirm(confirms);
    return pay({ customerId, amount: found.entry.amount, allocations, dispute }, adviceId);
  }
  if ('customerId' in decision) {
    const { customerId, allocations, fee } = decision;
    return pay({ customerId, amount: found.entry.amount + (fee ?? 0), allocations, fee });
  }
  if ('parts' in decision) {
    assertMoneyIn(found.entry);
    const { monies, fee } = splitLine(found.entry, decision);
    const { payments, actions } = await paymentsOfLine(table, line, monies, doing);
    const parts = payments.map(({ recorded: { payment } }) => {
      const { paymentId, customerId, amount } = payment;
      return { paymentId, customerId, amount };
    });
    return matched({ kind: 'batch', parts, ...(fee !== undefined && { fee }) }, [
      ...actions,
      ...(fee === undefined ? [] : [bookLine(line, feePostings(fee), doing)]),
    ]);
  }
  if ('confirms' in decision) return confirm(decision.confirms);
  if ('reverse' in decision) return takenBack(decision);
  if ('returned' in decision) {
    const { outcome, actions } = await returnedRefund(table, line, decision, doing);
    return matched(outcome, actions);
  }
  if ('settleRun' in decision) {
    assertMoneyIn(found.entry);
    const { outcome, actions } = await settlement(table, line, decision.settleRun, decision.batch, doing);
    return matched(outcome, actions);
  }
  if ('clearing' in decision) return book('clearing', 'cleared');
  if ('post' in decision) return book(decision.post, decision.reason);
  return {
    line: { ...line, status: 'ignored', reason: decision.ignore, by: doing.actor, at: doing.at },
    actions: [],
  };
}

/** @throws DomainError `validation_failed` when nothing is suggested */
function suggestionOf({ status, match }: WaitingLine) {
  if (status === 'suggested' && match?.customerId !== undefined)
    return { ...match, customerId: match.customerId };
  throw new DomainError('validation_failed', 'Nothing is suggested for this line. Say whose money it is.', {
    issues: [{ path: 'accept', message: 'is possible only for a line that is suggested' }],
  });
}
