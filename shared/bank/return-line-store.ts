import { DomainError } from '../kernel/errors.ts';
import { bankPostings, moneyAccount } from '../ledger/postings.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { loadUndoing, reversalActions } from '../payment/reversal-store.ts';
import { invoicesToReopen, reversePayment } from '../payment/reverse-payment.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type Confirmation, claimOf } from './confirm-line-store.ts';
import type { Doing } from './decided-line-store.ts';
import type { Decision } from './decision.ts';
import { bookLine } from './line-payment-store.ts';
import { type RecordedLine, referenceOf } from './record-line.ts';

/**
 * That the bank took the money of a payment back, less what it charged for that: the payment is reversed by it, and what
 * it had settled is owed again.
 * @throws DomainError `payment_not_found`, `validation_failed` (money in, another currency or a fee beyond the line),
 * `reversal_exceeds_payment`
 */
export async function reversal(
  table: Table,
  line: RecordedLine,
  { reverse, fee = 0 }: Extract<Decision, { reverse: unknown }>,
  doing: Pick<Doing, 'at' | 'today' | 'actor' | 'timeZone'>,
): Promise<Pick<Confirmation, 'outcome'> & { readonly actions: readonly Action[] }> {
  const { entry } = line;
  const { at, today, actor } = doing;
  const amount = -entry.amount - fee;
  const issue = (path: string, message: string) => ({ issues: [{ path, message }] });
  if (amount <= 0) {
    const detail = 'A payment is reversed by money that went out, beyond what the bank charged for it.';
    throw new DomainError('validation_failed', detail, issue('reverse', 'is not possible for this line'));
  }
  const payment = await loadPayment(table, reverse, { consistent: true });
  if (!payment)
    throw new DomainError(
      'payment_not_found',
      `There is no payment ${reverse}.`,
      issue('reverse', 'names no payment'),
    );
  if (payment.currency !== entry.currency) {
    const detail = 'The payment is in another currency.';
    throw new DomainError('validation_failed', detail, issue('reverse', `must be in ${entry.currency}`));
  }
  const reversed = reversePayment(
    payment,
    await loadUndoing(table, invoicesToReopen(payment, amount), doing),
    {
      kind: 'returned',
      reason: entry.returnReason ?? 'returned by the bank',
      amount,
      ...(fee > 0 && { fee }),
      reference: referenceOf(entry),
      at,
      today,
      by: actor,
    },
  );
  const account = moneyAccount[payment.method];
  const told = versionSlot(reversed.payment.version);
  return {
    outcome: {
      kind: 'confirmation',
      paymentId: reverse,
      told,
      ...(account !== 'bank' && { from: account }),
      reversed: true,
    },
    actions: [
      ...reversalActions(reversed),
      claimOf(line, reverse, told),
      ...(account === 'bank' ? [] : [bookLine(line, bankPostings(account, entry.amount), doing)]),
    ],
  };
}
