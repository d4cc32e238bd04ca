import { discountsOf } from '../payment/payment.ts';
import { owedBy } from './books.ts';
import { type Picture, Sums } from './picture.ts';

/** Minor units by currency. */
type Amounts = Record<string, number>;

/**
 * What the whole table comes to. `ordered` and `returned` are before tax, all else with it.
 * invoiced − credited − collected − discounted − written off = outstanding.
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
  /** Less what was given back or is gone again. */
  collected: Amounts;
  /** Taken off for paying early, and written off, less what credit notes took back. */
  discounted: Amounts;
  writtenOff: Amounts;
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
  const openItems = [...picture.openItems.values()];
  const creditNotes = [...picture.creditNotes.values()];
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
    invoiced: totals(
      picture.entries
        .filter(({ kind }) => kind === 'invoice')
        .map((entry) => [entry.currency, owedBy(entry)]),
    ),
    credited: totals(creditNotes.map(({ currency, totals: { gross } }) => [currency, gross])),
    collected: totals(
      [...picture.payments.values()].map(({ currency, amount, refunded = 0, paidOut = 0, reversed = 0 }) => [
        currency,
        amount - refunded - paidOut - reversed,
      ]),
    ),
    discounted: totals([
      ...[...picture.payments.values()].map((payment) => [payment.currency, discountsOf(payment)] as const),
      ...creditNotes.map(
        ({ currency, discountTakenBack }) => [currency, -(discountTakenBack?.amount ?? 0)] as const,
      ),
    ]),
    writtenOff: totals(openItems.map(({ currency, writtenOff = 0 }) => [currency, writtenOff])),
    outstanding: totals([
      ...openItems.map(({ currency, balance }) => [currency, balance] as const),
      ...[...picture.payments.values(), ...picture.openCredits.values()].map(
        ({ currency, unapplied }) => [currency, -unapplied] as const,
      ),
    ]),
    invoices: {
      issued: picture.invoices.size,
      open: openItems.filter(({ balance }) => balance > 0).length,
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
