import { parseFact } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Posting } from '../ledger/ledger.ts';
import { bankPostings } from '../ledger/postings.ts';
import { commit } from '../table/commit.ts';
import { keys, lineSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { BankLine, BankLineReference, LineOutcome, WaitingLine } from './bank-line.ts';
import { confirmation, forgetConfirmation } from './confirm-line-store.ts';
import { assertMoneyIn, type Decision, splitLine } from './decision.ts';
import { bookLine, paymentsOfLine } from './line-payment-store.ts';
import { loadLine, recount, saveLine } from './line-store.ts';
import { learningActions } from './payer-store.ts';
import type { LineMoney, Working } from './record-line.ts';

type Doing = Working & { readonly remember: (factId: string) => Action };

/** What a decision makes of a line, and the writes besides the line itself. */
type Decided = { readonly line: BankLine; readonly actions: readonly Action[] };

/** DynamoDB takes so many in one transaction. */
const MAX_ACTIONS = 100;

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
  return store(table, found, { line, actions }, doing, 'bank_line.decided');
}

/**
 * Undoes what was decided or done about a line: it waits again. A payment that the line recorded is not taken back here.
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
  const actions = found.status === 'matched' ? undoing(found.outcome, line, doing) : [];
  return store(table, found, { line, actions }, doing, 'bank_line.undone', reason);
}

/** What the call that decided about a line or undid that answered, told from the fact it recorded. */
export async function loadDecidedLine(table: Table, factId: string): Promise<BankLine> {
  const [subject = '', slot = ''] = factId.split('.');
  const item = await table.get(keys.fact(subject, slot), { consistent: true });
  if (!item) throw new RangeError(`there is no fact ${factId}`);
  const { PK: _pk, SK: _sk, ...fact } = item;
  return parseFact(['bank_line.decided', 'bank_line.undone'], fact).data.line;
}

async function store(
  table: Table,
  before: BankLine,
  { line, actions }: Decided,
  { at, actor, remember }: Doing,
  ...[type, reason = '']: ['bank_line.decided'] | ['bank_line.undone', string]
): Promise<BankLine> {
  const { bankStatementId, entry, version } = line;
  const slot = lineSlot(entry.line, version);
  const told = { at, actor };
  const all = [
    remember(`${bankStatementId}.${slot}`),
    saveLine(line),
    ...recount(line, before.status, line.status),
    type === 'bank_line.decided'
      ? recordFact(type, bankStatementId, slot, { ...told, data: { line } })
      : recordFact(type, bankStatementId, slot, { ...told, data: { line, reason } }),
    ...actions,
  ];
  if (all.length > MAX_ACTIONS) {
    throw new DomainError(
      'validation_failed',
      'This is too much for one line. Allocate less of it now, and the rest later.',
      {
        issues: [{ path: 'parts', message: `must settle ${all.length - MAX_ACTIONS} invoices fewer` }],
      },
    );
  }
  await commit(table, all);
  return line;
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
  const pay = async (money: LineMoney) => {
    assertMoneyIn(found.entry);
    const [{ payments, actions }, learned] = await Promise.all([
      paymentsOfLine(table, line, [money], doing),
      learningActions(table, money.customerId, found.entry),
    ]);
    const [payment] = payments;
    if (!payment) throw new RangeError('a line of one customer is one payment');
    const { paymentId } = payment.recorded.payment;
    return matched({ kind: 'payment', paymentId }, [...actions, ...learned]);
  };
  const book = (account: Extract<LineOutcome, { kind: 'booking' }>['account'], reason: string) =>
    matched({ kind: 'booking', account, reason }, [
      bookLine(line, bankPostings(account, found.entry.amount), doing),
    ]);

  if ('accept' in decision) {
    const { customerId, allocations, dispute, confirms } = suggestionOf(found);
    if (confirms !== undefined) return confirm(confirms);
    return pay({ customerId, amount: found.entry.amount, allocations, dispute });
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

/** @throws DomainError `bank_line_not_undoable` */
function undoing(outcome: LineOutcome, line: BankLine, doing: Doing): Action[] {
  const back = (account: Parameters<typeof bankPostings>[0]) =>
    bookLine(line, bankPostings(account, -line.entry.amount), doing);
  switch (outcome.kind) {
    case 'payment':
    case 'batch':
      throw new DomainError(
        'bank_line_not_undoable',
        'The line recorded a payment. Reverse that payment; the line stays with it.',
      );
    case 'confirmation':
      return [forgetConfirmation(outcome), ...(outcome.from ? [back(outcome.from)] : [])];
    case 'booking':
      return [back(outcome.account)];
    default:
      return outcome satisfies never;
  }
}

/** What is kept of money that the parts of a line book in full. */
const feePostings = (fee: number): Posting[] => bankPostings('payment_fees', -fee);

/** What a line is in every state. */
function commonOf({ bankStatementId, bankAccountId, entry, bookedOn, match, version }: BankLine) {
  return { bankStatementId, bankAccountId, entry, bookedOn, ...(match && { match }), version };
}
