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
 * E. What each customer owes is the same wherever one looks: on its account, in the ledger, and in its open invoices
 * less what was paid or credited and not set against one yet. The ledger keeps these two apart, and each agrees.
 */
export function* receivablesAgree(picture: Picture): Generator<Violation> {
  const ledger = { owed: new Sums(), receivables: new Sums(), unapplied: new Sums() };
  const open = { receivables: new Sums(), unapplied: new Sums() };
  for (const entry of picture.entries) {
    if (entry.customerId === undefined && owedBy(entry) === 0) continue;
    ledger.owed.add(nameOf(entry), owedBy(entry));
    ledger.receivables.add(nameOf(entry), amountOn('receivables', entry));
    ledger.unapplied.add(nameOf(entry), -amountOn('unapplied', entry));
  }
  for (const item of picture.openItems.values()) open.receivables.add(nameOf(item), item.balance);
  for (const payment of picture.payments.values()) open.unapplied.add(nameOf(payment), payment.unapplied);
  for (const credit of picture.openCredits.values()) open.unapplied.add(nameOf(credit), credit.unapplied);

  const accounts = new Sums();
  for (const account of picture.accounts.values()) accounts.add(nameOf(account), account.receivable);
  for (const name of new Set(
    [accounts, ledger.owed, open.receivables, open.unapplied].flatMap((sums) => sums.keys()),
  )) {
    const owed = open.receivables.of(name) - open.unapplied.of(name);
    yield* unlessEqual(
      'E',
      `receivables less unapplied of ${name} in the ledger`,
      ledger.owed.of(name),
      accounts.of(name),
    );
    yield* unlessEqual('E', `open items of ${name} less unapplied`, owed, accounts.of(name));
    yield* unlessEqual(
      'E',
      `receivables of ${name} in the ledger`,
      ledger.receivables.of(name),
      open.receivables.of(name),
    );
    yield* unlessEqual(
      'E',
      `unapplied of ${name} in the ledger`,
      ledger.unapplied.of(name),
      open.unapplied.of(name),
    );
  }
}

/** What an entry adds to what its customer owes: claims, less what is kept for the customer. */
export function owedBy(entry: Entry): number {
  return amountOn('receivables', entry) + amountOn('unapplied', entry);
}

/** What an entry posts to an account, debits positive. */
export function amountOn(account: AccountRole, { postings }: Entry): number {
  return postings.reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0);
}

const nameOf = ({ customerId = 'nobody', currency }: { customerId?: string | undefined; currency: string }) =>
  `${customerId} in ${currency}`;
