import { createHash } from 'node:crypto';
import { generate } from 'node-iso11649';
import { payableOn } from '../invoice/instalments.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import type { AdviceId, InvoiceId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { checkoutKey } from '../payment/checkout-key.ts';
import type { AdvisedInvoice } from '../remittance/remittance-advice.ts';

/** A payment settles no more invoices in its one transaction. */
export const MAX_CHOSEN = 40;

/** An invoice a payer may choose: `amount` is what is asked for now, `discount` taken off it already. Minor units. */
export type Payable = { readonly item: OpenItem; readonly amount: number; readonly discount: number };

/** What a payer chose to pay. Minor units of `currency`. */
export type Choice = {
  readonly currency: Currency;
  readonly total: number;
  readonly invoices: readonly [AdvisedInvoice, ...AdvisedInvoice[]];
  /** The same for the same choice while nothing changes of what is owed: one payment, however often it is sent. */
  readonly key: string;
};

/** What can be paid of `items` on `today`, what is due first first. */
export function payablesOf(items: readonly OpenItem[], today: CalendarDate): Payable[] {
  return items
    .filter(({ balance }) => balance > 0)
    .map((item) => ({ item, ...payableOn(item, today) }))
    .toSorted((one, other) => orderOf(one) - orderOf(other) || compare(one.item.number, other.item.number));
}

/**
 * What the payer chose: each invoice with what is asked for now, whatever an older page said. Invoices that are not the
 * customer's, or settled meanwhile, are passed over.
 * @returns undefined where nothing is left
 */
export function choosePayment(
  payables: readonly Payable[],
  chosen: readonly InvoiceId[],
): Choice | undefined {
  const picked = payables.filter(({ item }) => chosen.includes(item.invoiceId));
  const [first, ...more] = picked;
  if (!first) return undefined;
  const keys = picked.map(({ item, amount }) => checkoutKey(item, amount));
  return {
    currency: first.item.currency,
    total: picked.reduce((sum, { amount }) => sum + amount, 0),
    invoices: [advisedOf(first), ...more.map(advisedOf)],
    key: more.length === 0 ? checkoutKey(first.item, first.amount) : `choice.${hashOf(keys.join(' '))}`,
  };
}

/**
 * The reference (ISO 11649) that a transfer of a choice bears: `RF`, two check digits, sixteen digits of the advice's
 * SHA-256 and a `P`. Invoices' own references end in a digit or an `H`, so the two never meet; digits alone are typed and
 * read with fewest mistakes.
 */
export function choiceReference(adviceId: AdviceId): string {
  const hash = BigInt(`0x${createHash('sha256').update(adviceId).digest('hex')}`);
  return generate({ reference: `${hash.toString().padStart(16, '0').slice(-16)}P` });
}

function advisedOf({ item: { invoiceId, number }, amount, discount }: Payable): AdvisedInvoice {
  return { invoiceId, number, amount, ...(discount > 0 && { discount }) };
}

const orderOf = ({ item }: Payable) => Date.parse(item.dueOn);

const compare = (one: string, other: string) => (one < other ? -1 : 1);

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
