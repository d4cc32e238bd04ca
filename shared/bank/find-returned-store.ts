import { DEBIT_ID } from '../direct-debit/debit-id.ts';
import { findDebit } from '../direct-debit/find-debit-store.ts';
import { compact } from '../matching/compact.ts';
import type { Payment } from '../payment/payment.ts';
import { listPayments, loadPaymentsReferenced } from '../payment/payment-store.ts';
import type { Table } from '../table/table.ts';
import type { StatementEntry } from './bank-statement.ts';
import { decideReturn, isReturn, type Returned } from './decide-return.ts';

/** A line names so many references at most; the bank's own come first. */
const MAX_REFERENCES = 8;
/** Payments of one reference that are looked at: more are no one payment's. */
const MAX_BEARERS = 3;
/** Among so many of its last payments lies the one that settled a debited invoice. */
const LAST_PAYMENTS = 25;

/**
 * The payment that a line of money out takes back, by the references that it names: up to three queries of the index side
 * by side, eight where the bank says that it is a return, and a read where one is borne. A direct debit whose payment
 * bears another reference is looked for among the customer's last payments.
 */
export async function findReturned(table: Table, entry: StatementEntry): Promise<Returned | undefined> {
  const named = referencesIn(entry);
  const found = await Promise.all(
    named.map((reference) => loadPaymentsReferenced(table, reference, MAX_BEARERS)),
  );
  const payments = found.flat().length > 0 ? found.flat() : await ofDebits(table, named);
  const byId = new Map(payments.map((payment) => [payment.paymentId, payment]));
  return decideReturn(entry, [...byId.values()]);
}

/** Its own references; of a return those in its text, too. */
function referencesIn(entry: StatementEntry): string[] {
  const { endToEndId, creditorReference, bankReference, text } = entry;
  const told = [endToEndId, creditorReference, bankReference].flatMap((field) => field ?? []);
  const words = isReturn(entry) ? text.split(/[\s+:;,|]+/) : [];
  const wanted = [...told, ...words].map(compact).filter((word) => word.length >= 5 && /\d/.test(word));
  return [...new Set(wanted)].slice(0, MAX_REFERENCES);
}

async function ofDebits(table: Table, named: readonly string[]): Promise<Payment[]> {
  const ids = named.filter((reference) => DEBIT_ID.test(reference)).slice(0, 1);
  const found = await Promise.all(
    ids.map(async (id) => {
      const debit = await findDebit(table, id);
      if (!debit) return [];
      const { customerId, invoiceId } = debit;
      const { payments } = await listPayments(table, customerId, { limit: LAST_PAYMENTS });
      return payments.filter(({ allocations }) => allocations.some((part) => part.invoiceId === invoiceId));
    }),
  );
  return found.flat();
}
