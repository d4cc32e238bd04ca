import type { Account } from '../customer/customer.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { dispute } from '../invoice/open-item.ts';
import { type CustomerId, derivedId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { paidOn } from '../matching/fit-amount.ts';
import type { Allocation } from '../payment/payment.ts';
import { type RecordedPayment, recordPayment } from '../payment/record-payment.ts';
import { type BankLine, type LineMatch, lineName } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';

/** The line that money is recorded from, at the version that it will have then. */
export type RecordedLine = Pick<BankLine, 'bankStatementId' | 'entry' | 'version'>;

/** Whether a person decided about it: the import stores a line's first version. */
export const isDecided = ({ version }: Pick<RecordedLine, 'version'>): boolean => version > 1;

/** What of a line is one customer's money. Minor units; the bank or processor kept `fee` of `amount`. */
export type LineMoney = {
  readonly customerId: CustomerId;
  readonly amount: number;
  readonly allocations: readonly Allocation[];
  readonly fee?: number | undefined;
  /** What the payer says against an invoice that it does not pay in full. */
  readonly dispute?: LineMatch['dispute'];
};

/** Who works a line and when; `today` is the company's day at `at`. */
export type Working = { readonly at: Instant; readonly today: CalendarDate; readonly actor: string };

/** A payment recorded from a line, and the invoices that its payer disputes with it. */
export type LinePayment = {
  readonly recorded: RecordedPayment;
  readonly disputed: readonly { readonly item: OpenItem; readonly reason: string }[];
};

/**
 * The payment that a line, or a part of it, tells of. It counts as received when it was at the bank, on its value date
 * or booking date, whichever was first. What is not paid of an invoice that the payer disputes is disputed with it.
 * @param part 1 for the first customer of the line
 * @throws DomainError as {@link recordPayment} does
 */
export function recordLine(
  line: RecordedLine,
  money: LineMoney,
  known: { readonly account: Pick<Account, 'currency'>; readonly items: readonly OpenItem[] },
  { at, today, actor, part = 1 }: Working & { readonly part?: number },
): LinePayment {
  const { bankStatementId, entry, version } = line;
  const { dispute: disputed, ...paid } = money;
  const reference = { bankStatementId, line: entry.line };
  const recorded = recordPayment(
    {
      ...paid,
      method: 'bank_transfer',
      currency: entry.currency,
      receivedOn: earliest(paidOn(entry), entry.bookedOn, today),
      reference: referenceOf(entry),
      bankLine: reference,
    },
    known.account,
    known.items,
    {
      paymentId: derivedId('pay', entry.bookedOn, `${lineName(reference)} ${version} ${part}`),
      at,
      today,
      by: actor,
    },
  );
  return disputed
    ? withDispute(recorded, disputed, { reason: entry.text, at, actor })
    : { recorded, disputed: [] };
}

function withDispute(
  recorded: RecordedPayment,
  { invoiceId, reasonCode }: NonNullable<LineMoney['dispute']>,
  { reason: text, at, actor }: { reason: string; at: Instant; actor: string },
): LinePayment {
  const reason = `${reasonCode}: ${text}`.slice(0, 500);
  const disputed: { item: OpenItem; reason: string }[] = [];
  const settled = recorded.settled.map(({ before, after }) => {
    if (after.invoiceId !== invoiceId || after.status !== 'open') return { before, after };
    const item = dispute(after, { reason, by: actor, at });
    disputed.push({ item, reason });
    return { before, after: item };
  });
  return { recorded: { ...recorded, settled }, disputed };
}

/** What to find a line by: the payer's own reference, else the bank's. Undefined where it has none. */
export function referenceOf({
  endToEndId,
  creditorReference,
  bankReference,
}: StatementEntry): string | undefined {
  const own = endToEndId === 'NOTPROVIDED' ? undefined : endToEndId;
  return (own ?? creditorReference ?? bankReference)?.slice(0, 140);
}

const earliest = (...dates: readonly CalendarDate[]): CalendarDate | undefined => dates.toSorted()[0];
