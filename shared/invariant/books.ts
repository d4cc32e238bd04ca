import type { AccountRole } from '../ledger/chart.ts';
import type { Entry } from '../ledger/ledger.ts';
import { type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** A. Debits equal credits, in every entry and over all entries of a currency. */
export function* entriesBalance({ entries }: Picture): Generator<Violation> {
  const trial = new Sums();
  for (const entry of entries) {
    const difference = entry.postings.reduce((sum, { amount }) => sum + amount, 0);
    yield* unlessEqual('A', `debits less credits of entry ${entry.entryId}`, difference, 0);
    trial.add(entry.currency, difference);
  }
  for (const [currency, difference] of trial.entries()) {
    yield* unlessEqual('A', `trial balance in ${currency}`, difference, 0);
  }
}

/**
 * E. What each customer owes is the same wherever one looks: on its account, in the ledger's receivables, and in its
 * open invoices less what was paid or credited and not set against one yet.
 */
export function* receivablesAgree(picture: Picture): Generator<Violation> {
  const ledger = new Sums();
  const open = new Sums();
  for (const entry of picture.entries) ledger.add(nameOf(entry), amountOn('receivables', entry));
  for (const item of picture.openItems.values()) open.add(nameOf(item), item.balance);
  for (const payment of picture.payments.values()) open.add(nameOf(payment), -payment.unapplied);
  for (const credit of picture.openCredits.values()) open.add(nameOf(credit), -credit.unapplied);

  const accounts = new Sums();
  for (const account of picture.accounts.values()) accounts.add(nameOf(account), account.receivable);
  for (const name of new Set([...accounts.keys(), ...ledger.keys(), ...open.keys()])) {
    yield* unlessEqual('E', `receivables of ${name} in the ledger`, ledger.of(name), accounts.of(name));
    yield* unlessEqual('E', `open items of ${name} less unapplied`, open.of(name), accounts.of(name));
  }
}

/** What an entry posts to an account, debits positive. */
export function amountOn(account: AccountRole, { postings }: Entry): number {
  return postings.reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0);
}

const nameOf = ({ customerId, currency }: { customerId: string; currency: string }) =>
  `${customerId} in ${currency}`;
