import * as z from 'zod';
import { type Fact, factOfItem } from '../fact/fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { PaymentId } from '../kernel/ids.ts';
import { bankPostings, moneyAccount } from '../ledger/postings.ts';
import { compact } from '../matching/compact.ts';
import type { Payment } from '../payment/payment.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { keys, owners, versionSlot } from '../table/keys.ts';
import { tableNames } from '../table/names.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import type { LineOutcome } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import { bookLine } from './line-payment-store.ts';
import type { RecordedLine, Working } from './record-line.ts';

/** What a line confirms, and the writes that say so. */
export type Confirmation = {
  readonly outcome: Extract<LineOutcome, { kind: 'confirmation' }>;
  readonly payment: Payment;
  readonly actions: readonly Action[];
};

const RECEIPT = versionSlot(1);

/** The slot of the fact that tells of money, and the way that went. */
type ToldMoney = { readonly told: string; readonly method: Payment['method'] };

/**
 * That a line is the money of a payment recorded before or, where it went out, of a refund or return of it: no second
 * payment.
 * Money that lay in hand or in transit until then is at the bank now.
 * @throws DomainError `payment_not_found`, `validation_failed` (another amount or currency); on commit
 * `payment_on_statement`
 */
export async function confirmation(
  table: Table,
  line: RecordedLine,
  paymentId: PaymentId,
  working: Working,
): Promise<Confirmation> {
  const { entry } = line;
  const payment = await loadPayment(table, paymentId, { consistent: true });
  const issue = (message: string) => ({ issues: [{ path: 'confirms', message }] });
  if (!payment)
    throw new DomainError(
      'payment_not_found',
      `There is no payment ${paymentId}.`,
      issue('names no payment'),
    );
  if (payment.currency !== entry.currency)
    throw new DomainError(
      'validation_failed',
      'The payment is in another currency.',
      issue(`must be in ${entry.currency}`),
    );
  if (entry.amount > 0 && payment.bankLine) throw onStatement();
  const found = await (entry.amount > 0
    ? receiptOf(table, payment, entry)
    : wentOutOf(table, payment, entry));
  if (found === undefined) {
    throw new DomainError(
      'validation_failed',
      'The line is of another amount. Confirm what it is exactly the money of.',
      issue(`must be of ${Math.abs(entry.amount)}`),
    );
  }
  const { told, method } = found;
  const account = moneyAccount[method];
  return {
    payment,
    outcome: { kind: 'confirmation', paymentId, told, ...(account !== 'bank' && { from: account }) },
    actions: [
      claimOf(line, paymentId, told),
      // Matching need not look for its line any more.
      ...(entry.amount > 0 ? [{ do: 'delete' as const, key: keys.unconfirmed(paymentId) }] : []),
      ...(account === 'bank' ? [] : [bookLine(line, bankPostings(account, entry.amount), working)]),
    ],
  };
}

/** The write that says a line is the money of what fact `told` of a payment says. @throws (on commit) `payment_on_statement` */
export function claimOf(
  { bankStatementId, entry }: Pick<RecordedLine, 'bankStatementId' | 'entry'>,
  paymentId: PaymentId,
  told: string,
): Action {
  return {
    do: 'put',
    item: { ...keys.onStatement(paymentId, told), bankStatementId, line: entry.line },
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: onStatement,
  };
}

/** The write that takes back that a line was the money of what fact `told` of a payment says. */
export function forgetConfirmation({ paymentId, told }: Confirmation['outcome']): Action {
  return {
    do: 'delete',
    key: keys.onStatement(paymentId, told),
    when: [{ attribute: 'PK', is: 'present' }],
  };
}

const Refund = z.object({ paymentId: PaymentId, reference: z.string() });
/** A reference that is shorter stands in a text by chance. */
const MIN_REFERENCE = 5;

/**
 * The payment of the one refund that a line of money out tells of by amount and reference; undefined where there is none
 * or are several. One query.
 */
export async function findRefund(table: Table, entry: StatementEntry): Promise<PaymentId | undefined> {
  const items = await queryAll(table, {
    index: 'byOwner',
    partition: owners.refunds(entry.currency, -entry.amount),
  });
  const { text, endToEndId = '', creditorReference = '', bankReference = '' } = entry;
  const words = [text, endToEndId, creditorReference, bankReference].map(compact);
  const found = items
    .map((item) => Refund.parse(item['sum']))
    .filter(({ reference }) => compact(reference).length >= MIN_REFERENCE)
    .filter(({ reference }) => words.some((word) => word.includes(compact(reference))));
  return found.length === 1 ? found[0]?.paymentId : undefined;
}

/**
 * What came in, or that less the fee, is what the line says; at the bank itself only the latter is booked. What was
 * recorded in error never came.
 */
async function receiptOf(
  table: Table,
  payment: Payment,
  entry: StatementEntry,
): Promise<ToldMoney | undefined> {
  const { paymentId, method, amount, fee = 0, reversed } = payment;
  const gross = moneyAccount[method] !== 'bank' && amount === entry.amount;
  if (!gross && amount - fee !== entry.amount) return undefined;
  const receipt = { told: RECEIPT, method };
  if (reversed === undefined) return receipt;
  const { facts } = await loadFacts(table, paymentId);
  return facts.some((fact) => fact.type === 'payment.reversed' && fact.data.kind === 'error')
    ? undefined
    : receipt;
}

/**
 * The first refund or return of the payment, or pay-out of a credit note from it, that is of the line’s amount and not on a
 * statement yet.
 */
async function wentOutOf(
  table: Table,
  { paymentId, method }: Payment,
  entry: StatementEntry,
): Promise<ToldMoney | undefined> {
  const { facts, taken } = await loadFacts(table, paymentId);
  return facts
    .filter((fact) => sentBack(fact) === -entry.amount)
    .map((fact) => ({
      told: fact.slot,
      method: fact.type === 'payment.paid_out' ? fact.data.method : method,
    }))
    .find(({ told }) => !taken.has(keys.onStatement(paymentId, told).SK));
}

/** What is told of a payment, and the sort keys that its partition holds. */
async function loadFacts(table: Table, paymentId: PaymentId): Promise<{ facts: Fact[]; taken: Set<string> }> {
  const items = await queryAll(table, { partition: paymentId, consistent: true });
  const facts = items.filter(({ SK }) => SK.startsWith(tableNames.factPrefix)).map(factOfItem);
  return { facts, taken: new Set(items.map(({ SK }) => SK)) };
}

/** What a fact of a payment says the bank paid out. What was recorded in error never moved. */
function sentBack(fact: Fact): number | undefined {
  if (fact.type === 'payment.refunded' || fact.type === 'payment.paid_out') return fact.data.amount;
  if (fact.type !== 'payment.reversed' || fact.data.kind === 'error') return undefined;
  return fact.data.amount + (fact.data.fee ?? 0);
}

const onStatement = () =>
  new DomainError('payment_on_statement', 'Another bank line told of this payment or refund already.');
