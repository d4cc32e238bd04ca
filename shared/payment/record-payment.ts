import type { OpenItem } from '../invoice/invoice.ts';
import { reduceBalance } from '../invoice/open-item.ts';
import { DomainError, type ErrorCode, type FieldIssue } from '../kernel/errors.ts';
import type { CustomerId, PaymentId } from '../kernel/ids.ts';
import { type Currency, formatMoney } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { Allocation, Payment, PaymentMethod } from './payment.ts';

/** Money that came in. `amount` in minor units; what is not allocated stays on the customer's account. */
export type IncomingPayment = {
  readonly customerId: CustomerId;
  readonly method: PaymentMethod;
  readonly currency: Currency;
  readonly amount: number;
  /** Each invoice once. */
  readonly allocations: readonly Allocation[];
  /** The day the money came in; today where nobody says otherwise. */
  readonly receivedOn?: CalendarDate | undefined;
  /** Where there is none, the payment is known by its id. */
  readonly reference?: string | undefined;
};

/** Who records what, when; `today` is the company's day at `at`. */
export type Recording = {
  readonly paymentId: PaymentId;
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly by: string;
};

export type RecordedPayment = {
  readonly payment: Payment;
  /** The day it is booked on: the day it was recorded, so that the books of a day once reported stay as they are. */
  readonly bookedOn: CalendarDate;
  readonly settled: readonly { readonly before: OpenItem; readonly after: OpenItem }[];
};

/**
 * A payment and what becomes of the invoices it settles.
 * @param account of the customer who paid
 * @param items what is owed on the invoices of the allocations, in any order
 * @throws DomainError `currency_mismatch`, `validation_failed` (received in the future), `allocation_exceeds_payment`,
 * `invoice_not_found`, `allocation_wrong_customer`, `invoice_not_open`, `allocation_exceeds_balance`: each with the
 * fields at fault
 */
export function recordPayment(
  incoming: IncomingPayment,
  account: { readonly currency: Currency },
  items: readonly OpenItem[],
  { paymentId, at, today, by }: Recording,
): RecordedPayment {
  const { customerId, method, currency, amount, receivedOn = today, reference = paymentId } = incoming;
  checkHead(incoming, account.currency, receivedOn, today);
  checkAllocations(incoming, items);

  const allocations = [...incoming.allocations];
  const unapplied = amount - sumOf(allocations);
  const settled = allocations.flatMap(({ invoiceId, amount: applied }) => {
    const before = items.find((item) => item.invoiceId === invoiceId);
    return before ? [{ before, after: reduceBalance(before, applied, at) }] : [];
  });
  const payment: Payment = {
    paymentId,
    customerId,
    method,
    currency,
    amount,
    unapplied,
    allocations,
    reference,
    receivedOn,
    recordedAt: at,
    recordedBy: by,
    version: 1,
  };
  return { payment, bookedOn: today, settled };
}

/**
 * What of `amount` goes to `item`: as much as is owed. The provider has the money whatever became of the invoice
 * meanwhile, so the rest stays on the account.
 */
export function allocateTo(item: OpenItem, amount: number): Allocation[] {
  const applied = Math.min(amount, item.balance);
  return applied > 0 ? [{ invoiceId: item.invoiceId, amount: applied }] : [];
}

function checkHead(
  incoming: IncomingPayment,
  accountCurrency: Currency,
  receivedOn: CalendarDate,
  today: CalendarDate,
): void {
  const { currency, amount, allocations } = incoming;
  if (currency !== accountCurrency) {
    throw new DomainError(
      'currency_mismatch',
      `The customer's account is kept in ${accountCurrency}. Record the payment in that.`,
      {
        issues: [{ path: 'currency', message: `must be ${accountCurrency}` }],
      },
    );
  }
  if (receivedOn > today) {
    throw new DomainError(
      'validation_failed',
      `Today is ${today}. Record money on the day it has come in, or later.`,
      {
        issues: [{ path: 'receivedOn', message: `must not be after ${today}` }],
      },
    );
  }
  const allocated = sumOf(allocations);
  if (allocated > amount) {
    throw new DomainError(
      'allocation_exceeds_payment',
      `The allocations add up to ${formatMoney(allocated, currency)}, the payment is ${formatMoney(amount, currency)}.`,
      { issues: [{ path: 'allocations', message: `must add up to ${amount} at most` }] },
    );
  }
}

type Fault = FieldIssue & { readonly code: ErrorCode };

const advice: Partial<Record<ErrorCode, string>> = {
  invoice_not_found: 'An allocation names an invoice that does not exist. Check its id.',
  allocation_wrong_customer:
    'An allocation names an invoice of another customer. Allocate to invoices of the payer only.',
  currency_mismatch: 'An allocation names an invoice in another currency.',
  invoice_not_open:
    'An allocation names an invoice on which nothing is owed. Leave it out: the money stays on the account.',
  allocation_exceeds_balance:
    'An allocation is larger than what is owed. Allocate the balance: the rest stays on the account.',
};

/** All faults of the first kind found are told at once. */
function checkAllocations(incoming: IncomingPayment, items: readonly OpenItem[]): void {
  const faults = incoming.allocations.flatMap((allocation, index) => {
    const item = items.find(({ invoiceId }) => invoiceId === allocation.invoiceId);
    const fault = faultOf(allocation, item, incoming);
    return fault ? [{ ...fault, path: `allocations.${index}.${fault.path}` }] : [];
  });
  const [first] = faults;
  if (!first) return;
  const issues = faults
    .filter(({ code }) => code === first.code)
    .map(({ path, message }) => ({ path, message }));
  throw new DomainError(first.code, advice[first.code] ?? first.message, { issues });
}

function faultOf(
  allocation: Allocation,
  item: OpenItem | undefined,
  incoming: IncomingPayment,
): Fault | undefined {
  if (!item) return { code: 'invoice_not_found', path: 'invoiceId', message: 'is not known' };
  if (item.customerId !== incoming.customerId) {
    return {
      code: 'allocation_wrong_customer',
      path: 'invoiceId',
      message: `is not an invoice of ${incoming.customerId}`,
    };
  }
  if (item.currency !== incoming.currency) {
    return { code: 'currency_mismatch', path: 'invoiceId', message: `${item.number} is in ${item.currency}` };
  }
  if (item.status === 'paid')
    return { code: 'invoice_not_open', path: 'invoiceId', message: `${item.number} is paid` };
  if (allocation.amount > item.balance) {
    return {
      code: 'allocation_exceeds_balance',
      path: 'amount',
      message: `must be at most ${item.balance}, owed on ${item.number}`,
    };
  }
  return undefined;
}

function sumOf(allocations: readonly Allocation[]): number {
  return allocations.reduce((sum, { amount }) => sum + amount, 0);
}
