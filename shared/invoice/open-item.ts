import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import type { OpenItem } from './invoice.ts';

type Owed = Exclude<OpenItem, { status: 'paid' }>;

/**
 * The open item after `amount` of its balance was settled by a payment or a credit note. A disputed invoice may be
 * paid too, and stays disputed while something is left.
 * @param amount minor units, at least 1
 * @throws DomainError `invoice_not_open` when nothing is owed any more
 * @throws DomainError `allocation_exceeds_balance` when less is owed than `amount`
 */
export function reduceBalance(item: OpenItem, amount: number, at: Instant): OpenItem {
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new RangeError(`can't settle ${amount} of an invoice`);
  const owed = stillOwed(item);
  const balance = owed.balance - amount;
  if (balance < 0) {
    throw new DomainError(
      'allocation_exceeds_balance',
      `Invoice ${item.number} is owed ${owed.balance} (minor units of ${item.currency}), less than ${amount}.`,
    );
  }
  const version = item.version + 1;
  if (balance > 0) return { ...owed, balance, version };
  return { ...commonOf(owed), status: 'paid', balance: 0, paidAt: at, version };
}

/**
 * The open item once its customer disputes it: it leaves the reminders until the dispute is settled.
 * @throws DomainError `invoice_not_open` when it is paid or disputed already
 */
export function dispute(item: OpenItem, objection: { reason: string; by: string; at: Instant }): OpenItem {
  if (item.status !== 'open') {
    throw new DomainError(
      'invoice_not_open',
      `Invoice ${item.number} is ${item.status}; only an open one can be disputed.`,
    );
  }
  return {
    ...commonOf(item),
    status: 'disputed',
    balance: item.balance,
    dispute: objection,
    ...(item.paused && { paused: item.paused }),
    version: item.version + 1,
  };
}

/**
 * The open item once its dispute is settled: due again, next reminded at `nextActionAt`.
 * @throws DomainError `invoice_not_disputed`
 */
export function resolveDispute(item: OpenItem, nextActionAt: Instant): OpenItem {
  if (item.status !== 'disputed') {
    throw new DomainError(
      'invoice_not_disputed',
      `Invoice ${item.number} is ${item.status}; there is no dispute to settle.`,
    );
  }
  return {
    ...commonOf(item),
    status: 'open',
    balance: item.balance,
    ...(item.paused ? { paused: item.paused } : { nextActionAt }),
    version: item.version + 1,
  };
}

/**
 * The open item once it turned out that the customer never got the invoice: nobody is reminded of it.
 * @returns undefined when nothing changes: it is paid, or paused already
 */
export function pauseReminders(item: OpenItem): OpenItem | undefined {
  if (!isOwed(item) || item.paused) return undefined;
  const paused = { ...item, paused: 'undelivered', version: item.version + 1 } as const;
  if (paused.status !== 'open') return paused;
  const { nextActionAt: _planned, ...waiting } = paused;
  return waiting;
}

/**
 * The open item once the customer has the invoice: due again, next reminded at `nextActionAt`.
 * @returns undefined when it was not paused
 */
export function resumeReminders(item: OpenItem, nextActionAt: Instant): OpenItem | undefined {
  if (!isOwed(item) || !item.paused) return undefined;
  const { paused: _paused, ...resumed } = { ...item, version: item.version + 1 };
  return resumed.status === 'open' ? { ...resumed, nextActionAt } : resumed;
}

function isOwed(item: OpenItem): item is Owed {
  return item.status === 'open' || item.status === 'disputed';
}

function stillOwed(item: OpenItem): Owed {
  if (item.status === 'paid') {
    throw new DomainError('invoice_not_open', `Invoice ${item.number} is paid; nothing is owed on it.`);
  }
  return item;
}

/** What an open item is in every state. */
function commonOf({
  invoiceId,
  number,
  customerId,
  currency,
  issuedOn,
  dueOn,
  total,
  dunningStep,
}: OpenItem) {
  return { invoiceId, number, customerId, currency, issuedOn, dueOn, total, dunningStep };
}
