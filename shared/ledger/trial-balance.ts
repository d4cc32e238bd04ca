import type { Currency } from '../kernel/money.ts';
import { type AccountRole, type AccountType, accountOf, type ChartPolicy } from './chart.ts';
import type { Entry } from './ledger.ts';

/** An account's turnover, minor units: `debits` and `credits` are both positive, `balance` = debits − credits. */
type AccountBalance = {
  readonly role: AccountRole;
  /** As the chart calls it. */
  readonly account: string;
  readonly name: string;
  readonly type: AccountType;
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

/** What was posted to an account in a currency; minor units, both positive. */
export type Turnover = {
  readonly currency: Currency;
  readonly account: AccountRole;
  readonly debits: number;
  readonly credits: number;
};

/** What a run of entries comes to. */
export type BookSums = { readonly entries: number; readonly turnover: readonly Turnover[] };

export const noSums: BookSums = { entries: 0, turnover: [] };

/** What all of `entries`, and those summed up `before` them, come to by currency and account. In no order. */
export function addEntries(entries: Iterable<Entry>, before: BookSums = noSums): BookSums {
  const sums = new Map<string, Turnover>();
  const add = ({ currency, account, debits, credits }: Turnover) => {
    const sum = sums.get(`${currency} ${account}`) ?? { currency, account, debits: 0, credits: 0 };
    sums.set(`${currency} ${account}`, {
      ...sum,
      debits: sum.debits + debits,
      credits: sum.credits + credits,
    });
  };
  for (const turnover of before.turnover) add(turnover);
  let count = before.entries;
  for (const { currency, postings } of entries) {
    count += 1;
    for (const { account, amount } of postings)
      add({ currency, account, debits: Math.max(amount, 0), credits: Math.max(-amount, 0) });
  }
  return { entries: count, turnover: [...sums.values()] };
}

/** The turnover and balance of every account used, one trial balance a currency, both in the chart's order of codes. */
export function trialBalance(turnover: readonly Turnover[], chart: ChartPolicy): TrialBalance[] {
  const currencies = [...new Set(turnover.map(({ currency }) => currency))].toSorted();
  return currencies.map((currency) => {
    const accounts = turnover
      .filter((sum) => sum.currency === currency)
      .map((sum) => balanceOf(sum, chart))
      .toSorted((one, other) => (one.account < other.account ? -1 : 1));
    const debits = accounts.reduce((sum, account) => sum + account.debits, 0);
    const credits = accounts.reduce((sum, account) => sum + account.credits, 0);
    return { currency, accounts, debits, credits, difference: debits - credits };
  });
}

function balanceOf({ account: role, debits, credits }: Turnover, chart: ChartPolicy): AccountBalance {
  const { code, name, type } = accountOf(chart, role);
  return { role, account: code, name, type, debits, credits, balance: debits - credits };
}
