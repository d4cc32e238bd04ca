import type { OpenItem } from '../invoice/invoice.ts';
import { addDays } from '../kernel/days.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import type { AdviceId, CustomerId, InvoiceId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { AdvisedInvoice, OpenAdvice, RemittanceAdvice } from './remittance-advice.ts';
import type { RemittancePolicy } from './remittance-policy.ts';

/** An invoice as the payer names it. Amounts in minor units. */
export type NamedInvoice = {
  readonly invoiceId?: InvoiceId | undefined;
  readonly number?: string | undefined;
  readonly amount: number;
  readonly discount?: number | undefined;
};

/** What a payer says it pays, before it was looked at. */
export type Announcement = {
  readonly customerId: CustomerId;
  readonly source: OpenAdvice['source'];
  readonly currency: Currency;
  readonly total: number;
  readonly invoices: readonly NamedInvoice[];
  readonly paymentReference?: string | undefined;
  readonly paidOn?: CalendarDate | undefined;
};

/** Who advises when; `today` is the company's day at `at`. */
export type Advising = {
  readonly adviceId: AdviceId;
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly by: string;
  readonly policy: RemittancePolicy;
};

/**
 * The advice of a payer, checked against what it owes. It is looked for until the policy's days are over, counted from
 * today or from the later day that the payer says it pays.
 * @param items what is owed on the invoices named, in any order
 * @param placeOf the path of the `index`-th invoice in the caller's input
 * @throws DomainError `currency_mismatch`; `remittance_invalid` with every row that is at fault. An invoice of someone
 * else is not known, as one that does not exist
 */
export function adviseRemittance(
  announced: Announcement,
  account: { readonly currency: Currency },
  items: readonly OpenItem[],
  { adviceId, at, today, by, policy }: Advising,
  placeOf: (index: number) => string = (index) => `invoices.${index}`,
): OpenAdvice {
  const { customerId, source, currency, total, paymentReference, paidOn } = announced;
  if (currency !== account.currency) {
    throw new DomainError(
      'currency_mismatch',
      `The account is kept in ${account.currency}. Pay it in that.`,
      {
        issues: [{ path: 'currency', message: `must be ${account.currency}` }],
      },
    );
  }
  const own = items.filter((item) => item.customerId === customerId);
  const seen = new Set<InvoiceId>();
  const issues: FieldIssue[] = [];
  const invoices = announced.invoices.flatMap((named, index): AdvisedInvoice[] => {
    const item = own.find(({ invoiceId, number }) =>
      named.invoiceId === undefined ? number === named.number : invoiceId === named.invoiceId,
    );
    const fault = faultOf(named, item, currency, seen);
    if (fault) issues.push({ ...fault, path: `${placeOf(index)}.${fault.path}` });
    if (!item) return [];
    seen.add(item.invoiceId);
    const { amount, discount } = named;
    return [
      { invoiceId: item.invoiceId, number: item.number, amount, ...(discount !== undefined && { discount }) },
    ];
  });
  const sum = announced.invoices.reduce((before, { amount }) => before + amount, 0);
  if (sum !== total) issues.push({ path: 'total', message: `must be ${sum}, the sum of the invoices` });
  if (issues.length > 0) {
    throw new DomainError(
      'remittance_invalid',
      'The advice does not fit what is owed; the issues name each row. Correct it and send it whole again.',
      { issues },
    );
  }
  const from = paidOn !== undefined && paidOn > today ? paidOn : today;
  return {
    adviceId,
    customerId,
    source,
    currency,
    total,
    invoices,
    ...(paymentReference !== undefined && { paymentReference }),
    ...(paidOn !== undefined && { paidOn }),
    expiresOn: addDays(from, policy.adviceDays),
    advisedAt: at,
    advisedBy: by,
    version: 1,
    status: 'open',
  };
}

/**
 * The advice, withdrawn: no payment is looked for any more.
 * @throws DomainError `remittance_not_open` when a payment followed it, or it was withdrawn before
 */
export function withdrawAdvice(
  advice: RemittanceAdvice,
  { at, by }: { at: Instant; by: string },
): Extract<RemittanceAdvice, { status: 'withdrawn' }> {
  if (advice.status !== 'open') {
    throw new DomainError(
      'remittance_not_open',
      advice.status === 'used'
        ? `Payment ${advice.paymentId} followed this advice. Undo what the payment settled instead.`
        : 'The advice was withdrawn before.',
    );
  }
  return { ...advice, status: 'withdrawn', withdrawnAt: at, withdrawnBy: by, version: advice.version + 1 };
}

function faultOf(
  { amount, discount = 0 }: NamedInvoice,
  item: OpenItem | undefined,
  currency: Currency,
  seen: ReadonlySet<InvoiceId>,
): FieldIssue | undefined {
  if (!item) return { path: 'number', message: 'is not an open invoice of this customer' };
  if (seen.has(item.invoiceId)) return { path: 'number', message: `names ${item.number} a second time` };
  if (item.currency !== currency) return { path: 'number', message: `${item.number} is in ${item.currency}` };
  if (item.balance === 0) return { path: 'number', message: `${item.number} is settled already` };
  const offered = item.discount?.amount ?? 0;
  if (discount > offered) {
    const message = offered > 0 ? `must be at most ${offered}` : `${item.number} offers none`;
    return { path: 'discount', message };
  }
  return amount + discount > item.balance
    ? { path: 'amount', message: `must be at most ${item.balance - discount}, owed on ${item.number}` }
    : undefined;
}
