import { shareOf } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import { grossOf } from '../tax/tax.ts';
import type { Credited, CreditNote, Invoice, OpenItem } from './invoice.ts';
import { commonOf, creditBalance } from './open-item.ts';

/** What a credit note gives back of what its invoice was settled with besides money. Minor units. */
export type TakenBack = Pick<CreditNote, 'discountTakenBack' | 'writeOffTakenBack'>;

export type ItemCredit = {
  /** What of the credit settles the invoice at once; the rest is the customer's, and was paid before. Minor units. */
  readonly applied: number;
  readonly takenBack: TakenBack;
  /** The open item before and after, where it changes. */
  readonly openItem?: { readonly before: OpenItem; readonly after: OpenItem };
};

/**
 * What a credit note of `gross` does to its invoice. It settles what is owed, then what was written off, which is owed
 * again for that; the rest takes back the discount taken in proportion to what was settled with payment and discount
 * and is not credited yet. So all credit notes together leave the customer no more than was paid on the invoice, and
 * crediting it whole in parts takes back all of the discount. An invoice of which nothing stays written off is paid.
 * @param gross minor units, at most what of the invoice is not credited yet
 * @param credited what was credited of the invoice before
 * @param deductions deposits that the invoice took off: they were paid for what it supplied
 */
export function creditItem(
  item: OpenItem,
  gross: number,
  credited: Pick<Credited, 'groups'> | undefined,
  at: Instant,
  deductions: Invoice['deductions'] = [],
): ItemCredit {
  const owed = Math.min(gross, item.balance);
  const lost = Math.min(gross - owed, item.writtenOff ?? 0);
  const rest = gross - owed - lost;
  const before = grossOf(credited?.groups ?? []);
  const deducted = grossOf(deductions);
  const settled = item.total + deducted - before - item.balance - (item.writtenOff ?? 0);
  const discount = shareOf(item.discountTaken?.amount ?? 0, rest, settled);
  const tax = item.discountTaken ? shareOf(item.discountTaken.tax, discount, item.discountTaken.amount) : 0;
  if (owed + lost + discount === 0) return { applied: 0, takenBack: {} };
  const takenBack = {
    ...(discount > 0 && { discountTakenBack: { amount: discount, tax } }),
    ...(lost > 0 && { writeOffTakenBack: lost }),
  };
  const reduced = owed > 0 ? creditBalance(item, owed, at) : item;
  return {
    applied: owed + lost + discount,
    takenBack,
    openItem: { before: item, after: { ...lessTaken(reduced, takenBack, at), version: item.version + 1 } },
  };
}

/**
 * What of an invoice may be written off: what is credited of it is no loss. After a payment was returned its credit may be
 * the customer's while the invoice is owed again; written off then, it would be credit for money that nobody paid.
 */
export function mostToLose({
  openItem,
  credited,
  invoice,
}: {
  readonly openItem: OpenItem;
  readonly credited: Pick<Credited, 'groups'> | undefined;
  readonly invoice: Pick<Invoice, 'deductions'>;
}): number {
  const { total, balance, writtenOff = 0, discountTaken } = openItem;
  const supplied = total + grossOf(invoice.deductions ?? []);
  const left = supplied - grossOf(credited?.groups ?? []) - writtenOff - (discountTaken?.amount ?? 0);
  return Math.max(0, Math.min(balance, left));
}

/** All that a credit note takes back: its customer's account goes down by so much less. Minor units. */
export function sumTakenBack({ discountTakenBack, writeOffTakenBack = 0 }: TakenBack): number {
  return (discountTakenBack?.amount ?? 0) + writeOffTakenBack;
}

function lessTaken(
  item: OpenItem,
  { discountTakenBack, writeOffTakenBack = 0 }: TakenBack,
  at: Instant,
): OpenItem {
  const amount = (item.discountTaken?.amount ?? 0) - (discountTakenBack?.amount ?? 0);
  const tax = (item.discountTaken?.tax ?? 0) - (discountTakenBack?.tax ?? 0);
  const writtenOff = (item.writtenOff ?? 0) - writeOffTakenBack;
  const discount = amount > 0 && { discountTaken: { amount, tax } };
  if (item.status === 'written_off' && writtenOff > 0) {
    const { discountTaken: _taken, ...rest } = item;
    return { ...rest, ...discount, writtenOff };
  }
  if (item.status === 'written_off') {
    const { discountTaken: _taken, writtenOff: _lost, ...rest } = commonOf(item);
    return { ...rest, ...discount, status: 'paid', balance: 0, paidAt: at, version: item.version };
  }
  const { discountTaken: _taken, writtenOff: _lost, ...rest } = item;
  return { ...rest, ...discount, ...(writtenOff > 0 && { writtenOff }) };
}
