import { discountsOf } from '../payment/payment.ts';
import { type Picture, Sums } from './picture.ts';

/** Minor units by currency. */
type Amounts = Record<string, number>;

/**
 * What the whole table comes to. `ordered` and `returned` are before tax, all else with it.
 * invoiced − credited − collected − discounted = outstanding.
 */
export type Figures = {
  orders: {
    placed: number;
    accepted: number;
    held: number;
    waiting: number;
    rejected: number;
    cancelled: number;
  };
  returns: number;
  ordered: Amounts;
  returned: Amounts;
  invoiced: Amounts;
  credited: Amounts;
  collected: Amounts;
  /** Taken off for paying early. */
  discounted: Amounts;
  outstanding: Amounts;
  invoices: { issued: number; open: number };
  reminders: number;
  mails: number;
  /** What all accounts of the ledger add up to; zero when it balances. */
  trialBalance: Amounts;
};

/** The figures of a picture of the table. `held` counts orders that were held at some time, `waiting` those still held. */
export function figuresOf(picture: Picture): Figures {
  const orders = [...picture.orders.values()];
  const facts = [...picture.facts.values()].flat();
  const entries = (kind: 'invoice' | 'credit_note') => picture.entries.filter((entry) => entry.kind === kind);
  const receivable = (kind: 'invoice' | 'credit_note', sign: 1 | -1) =>
    totals(
      entries(kind).flatMap(({ currency, postings }) =>
        postings
          .filter(({ account }) => account === 'receivables')
          .map(({ amount }) => [currency, sign * amount] as const),
      ),
    );
  const openItems = [...picture.openItems.values()];
  return {
    orders: {
      placed: orders.length,
      accepted: orders.filter((order) => 'acceptedAt' in order).length,
      held: new Set(facts.filter(({ type }) => type === 'order.held').map(({ subject }) => subject)).size,
      waiting: orders.filter(({ status }) => status === 'held').length,
      rejected: orders.filter(({ status }) => status === 'rejected').length,
      cancelled: orders.filter(({ status }) => status === 'cancelled').length,
    },
    returns: picture.returns.size,
    ordered: totals(orders.map((order) => [order.currency, order.totals.net])),
    returned: totals([...picture.returns.values()].map(({ currency, net }) => [currency, net])),
    invoiced: receivable('invoice', 1),
    credited: receivable('credit_note', -1),
    collected: totals([...picture.payments.values()].map(({ currency, amount }) => [currency, amount])),
    discounted: totals(
      [...picture.payments.values()].map((payment) => [payment.currency, discountsOf(payment)]),
    ),
    outstanding: totals([
      ...openItems.map(({ currency, balance }) => [currency, balance] as const),
      ...[...picture.payments.values(), ...picture.openCredits.values()].map(
        ({ currency, unapplied }) => [currency, -unapplied] as const,
      ),
    ]),
    invoices: {
      issued: picture.invoices.size,
      open: openItems.filter(({ status }) => status !== 'paid').length,
    },
    reminders: facts.filter(({ type }) => type === 'account.reminded').length,
    mails: picture.mails.length,
    trialBalance: totals(
      picture.entries.flatMap(({ currency, postings }) =>
        postings.map(({ amount }) => [currency, amount] as const),
      ),
    ),
  };
}

function totals(amounts: readonly (readonly [currency: string, amount: number])[]): Amounts {
  const sums = new Sums();
  for (const [currency, amount] of amounts) sums.add(currency, amount);
  return Object.fromEntries(sums.entries());
}
