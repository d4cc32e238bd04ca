import type { TakenBack } from '../invoice/credit-item.ts';
import type { Difference, PaymentMethod } from '../payment/payment.ts';
import type { ProductKind } from '../product/product.ts';
import type { AccountRole } from './chart.ts';
import type { Posting } from './ledger.ts';

type Line = {
  readonly kind: ProductKind;
  readonly quantity: number;
  readonly net: number;
  /** What a unit cost us. On a credit note only where the goods are back on the shelf. */
  readonly unitCost?: number | undefined;
};

/** As far as the books care for a document. Minor units. */
type Document = {
  readonly totals: { readonly net: number; readonly tax: number; readonly gross: number };
  readonly adjustments?:
    | readonly { readonly kind: 'discount' | 'charge' | 'freight'; readonly net: number }[]
    | undefined;
  /** Deposits invoiced before, which this document takes off again. */
  readonly deductions?: readonly { readonly net: number }[] | undefined;
};

/**
 * An invoice in the books: receivables against sales, charges and output tax. Deposits it takes off were tax and
 * liability when they were invoiced, so their net leaves the liability and becomes sales. Goods whose cost is known
 * leave the inventory at that cost. Minor units.
 * The posting to receivables is there even when it is zero, so that every invoice is in the books.
 */
export function invoicePostings(document: Document, lines: readonly Line[]): Posting[] {
  const { goods, charges } = revenueOf(document, lines);
  const cost = costOf(lines);
  return [
    { account: 'receivables', amount: document.totals.gross },
    ...posting('deposits', sumOf(document.deductions ?? [])),
    ...posting('sales', -goods),
    ...posting('charges', -charges),
    ...posting('output_tax', -document.totals.tax),
    ...posting('cost_of_goods', cost),
    ...posting('inventory', -cost),
  ];
}

/** An invoice for a deposit: owed and taxed at once, but nothing is sold yet. Minor units. */
export function depositInvoicePostings({ totals }: Pick<Document, 'totals'>): Posting[] {
  return [
    { account: 'receivables', amount: totals.gross },
    ...posting('deposits', -totals.net),
    ...posting('output_tax', -totals.tax),
  ];
}

/**
 * A credit note in the books: returns, charges and tax given back; receivables reduced by what of it was set against
 * invoices at once, the rest kept for the customer. Goods back on the shelf return at their cost. Minor units.
 * @param ofDeposit what is credited is an invoice for a deposit: the liability is given back, not a sale
 */
export function creditNotePostings(
  document: Document,
  lines: readonly Line[],
  { applied, ofDeposit = false }: { applied: number; ofDeposit?: boolean },
): Posting[] {
  const { totals, deductions = [] } = document;
  const { goods, charges } = ofDeposit ? { goods: 0, charges: 0 } : revenueOf(document, lines);
  const cost = costOf(lines);
  return [
    ...posting('deposits', ofDeposit ? totals.net : -sumOf(deductions)),
    ...posting('sales_returns', goods),
    ...posting('charges', charges),
    ...posting('output_tax', totals.tax),
    { account: 'receivables', amount: minus(applied) },
    ...posting('unapplied', applied - totals.gross),
    ...posting('inventory', cost),
    ...posting('cost_of_goods', -cost),
  ];
}

/**
 * Money received in the books: where it came in, less what the bank or processor kept for itself; against receivables
 * as far as it is allocated, the rest is kept for the customer. Minor units.
 */
export function paymentPostings(payment: {
  readonly method: PaymentMethod;
  readonly amount: number;
  readonly allocated: number;
  readonly fee?: number | undefined;
}): Posting[] {
  const { method, amount, allocated, fee = 0 } = payment;
  return [
    { account: moneyAccount[method], amount: amount - fee },
    ...posting('payment_fees', fee),
    ...posting('receivables', -allocated),
    ...posting('unapplied', allocated - amount),
  ];
}

/**
 * A discount for paying early in the books: less was earned, less tax is owed, and it is not to be paid any more.
 * @param amount all that was taken off, minor units
 * @param tax how much of `amount` is tax
 */
export function discountPostings(amount: number, tax: number): Posting[] {
  return [
    ...posting('discounts_allowed', amount - tax),
    ...posting('output_tax', tax),
    ...posting('receivables', -amount),
  ];
}

/**
 * What payers left out and nobody asks for, in the books: an expense of its kind, and not to be paid any more. Minor
 * units, tax included: the invoice stays as it was, so its tax is owed.
 */
export function differencePostings(differences: readonly Difference[]): Posting[] {
  return differences.flatMap(({ amount, account }) => [
    { account, amount },
    { account: 'receivables', amount: minus(amount) },
  ]);
}

