import { loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { AdviceId } from '../kernel/ids.ts';
import { namedRun } from '../matching/decide-by-run.ts';
import type { Match } from '../matching/match.ts';
import { MAX_ALLOCATIONS } from '../payment/payment.ts';
import { useAdvice } from '../remittance/advice-store.ts';
import { commit } from '../table/commit.ts';
import type { Action, Table } from '../table/table.ts';
import type { BankAccount, BankLine, BankStatement, LineMatch } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import { confirmation, findRefund } from './confirm-line-store.ts';
import { findReturned } from './find-returned-store.ts';
import { paymentsOfLine } from './line-payment-store.ts';
import { LineTaken, newLine } from './line-store.ts';
import { fitted, lineMatchOf, reasonsOfMoneyOut, unmatched } from './match-of-line.ts';
import type { Working } from './record-line.ts';
import { reversal } from './return-line-store.ts';
import { namedTransfer, returnedTransfer } from './returned-refund-store.ts';
import { findRun, settlement } from './settle-line-store.ts';

/** Each try loses only to another payment of the same invoice that got through. */
const TRIES = 4;

/** A line of a statement to be worked, with what it was matched with. */
export type LineToWork = Working & {
  readonly statement: Pick<BankStatement, 'bankStatementId'>;
  readonly account: Pick<BankAccount, 'bankAccountId'>;
  readonly entry: StatementEntry;
  readonly match: Match | undefined;
  readonly timeZone: string;
};

type Worked = { readonly line: BankLine; readonly actions: readonly Action[] };

/**
 * Stores a line with what becomes of it, all in one transaction: what is matched is posted, settles its invoices and is
 * booked; what is not, waits for a decision. Where invoices changed meanwhile, so that the match does not fit any more,
 * the line is suggested with what is left of it. Two round trips for a posted line, one for a waiting one.
 * @returns the line; as it stands where it is there already, without a second effect
 * @throws DomainError `table_busy`
 */
export async function workLine(table: Table, work: LineToWork): Promise<BankLine> {
  for (let tries = TRIES; ; tries--) {
    try {
      const { line, actions } = await outcomeOf(table, work, tries > 1);
      await commit(table, [newLine(line), ...actions]);
      return line;
    } catch (error) {
      if (error instanceof LineTaken) return error.line;
      const lost = error instanceof DomainError && retried.has(error.code);
      if (!lost || tries === 1) throw error;
    }
  }
}

/** Lost to another writer: read anew, the line may still fit. */
const retried = new Set(['version_conflict', 'payment_on_statement']);

async function outcomeOf(table: Table, work: LineToWork, mayPost: boolean): Promise<Worked> {
  const { entry, match } = work;
  if (entry.amount < 0) return moneyOut(table, work, mayPost);
  const back = mayPost ? await refundBack(table, work) : undefined;
  if (back) return back;
  const collected = await ofRun(table, work, mayPost);
  if (collected) return collected;
  if (!match) return waiting(work, unmatched(entry, ['nothing was matched']));
  const told = lineMatchOf(match);
  if (match.outcome === 'queued') return waiting(work, told);
  if (match.outcome === 'suggested') return suggested(work, told);
  if (!mayPost) {
    const { confirms, ...rest } = { ...told, reasons: [...told.reasons, 'what it is for changed too often'] };
    return confirms === undefined ? suggested(work, rest) : waiting(work, rest);
  }
  try {
    return match.confirms === undefined
      ? await posted(table, work, told)
      : await confirmed(table, work, match.confirms, told);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'version_conflict') throw error;
    const { confirms, ...rest } = told;
    // To suggest it as new money would record the payment twice.
    if (confirms !== undefined) return waiting(work, { ...rest, reasons: [...rest.reasons, error.message] });
    const ids = told.allocations.map(({ invoiceId }) => invoiceId);
    return suggested(work, fitted(told, await loadOpenItems(table, ids), entry, error.message));
  }
}

/**
 * Where a line is what a direct debit run collected: settled if it names the run, suggested if it is only of its amount and
 * no rule knew better.
 */
async function ofRun(table: Table, work: LineToWork, mayPost: boolean): Promise<Worked | undefined> {
  const { entry, match } = work;
  const isKnown = match?.outcome === 'posted' || match?.outcome === 'suggested';
  if (isKnown && !namedRun(entry)) return undefined;
  const found = await findRun(table, entry);
  if (!found) return undefined;
  const { directDebitId, batches, certain, reason } = found;
  const told: LineMatch = {
    ...unmatched(entry, [reason], match?.policyVersion),
    rule: 'direct_debit_run',
    score: certain ? 1 : 0.5,
    unapplied: 0,
    settles: { directDebitId, batches },
  };
  const line = { ...baseOf(work), match: told };
  if (!certain || !mayPost) return { line: { ...line, status: 'suggested' }, actions: [] };
  const [batch] = batches.length === 1 ? batches : [];
  try {
    const { outcome, actions } = await settlement(table, line, directDebitId, batch, work);
    return { line: { ...line, status: 'matched', outcome, by: work.actor, at: work.at }, actions };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'version_conflict') throw error;
    return waiting(work, unmatched(entry, [reason, error.message], match?.policyVersion));
  }
}

