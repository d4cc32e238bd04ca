import { formatMoney } from '../kernel/money.ts';
import { allocatedBy, type Payment } from '../payment/payment.ts';
import type { StatementEntry } from './bank-statement.ts';

/** A payment that a line of money out says the bank took back. `fee` is what it charged for that, minor units. */
export type Returned = {
  readonly payment: Payment;
  readonly fee: number;
  /** Without a person's look the payment is reversed only where this holds. */
  readonly isCertain: boolean;
  readonly reasons: readonly string[];
};

/** What a bank charges for a return that it does not tell of at most, minor units: beyond it the amounts just differ. */
const MAX_FEE = 5_000;

/**
 * How banks mark a return where they give no reason: BAI2's deposited item returned (555) and ACH return (557), SWIFT's
 * returned item (RTI), and ISO 20022's sub-families for unpaid, returned and reversed direct debits and credit transfers.
 */
const RETURN_CODE = /(?:^|\/)(?:555|557|[A-Z]?RTI|UPDD|PRDD|RRTN|RPCR)$/;

/** Money that came by a bank's statement, or will; the card's provider tells of its own. */
const byBank: readonly Payment['method'][] = ['bank_transfer', 'cheque', 'sepa_debit', 'ach_debit'];

/** Whether the bank itself says that the line takes back a payment. */
export function isReturn({ amount, returnReason, code }: StatementEntry): boolean {
  return amount < 0 && (returnReason !== undefined || (code !== undefined && RETURN_CODE.test(code)));
}

/**
 * The payment that a line takes back, of those whose reference it names. Certain where the bank says that it is a return,
 * one payment alone bears the reference, nothing of that is given back or gone yet, and the amount is that of the payment,
 * plus what the line says was charged. Else the likeliest is suggested.
 * @param named payments that bear a reference of the line, in any order
 * @returns undefined where none of them can be meant
 */
export function decideReturn(entry: StatementEntry, named: readonly Payment[]): Returned | undefined {
  const out = -entry.amount;
  const possible = named.filter(
    (payment) =>
      payment.currency === entry.currency &&
      byBank.includes(payment.method) &&
      payment.unapplied + allocatedBy(payment.allocations) > 0,
  );
  const fits = possible.map((payment) => ({ payment, fee: feeOf(entry, payment) }));
  const ranked = fits.toSorted(
    (one, other) =>
      Number(other.fee !== undefined) - Number(one.fee !== undefined) ||
      (one.payment.recordedAt < other.payment.recordedAt ? 1 : -1),
  );
  const [best, ...others] = ranked;
  if (!best) return undefined;
  const { payment, fee } = best;
  const untouched = payment.reversed === undefined && payment.refunded === undefined && !payment.paidOut;
  const doubts = [
    ...(isReturn(entry) ? [] : ['the bank does not say that it is a return']),
    ...(others.length === 0 ? [] : [`${others.length + 1} payments bear this reference`]),
    ...(fee === undefined ? [`the payment is of ${formatMoney(payment.amount, payment.currency)}`] : []),
    ...(untouched ? [] : ['some of the payment was given back or is gone already']),
  ];
  const charged = fee ?? (out > payment.amount && out - payment.amount <= MAX_FEE ? out - payment.amount : 0);
  return {
    payment,
    fee: charged,
    isCertain: doubts.length === 0,
    reasons: [
      `the line bears the reference of payment ${payment.paymentId}`,
      ...(entry.returnReason === undefined ? [] : [`the bank returned it: ${entry.returnReason}`]),
      ...(fee === undefined ? [] : ['amount is that of the payment']),
      ...(charged > 0 ? [`the bank charged ${formatMoney(charged, entry.currency)}`] : []),
      ...doubts,
    ],
  };
}

/** What the line charges beyond the payment; undefined where it is of another amount. */
function feeOf({ amount, charges = 0 }: StatementEntry, payment: Payment): number | undefined {
  const beyond = -amount - payment.amount;
  return beyond === 0 || beyond === charges ? beyond : undefined;
}
