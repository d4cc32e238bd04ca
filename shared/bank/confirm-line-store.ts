import * as z from 'zod';
import { pay, type RefundTransfer } from '../credit-transfer/refund-transfer.ts';
import { saveTransfer, transferOfItem } from '../credit-transfer/refund-transfer-store.ts';
import { singleDebit } from '../direct-debit/single-debits-store.ts';
import { type Fact, factOfItem } from '../fact/fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { type CreditNoteId, PaymentId } from '../kernel/ids.ts';
import { bankPostings, moneyAccount } from '../ledger/postings.ts';
import { compact } from '../matching/compact.ts';
import type { Payment } from '../payment/payment.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { keys, owners, prefixes, versionSlot } from '../table/keys.ts';
import { tableNames } from '../table/names.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import type { LineOutcome } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import { bookLine } from './line-payment-store.ts';
import { isDecided, type RecordedLine, type Working } from './record-line.ts';

/** What a line confirms, and the writes that say so. */
export type Confirmation = {
  readonly outcome: Extract<LineOutcome, { kind: 'confirmation' }>;
  readonly payment: Payment;
  readonly actions: readonly Action[];
};

const RECEIPT = versionSlot(1);

/** The slot of the fact that tells of money, and the way that went. */
type ToldMoney = {
  readonly told: string;
  readonly method: Payment['method'];
  /** Where it is a credit note that was paid out. */
  readonly creditNoteId?: CreditNoteId | undefined;
  /** By which a refund goes out. */
  readonly transfer?: RefundTransfer | undefined;
};

/**
 * That a line is the money of a payment recorded before or, where it went out, of a refund or return of it: no second
 * payment.
 * Money that lay in hand or in transit until then is at the bank now, and the transfer of a refund is paid.
 * @param wanted the slot of the fact that told of it, where it is known
 * @throws DomainError `payment_not_found`, `validation_failed` (another amount or currency); on commit
 * `payment_on_statement`
 */
export async function confirmation(
  table: Table,
  line: RecordedLine,
  paymentId: PaymentId,
  working: Working,
  wanted?: string,
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
  const found = await (entry.amount > 0
    ? cameInOf(table, payment, entry)
    : wentOutOf(table, payment, entry, wanted));
  if (found === undefined) {
    if (entry.amount > 0 && payment.bankLine) throw onStatement();
    throw new DomainError(
      'validation_failed',
      'The line is of another amount. Confirm what it is exactly the money of.',
      issue(`must be of ${Math.abs(entry.amount)}`),
    );
  }
  const { told, method, creditNoteId, transfer } = found;
  const account = moneyAccount[method];
  return {
    payment,
    outcome: {
      kind: 'confirmation',
      paymentId,
      told,
      ...(account !== 'bank' && { from: account }),
      ...(creditNoteId && { creditNoteId }),
    },
    actions: [
      claimOf(line, paymentId, told),
      ...(told === RECEIPT ? await singleDebit(table, entry, [payment], { decided: isDecided(line) }) : []),
      ...(transfer ? [saveTransfer(pay(transfer, referenceTo(line)))] : []),
      // Matching need not look for the line of a receipt any more.
      ...(told === RECEIPT ? [{ do: 'delete' as const, key: keys.unconfirmed(paymentId) }] : []),
      ...(account === 'bank' ? [] : [bookLine(line, bankPostings(account, entry.amount), working)]),
    ],
  };
}

const referenceTo = ({ bankStatementId, entry }: Pick<RecordedLine, 'bankStatementId' | 'entry'>) => ({
  bankStatementId,
  line: entry.line,
});

/** The write that says a line is the money of what fact `told` of a payment says. @throws (on commit) `payment_on_statement` */
export function claimOf(
  line: Pick<RecordedLine, 'bankStatementId' | 'entry'>,
  paymentId: PaymentId,
  told: string,
): Action {
  return {
    do: 'put',
    item: { ...keys.onStatement(paymentId, told), ...referenceTo(line) },
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

/** The receipt of the payment, unless a line recorded it; else a refund of it that came back and is on no statement yet. */
async function cameInOf(
  table: Table,
  payment: Payment,
  entry: StatementEntry,
): Promise<ToldMoney | undefined> {
  const receipt = payment.bankLine ? undefined : await receiptOf(table, payment, entry);
  if (receipt) return receipt;
  const { paymentId } = payment;
  const { facts, taken } = await loadFacts(table, paymentId);
  return facts
    .filter((fact) => fact.type === 'payment.refund_undone')
    .filter(({ data }) => data.kind === 'returned' && data.amount - (data.fee ?? 0) === entry.amount)
    .map(({ slot, data }) => ({ told: slot, method: data.method, creditNoteId: data.creditNoteId }))
    .find(({ told }) => !taken.has(keys.onStatement(paymentId, told).SK));
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
 * statement yet; `wanted` is its slot, where that is known. A refund that was undone before it went out never does.
 */
async function wentOutOf(
  table: Table,
  { paymentId, method }: Payment,
  entry: StatementEntry,
  wanted: string | undefined,
): Promise<ToldMoney | undefined> {
  const { facts, taken, transfers } = await loadFacts(table, paymentId);
  return facts
    .filter((fact) => sentBack(fact) === -entry.amount && (wanted === undefined || fact.slot === wanted))
    .map((fact) => ({
      told: fact.slot,
      method: fact.type === 'payment.paid_out' ? fact.data.method : method,
      creditNoteId: fact.type === 'payment.paid_out' ? fact.data.creditNoteId : undefined,
      transfer: transfers.get(fact.slot),
    }))
    .filter(({ transfer }) => transfer?.status !== 'undone' || transfer.undone.kind === 'returned')
    .find(({ told }) => !taken.has(keys.onStatement(paymentId, told).SK));
}

/** What is told of a payment, the sort keys that its partition holds, and the transfers of its refunds by their slot. */
async function loadFacts(
  table: Table,
  paymentId: PaymentId,
): Promise<{ facts: Fact[]; taken: Set<string>; transfers: Map<string, RefundTransfer> }> {
  const items = await queryAll(table, { partition: paymentId, consistent: true });
  const facts = items.filter(({ SK }) => SK.startsWith(tableNames.factPrefix)).map(factOfItem);
  const transfers = items.filter(({ SK }) => SK.startsWith(prefixes.transfer)).map(transferOfItem);
  return {
    facts,
    taken: new Set(items.map(({ SK }) => SK)),
    transfers: new Map(transfers.map((transfer) => [transfer.told, transfer])),
  };
}

/** What a fact of a payment says the bank paid out. What was recorded in error never moved. */
function sentBack(fact: Fact): number | undefined {
  if (fact.type === 'payment.refunded' || fact.type === 'payment.paid_out') return fact.data.amount;
  if (fact.type !== 'payment.reversed' || fact.data.kind === 'error') return undefined;
  return fact.data.amount + (fact.data.fee ?? 0);
}

const onStatement = () =>
  new DomainError('payment_on_statement', 'Another bank line told of this payment or refund already.');
