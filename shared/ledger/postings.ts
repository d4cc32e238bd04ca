import type { Adjustment } from '../order/order.ts';
import type { PaymentMethod } from '../payment/payment.ts';
import type { ProductKind } from '../product/product.ts';
import type { Totals } from '../tax/tax.ts';
import type { AccountRole } from './chart.ts';
import type { Posting } from './ledger.ts';

type Line = { kind: ProductKind; net: number };
type Adjustments = readonly Pick<Adjustment, 'kind' | 'net'>[];

/**
 * An invoice in the books: receivables against sales, charges and output tax. Minor units.
 * The posting to receivables is there even when it is zero, so that every invoice is in the books.
 */
export function invoicePostings(
  totals: Totals,
  lines: readonly Line[],
  adjustments: Adjustments = [],
): Posting[] {
  const { goods, charges } = netByKind(lines, adjustments);
  return [
    { account: 'receivables', amount: totals.gross },
    ...posting('sales', -goods),
    ...posting('charges', -charges),
    ...posting('output_tax', -totals.tax),
  ];
}

/** A credit note in the books: returns, charges and tax given back, receivables reduced. Minor units. */
export function creditNotePostings(
  totals: Totals,
  lines: readonly Line[],
  adjustments: Adjustments = [],
): Posting[] {
  const { goods, charges } = netByKind(lines, adjustments);
  return [
    ...posting('sales_returns', goods),
    ...posting('charges', charges),
    ...posting('output_tax', totals.tax),
    { account: 'receivables', amount: minus(totals.gross) },
  ];
}

/** Money received in the books: where it came in, against receivables, allocated or not. Minor units. */
export function paymentPostings(method: PaymentMethod, amount: number): Posting[] {
  return [
    { account: moneyAccount[method], amount },
    { account: 'receivables', amount: minus(amount) },
  ];
}

/**
 * A discount for paying early in the books: less was earned, less tax is owed, and it is not to be paid any more.
 * @param tax how much of `amount` is tax
 */
export function discountPostings(amount: number, tax: number): Posting[] {
  return [
    ...posting('discounts_allowed', amount - tax),
    ...posting('output_tax', tax),
    ...posting('receivables', -amount),
  ];
}

/** Where money of each kind lies until it is on the bank statement. */
const moneyAccount = {
  bank_transfer: 'bank',
  cash: 'cash',
  card: 'clearing',
} as const satisfies Record<PaymentMethod, AccountRole>;

/** A discount of the whole document reduces sales, a charge or freight is one. */
function netByKind(lines: readonly Line[], adjustments: Adjustments): { goods: number; charges: number } {
  const net = { goods: 0, charges: 0 };
  for (const line of lines) net[line.kind === 'goods' ? 'goods' : 'charges'] += line.net;
  for (const { kind, net: amount } of adjustments) {
    if (kind === 'discount') net.goods -= amount;
    else net.charges += amount;
  }
  return net;
}

function posting(account: AccountRole, amount: number): Posting[] {
  return amount === 0 ? [] : [{ account, amount }];
}

/** The negative of an amount, where that of 0 is 0 and not −0. */
function minus(amount: number): number {
  return amount === 0 ? 0 : -amount;
}