async function posted(table: Table, work: LineToWork, match: LineMatch): Promise<Worked> {
  const { customerId, allocations } = match;
  if (customerId === undefined) return waiting(work, match);
  if (allocations.length > MAX_ALLOCATIONS) {
    const why = `more than ${MAX_ALLOCATIONS} invoices at once: allocate the first, then the rest`;
    return suggested(work, { ...match, reasons: [...match.reasons, why] });
  }
  const line = { ...baseOf(work), match };
  const money = { customerId, amount: work.entry.amount, allocations, dispute: match.dispute };
  const { payments, actions } = await paymentsOfLine(table, line, [money], work);
  const [payment] = payments;
  if (!payment) throw new RangeError('a line of one customer is one payment');
  const { paymentId } = payment.recorded.payment;
  // Withdrawn meanwhile, it says nothing of this money any more, and the line is not posted.
  const followed = match.adviceId === undefined ? [] : [useAdvice(AdviceId.parse(match.adviceId), paymentId)];
  const outcome = { kind: 'payment' as const, paymentId };
  return {
    line: { ...line, status: 'matched', outcome, by: work.actor, at: work.at },
    actions: [...actions, ...followed],
  };
}

async function confirmed(
  table: Table,
  work: LineToWork,
  paymentId: NonNullable<LineMatch['confirms']>,
  match: LineMatch,
  wanted?: string,
): Promise<Worked> {
  const line = { ...baseOf(work), match };
  const { outcome, actions } = await confirmation(table, line, paymentId, work, wanted);
  return { line: { ...line, status: 'matched', outcome, by: work.actor, at: work.at }, actions };
}

/**
 * A refund that was recorded is confirmed where one alone fits, and a payment that the bank took back is reversed where it
 * is certain which; all else that goes out waits for a person.
 */
async function moneyOut(table: Table, work: LineToWork, mayPost: boolean): Promise<Worked> {
  const { entry, match } = work;
  const named = mayPost ? await namedTransfer(table, entry) : undefined;
  const may = mayPost && entry.returnReason === undefined;
  const refunded = named?.paymentId ?? (may ? await findRefund(table, entry) : undefined);
  if (refunded !== undefined) {
    const why = named
      ? `${named.endToEndId} is the end-to-end id of a refund's transfer`
      : 'amount and reference are those of a refund';
    const told: LineMatch = {
      ...unmatched(entry, [why], match?.policyVersion),
      rule: 'payment_reference',
      score: 1,
      confirms: refunded,
    };
    try {
      return await confirmed(table, work, refunded, told, named?.told);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'version_conflict') throw error;
    }
  }
  const returned = await findReturned(table, entry);
  if (!returned) return waiting(work, unmatched(entry, reasonsOfMoneyOut(entry), match?.policyVersion));
  const { isCertain, payment, fee, reasons } = returned;
  const { paymentId, customerId } = payment;
  const told: LineMatch = {
    ...unmatched(entry, reasons, match?.policyVersion),
    rule: 'returned_payment',
    score: isCertain ? 1 : 0.5,
    customerId,
    reverses: paymentId,
    ...(fee > 0 && { fee }),
  };
  if (!mayPost || !isCertain) return suggested(work, told);
  try {
    const line = { ...baseOf(work), match: told };
    const back = { reverse: paymentId, ...(fee > 0 && { fee }) };
    const { outcome, actions } = await reversal(table, line, back, work);
    return { line: { ...line, status: 'matched', outcome, by: work.actor, at: work.at }, actions };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'version_conflict') throw error;
    return suggested(work, { ...told, reasons: [...reasons, error.message] });
  }
}

/**
 * Money of a refund that came back under the end-to-end id of its transfer: the refund is undone by itself, where all of it
 * came back; else, or where it is undone already, a person decides.
 */
async function refundBack(table: Table, work: LineToWork): Promise<Worked | undefined> {
  const { entry, match } = work;
  const named = await namedTransfer(table, entry);
  if (!named) return undefined;
  const why = `a refund of ${named.paymentId} came back: ${named.endToEndId} is the end-to-end id of its transfer`;
  const told: LineMatch = {
    ...unmatched(entry, [why], match?.policyVersion),
    customerId: named.customerId,
    rule: 'payment_reference',
    score: 1,
  };
  const line = { ...baseOf(work), match: told };
  if (named.amount === entry.amount) {
    try {
      const { outcome, actions } = await returnedTransfer(table, line, named, work);
      return { line: { ...line, status: 'matched', outcome, by: work.actor, at: work.at }, actions };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'version_conflict') throw error;
      return waiting(work, { ...told, reasons: [why, error.message] });
    }
  }
  return waiting(work, { ...told, reasons: [why, `${named.amount} had gone out with it`] });
}

function suggested(work: LineToWork, match: LineMatch): Worked {
  if (match.customerId === undefined) return waiting(work, match);
  return { line: { ...baseOf(work), status: 'suggested', match }, actions: [] };
}

function waiting(work: LineToWork, match: LineMatch): Worked {
  return { line: { ...baseOf(work), status: 'queued', match }, actions: [] };
}

function baseOf({ statement, account, entry }: LineToWork) {
  const { bankStatementId } = statement;
  return {
    bankStatementId,
    bankAccountId: account.bankAccountId,
    entry,
    bookedOn: entry.bookedOn,
    version: 1,
  };
}
