import type { BankLineReference } from '../bank/bank-line.ts';
import { discountOn } from '../invoice/instalments.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { payWithDiscount, taxOfDiscount } from '../invoice/open-item.ts';
import { DomainError, type ErrorCode, type FieldIssue } from '../kernel/errors.ts';
import type { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { type Currency, formatMoney } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import {
  type Allocation,
  type AppliedAllocation,
  allocatedBy,
  type Payment,
  type PaymentMethod,
  settledBy,
} from './payment.ts';

/** Money that came in. `amount` in minor units; what is not allocated stays on the customer's account. */
export type IncomingPayment = {
  readonly customerId: CustomerId;
  readonly method: PaymentMethod;
  readonly currency: Currency;
  readonly amount: number;
  /** Each invoice once. */
  readonly allocations: readonly Allocation[];
  /** What the bank or processor kept for itself of `amount`. */
  readonly fee?: number | undefined;
  /** The day the money came in; today where nobody says otherwise. */
  readonly receivedOn?: CalendarDate | undefined;
  /** Where there is none, the payment is known by its id. */
  readonly reference?: string | undefined;
  /** The provider that collected it; `reference` then is its own id of the payment. */
  readonly provider?: string | undefined;
  /** The line of a bank statement that tells of it. */
  readonly bankLine?: BankLineReference | undefined;
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
  /** All that was taken off for paying early, and how much of that is tax. Minor units. */
  readonly discount: { readonly amount: number; readonly tax: number };
};

/**
 * A payment and what becomes of the invoices it settles. Where exactly what is owed less the discount came in while that
 * lasted, the discount is taken, and the invoice paid.
 * @param account of the customer who paid
 * @param items what is owed on the invoices of the allocations, in any order
 * @throws DomainError `currency_mismatch`, `validation_failed` (received in the future, or a fee above the amount),
 * `allocation_exceeds_payment`, `invoice_not_found`, `allocation_wrong_customer`, `invoice_not_open`,
 * `allocation_exceeds_balance`, `discount_not_offered`: each with the fields at fault
 */
export function recordPayment(
  incoming: IncomingPayment,
  account: { readonly currency: Currency },
  items: readonly OpenItem[],
  { paymentId, at, today, by }: Recording,
): RecordedPayment {
  const { customerId, method, currency, amount, receivedOn = today, reference = paymentId } = incoming;
  checkHead(incoming, account.currency, receivedOn, today);
  const allocations = incoming.allocations.map((allocation) => withDiscount(allocation, items, receivedOn));
  checkAllocations({ ...incoming, allocations, receivedOn }, items);

  const unapplied = amount - allocatedBy(allocations);
  const { applied, settled, discount } = settle(allocations, items, at);
  const payment: Payment = {
    paymentId,
    customerId,
    method,
    currency,
    amount,
    ...(incoming.fee !== undefined && { fee: incoming.fee }),
    unapplied,
    allocations: applied,
    reference,
    ...(incoming.provider !== undefined && { provider: incoming.provider }),
    receivedOn,
    ...(incoming.bankLine && { bankLine: incoming.bankLine }),
    recordedAt: at,
    recordedBy: by,
    version: 1,
  };
  return { payment, bookedOn: today, settled, discount };
}

/** What `allocations` make of the open items they name. */
export type Settling = {
  readonly applied: AppliedAllocation[];
  readonly settled: readonly { readonly before: OpenItem; readonly after: OpenItem }[];
  /** All that was taken off for paying early, and how much of that is tax. Minor units. */
  readonly discount: { readonly amount: number; readonly tax: number };
};

/** Sets `allocations`, each invoice once and checked before, against what is owed. */
export function settle(
  allocations: readonly Allocation[],
  items: readonly OpenItem[],
  at: Instant,
): Settling {
  const taken = { amount: 0, tax: 0 };
  const applied: AppliedAllocation[] = [];
  const settled = allocations.flatMap((allocation) => {
    const { invoiceId, amount, discount = 0, difference } = allocation;
    const before = items.find((item) => item.invoiceId === invoiceId);
    if (!before) return [];
    const tax = taxOfDiscount(before, discount);
    taken.amount += discount;
    taken.tax += tax;
    const { until } = before.discount ?? {};
    applied.push({ ...allocation, ...(discount > 0 && until && { offer: { until, tax } }) });
    return [
      { before, after: payWithDiscount(before, { amount, discount, difference: difference?.amount }, at) },
    ];
  });
  return { applied, settled, discount: taken };
}

/**
 * What of `amount` goes to `item`: as much as is owed. The provider has the money whatever became of the invoice
 * meanwhile, so the rest stays on the account.
 */
export function allocateTo(item: OpenItem, amount: number): Allocation[] {
  const applied = Math.min(amount, item.balance);
  return applied > 0 ? [{ invoiceId: item.invoiceId, amount: applied }] : [];
}

/**
 * What of `amount` goes to each invoice, as the payer chose and in that order: never more than is owed on it, or left.
 * @param shares what the payer meant for each, minor units
 */
export function allocateShares(
  items: readonly OpenItem[],
  shares: readonly { readonly invoiceId: InvoiceId; readonly amount: number }[],
  amount: number,
): Allocation[] {
  let left = amount;
  return shares.flatMap((share) => {
    const item = items.find(({ invoiceId }) => invoiceId === share.invoiceId);
    const allocations = item ? allocateTo(item, Math.min(share.amount, left)) : [];
    for (const { amount: applied } of allocations) left -= applied;
    return allocations;
  });
}

/** A customer that pays what is owed less the discount, on time, means to take it. */
export function withDiscount(
  allocation: Allocation,
  items: readonly OpenItem[],
  receivedOn: CalendarDate,
): Allocation {
  const item = items.find(({ invoiceId }) => invoiceId === allocation.invoiceId);
  if (!item || allocation.discount !== undefined || allocation.difference) return allocation;
  const discount = discountOn(item, receivedOn);
  return discount > 0 && allocation.amount + discount === item.balance
    ? { ...allocation, discount }
    : allocation;
}

function checkHead(
  incoming: IncomingPayment,
  accountCurrency: Currency,
  receivedOn: CalendarDate,
  today: CalendarDate,
): void {
  const { currency, amount, allocations, fee = 0 } = incoming;
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
  if (fee > amount) {
    throw new DomainError('validation_failed', 'The fee is larger than the payment it was kept of.', {
      issues: [{ path: 'fee', message: `must be at most ${amount}` }],
    });
  }
  const allocated = allocatedBy(allocations);
  if (allocated > amount) {
    throw new DomainError(
      'allocation_exceeds_payment',
      `The allocations add up to ${formatMoney(allocated, currency)}, the payment is ${formatMoney(amount, currency)}.`,
      { issues: [{ path: 'allocations', message: `must add up to ${amount} at most` }] },
    );
  }
}

type Received = Pick<IncomingPayment, 'customerId' | 'currency' | 'allocations'> & {
  readonly receivedOn: CalendarDate;
};

type Fault = FieldIssue & { readonly code: ErrorCode };

const advice: Partial<Record<ErrorCode, string>> = {
  validation_failed: 'A difference is let go only with all that is left of its invoice.',
  invoice_not_found: 'An allocation names an invoice that does not exist. Check its id.',
  allocation_wrong_customer:
    'An allocation names an invoice of another customer. Allocate to invoices of the payer only.',
  currency_mismatch: 'An allocation names an invoice in another currency.',
  invoice_not_open:
    'An allocation names an invoice on which nothing is owed. Leave it out: the money stays on the account.',
  allocation_exceeds_balance:
    'An allocation is larger than what is owed. Allocate the balance: the rest stays on the account.',
  discount_not_offered:
    'A discount is larger than what the invoice offers for paying early, or was taken too late. Leave it out, or say in `discountReason` why it is granted late.',
};

/** All faults of the first kind found are told at once. */
export function checkAllocations(incoming: Received, items: readonly OpenItem[]): void {
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

function faultOf(allocation: Allocation, item: OpenItem | undefined, incoming: Received): Fault | undefined {
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
  if (item.balance === 0) {
    const message = `${item.number} is ${item.status === 'paid' ? 'paid' : 'written off'}`;
    return { code: 'invoice_not_open', path: 'invoiceId', message };
  }
  if (settledBy(allocation) > item.balance) {
    return {
      code: 'allocation_exceeds_balance',
      path: 'amount',
      message: `must be at most ${item.balance}, owed on ${item.number}${allocation.discount ? ', with its discount' : ''}`,
    };
  }
  return discountFault(allocation, item, incoming.receivedOn) ?? differenceFault(allocation, item);
}

/** A difference is let go to be done with the invoice: with part of it still owed, it is no difference. */
function differenceFault(allocation: Allocation, { balance, number }: OpenItem): Fault | undefined {
  const { difference } = allocation;
  if (!difference) return undefined;
  const short = balance - settledBy(allocation);
  return short > 0
    ? {
        code: 'validation_failed',
        path: 'difference',
        message: `must be ${difference.amount + short}, so that nothing is owed on ${number}`,
      }
    : undefined;
}

function discountFault(
  { discount, discountReason }: Allocation,
  { number, discount: offered }: OpenItem,
  receivedOn: CalendarDate,
): Fault | undefined {
  if (discount === undefined) return undefined;
  const code = 'discount_not_offered';
  if (!offered) return { code, path: 'discount', message: `${number} offers none` };
  if (discount > offered.amount) {
    return { code, path: 'discount', message: `must be at most ${offered.amount}, offered on ${number}` };
  }
  return receivedOn > offered.until && discountReason === undefined
    ? { code, path: 'discountReason', message: `must be given: ${number} offered it until ${offered.until}` }
    : undefined;
}