/**
 * What a credit note takes back of its invoice in the books: a discount is not allowed any more, so its tax is owed; a
 * claim written off is there again. Both are receivables that the credit settles. Minor units, tax included.
 */
export function takenBackPostings({ discountTakenBack, writeOffTakenBack = 0 }: TakenBack): Posting[] {
  const { amount, tax } = discountTakenBack ?? { amount: 0, tax: 0 };
  return [
    ...(amount > 0 ? discountPostings(-amount, minus(tax)) : []),
    ...(writeOffTakenBack > 0 ? writeOffPostings(-writeOffTakenBack) : []),
  ];
}

/**
 * Money that had come in and is gone again: the payment's own postings turned around, as far as they go. Minor units.
 * @param reversed `unapplied` and `allocated` of it, which add up to what is gone; the bank keeps `fee` for the return,
 * and gives back `feeBack` of what it had kept of the payment
 */
export function reversalPostings(reversed: {
  readonly method: PaymentMethod;
  readonly unapplied: number;
  readonly allocated: number;
  readonly fee: number;
  readonly feeBack: number;
}): Posting[] {
  const { method, unapplied, allocated, fee, feeBack } = reversed;
  return [
    ...posting('receivables', allocated),
    ...posting('unapplied', unapplied),
    ...posting('payment_fees', fee - feeBack),
    { account: moneyAccount[method], amount: feeBack - fee - unapplied - allocated },
  ];
}

/**
 * What was kept for the customer, once it is set against invoices. Minor units.
 * @param amount negative where it is taken off them again
 */
export function allocationPostings(amount: number): Posting[] {
  return [...posting('unapplied', amount), ...posting('receivables', minus(amount))];
}

/** Money given back out of what was kept for the customer, the way it came. Minor units. */
export function refundPostings(method: PaymentMethod, amount: number): Posting[] {
  return [
    { account: 'unapplied', amount },
    { account: moneyAccount[method], amount: minus(amount) },
  ];
}

/** What a provider keeps of the money that it holds for us, below zero where it gives that back. Minor units. */
export function feePostings(method: PaymentMethod, amount: number): Posting[] {
  return [
    { account: 'payment_fees', amount },
    { account: moneyAccount[method], amount: minus(amount) },
  ];
}

/** A refund that did not get there: kept for the customer again; of what came back the bank kept `fee`. Minor units. */
export function refundUndonePostings(method: PaymentMethod, amount: number, fee: number): Posting[] {
  return [
    { account: 'unapplied', amount: minus(amount) },
    ...posting('payment_fees', fee),
    { account: moneyAccount[method], amount: amount - fee },
  ];
}

/** Money on a bank statement that no customer paid, and where it belongs. Minor units, negative where it went out. */
export function bankPostings(account: AccountRole, amount: number): Posting[] {
  return [
    { account: 'bank', amount },
    { account, amount: minus(amount) },
  ];
}

/** A claim that nobody will pay. Minor units, tax included: relief for it is claimed in the tax return. */
export function writeOffPostings(amount: number): Posting[] {
  return [
    { account: 'bad_debts', amount },
    { account: 'receivables', amount: minus(amount) },
  ];
}

/**
 * Where money of each kind lies until it is on the bank statement: a cheque is deposited and a debit credited later, as a
 * bank line that clears what lies there.
 */
export const moneyAccount = {
  bank_transfer: 'bank',
  cash: 'cash',
  card: 'clearing',
  cheque: 'clearing',
  sepa_debit: 'clearing',
  ach_debit: 'clearing',
} as const satisfies Record<PaymentMethod, AccountRole>;

/** What a document sells before deductions: discounts on the whole of it lower sales, charges and freight are their own. */
function revenueOf({ adjustments = [] }: Document, lines: readonly Line[]) {
  const ofKind = (kind: ProductKind) => sumOf(lines.filter((line) => line.kind === kind));
  const discounts = sumOf(adjustments.filter(({ kind }) => kind === 'discount'));
  const extras = sumOf(adjustments.filter(({ kind }) => kind !== 'discount'));
  return { goods: ofKind('goods') - discounts, charges: ofKind('charge') + extras };
}

function costOf(lines: readonly Line[]): number {
  return lines.reduce(
    (sum, { kind, quantity, unitCost = 0 }) => (kind === 'goods' ? sum + unitCost * quantity : sum),
    0,
  );
}

function sumOf(parts: readonly { readonly net: number }[]): number {
  return parts.reduce((sum, { net }) => sum + net, 0);
}

function posting(account: AccountRole, amount: number): Posting[] {
  return amount === 0 ? [] : [{ account, amount }];
}

/** The negative of an amount, where that of 0 is 0 and not −0. */
function minus(amount: number): number {
  return amount === 0 ? 0 : -amount;
}
