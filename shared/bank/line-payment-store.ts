import { loadAccount } from '../customer/customer-store.ts';
import { singleDebit } from '../direct-debit/single-debits-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Posting } from '../ledger/ledger.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { bankPostings } from '../ledger/postings.ts';
import { paymentActions } from '../payment/payment-store.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type BankLine, lineName } from './bank-line.ts';
import {
  isDecided,
  type LineMoney,
  type LinePayment,
  type RecordedLine,
  recordLine,
  referenceOf,
  type Working,
} from './record-line.ts';

/**
 * The payments that a line tells of, one for each customer, and their writes: four for each payment, one for each
 * invoice, one more where that is disputed, three where it is a debit of a direct debit run. Reads everything at once.
 * @throws DomainError `customer_not_found`, and what {@link recordLine} and {@link singleDebit} refuse
 */
export async function paymentsOfLine(
  table: Table,
  line: RecordedLine,
  monies: readonly LineMoney[],
  working: Working,
): Promise<{ payments: LinePayment[]; actions: Action[] }> {
  const invoiceIds = monies.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId));
  const [accounts, items] = await Promise.all([
    Promise.all(monies.map(({ customerId }) => loadAccount(table, customerId, { consistent: true }))),
    loadOpenItems(table, invoiceIds),
  ]);
  const payments = monies.map((money, index) => {
    const account = accounts[index];
    if (!account) {
      throw new DomainError('customer_not_found', `There is no customer ${money.customerId}.`, {
        issues: [{ path: 'customerId', message: 'names no customer' }],
      });
    }
    return recordLine(line, money, { account, items }, { ...working, part: index + 1 });
  });
  const debited = await singleDebit(
    table,
    line.entry,
    payments.map(({ recorded }) => recorded.payment),
    { decided: isDecided(line) },
  );
  return { payments, actions: [...payments.flatMap((payment) => writesOf(payment, working)), ...debited] };
}

function writesOf({ recorded, disputed }: LinePayment, { at, actor }: Working): Action[] {
  return [
    ...paymentActions(recorded),
    ...disputed.map(({ item, reason }) => {
      const { invoiceId, number, customerId, version } = item;
      const data = { invoiceId, number, reason };
      return recordFact('invoice.disputed', invoiceId, versionSlot(version), { at, actor, customerId, data });
    }),
  ];
}

/** The write that books what of a line is no customer's, at the version `line` will have. */
export function bookLine(
  line: Pick<BankLine, 'bankStatementId' | 'entry' | 'version'>,
  postings: Posting[],
  { at, today }: Working,
): Action {
  const { bankStatementId, entry, version } = line;
  const source = lineName({ bankStatementId, line: entry.line });
  return postEntry({
    entryId: derivedId('ent', entry.bookedOn, `${source} ${version}`),
    date: today,
    at,
    kind: 'bank',
    source,
    reference: referenceOf(entry) ?? source,
    currency: entry.currency,
    postings,
  });
}

/** What is kept of money that the parts of a line book in full. Minor units. */
export const feePostings = (fee: number): Posting[] => bankPostings('payment_fees', -fee);
