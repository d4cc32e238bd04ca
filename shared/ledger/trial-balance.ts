import type { Currency } from '../kernel/money.ts';
import { type AccountCode, chart, type Entry } from './ledger.ts';

/** An account's turnover, minor units: `debits` and `credits` are both positive, `balance` = debits − credits. */
type AccountBalance = {
  readonly account: AccountCode;
  readonly name: string;
  readonly debits: number;
  readonly credits: number;
  readonly balance: number;
};

/** `difference` = debits − credits over all accounts: 0 in books that balance. */
export type TrialBalance = {
  readonly currency: Currency;
  readonly accounts: readonly AccountBalance[];
  readonly debits: number;
  readonly credits: number;
  readonly difference: number;
};

/** The turnover and balance of every account used by `entries`, one trial balance a currency, both in order. */
export function trialBalance(entries: Iterable<Entry>): TrialBalance[] {
  const books = new Map<Currency, Map<AccountCode, AccountBalance>>();
  for (const { currency, postings } of entries) {
    const accounts = books.get(currency) ?? new Map<AccountCode, AccountBalance>();
    books.set(currency, accounts);
    for (const { account, amount } of postings) {
      accounts.set(account, posted(accounts.get(account) ?? unused(account), amount));
    }
  }
  return [...books]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, accounts]) => balanceOf(currency, [...accounts.values()]));
}

function unused(account: AccountCode): AccountBalance {
  return { account, name: chart[account].name, debits: 0, credits: 0, balance: 0 };
}

function posted(before: AccountBalance, amount: number): AccountBalance {
  return {
    ...before,
    debits: before.debits + Math.max(amount, 0),
    credits: before.credits + Math.max(-amount, 0),
    balance: before.balance + amount,
  };
}

function balanceOf(currency: Currency, accounts: readonly AccountBalance[]): TrialBalance {
  const debits = accounts.reduce((sum, account) => sum + account.debits, 0);
  const credits = accounts.reduce((sum, account) => sum + account.credits, 0);
  return {
    currency,
    accounts: accounts.toSorted((one, other) => (one.account < other.account ? -1 : 1)),
    debits,
    credits,
    difference: debits - credits,
  };
}
