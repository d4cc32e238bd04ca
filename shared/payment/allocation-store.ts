import { changeAccount } from '../customer/customer-store.ts';
import { type Fact, type FactData } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { saveOpenItem } from '../invoice/invoice-store.ts';
import { newId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { EntryKind } from '../ledger/ledger.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { allocationPostings, differencePostings, discountPostings } from '../ledger/postings.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { AllocatedPayment, UnallocatedPayment } from './allocate-payment.ts';
import {
  type AppliedAllocation,
  allocatedBy,
  type Difference,
  differencesOf,
  type Payment,
  takenBack,
  toldOf,
} from './payment.ts';
import type { AllocationsView } from './payment-change-api.ts';
import { savePayment } from './payment-store.ts';

/** Who does it, when; `today` is the company's day at `at`. */
type Doing = { readonly by: string; readonly at: Instant; readonly today: CalendarDate };

/** The id of the fact that tells of the change that made `payment`, for the idempotency record. */
export function changeFactId({ paymentId, version }: Payment): string {
  return `${paymentId}.${versionSlot(version)}`;
}

/**
 * The writes of later allocations, for one transaction: the payment, the invoices, the books and the fact; the account
 * where a discount was taken. With 40 allocations they are 44.
 */
export function allocationActions(allocated: AllocatedPayment, doing: Doing): Action[] {
  const { before, payment, settled, discount, applied } = allocated;
  const { paymentId } = payment;
  return [
    ...changeActions(
      {
        before,
        payment,
        kind: 'allocation',
        amount: allocatedBy(applied),
        items: settled,
        discount,
        differences: differencesOf(applied),
      },
      doing,
    ),
    recordFact('payment.allocated', paymentId, versionSlot(payment.version), {
      at: doing.at,
      actor: doing.by,
      customerId: payment.customerId,
      data: dataOf(payment, applied),
    }),
  ];
}

/** The writes of allocations taken back, as {@link allocationActions}. */
export function unallocationActions(
  undone: UnallocatedPayment,
  doing: Doing & { readonly reason: string },
): Action[] {
  const { before, payment, reopened, discount, taken } = undone;
  const { paymentId } = payment;
  return [
    ...changeActions(
      {
        before,
        payment,
        kind: 'unallocation',
        amount: -allocatedBy(taken),
        items: reopened,
        discount: { amount: -discount.amount, tax: -discount.tax },
        differences: takenBack(taken),
      },
      doing,
    ),
    recordFact('payment.unallocated', paymentId, versionSlot(payment.version), {
      at: doing.at,
      actor: doing.by,
      customerId: payment.customerId,
      data: { ...dataOf(payment, taken), reason: doing.reason },
    }),
  ];
}

type Change = Pick<AllocatedPayment, 'before' | 'payment' | 'discount'> & {
  /** Let go with it, negative where they are asked for again. */
  readonly differences: readonly Difference[];
  readonly kind: EntryKind;
  /** Allocated, negative where it is taken back. Minor units. */
  readonly amount: number;
  readonly items: AllocatedPayment['settled'];
};

function changeActions(
  { before, payment, kind, amount, items, discount, differences }: Change,
  { at, today }: Doing,
): Action[] {
  const { paymentId, customerId, currency, reference } = payment;
  const owed = 0 - differences.reduce((sum, difference) => sum + difference.amount, discount.amount);
  return [
    savePayment(payment, before.version),
    ...items.map((item) => saveOpenItem(item.after, item.before.version)),
    ...(owed === 0 ? [] : [changeAccount(customerId, { exposure: owed, receivable: owed })]),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind,
      source: paymentId,
      reference,
      customerId,
      currency,
      postings: [
        ...allocationPostings(amount),
        ...discountPostings(discount.amount, discount.tax),
        ...differencePostings(differences),
      ],
    }),
  ];
}

function dataOf(
  { paymentId, currency, unapplied }: Payment,
  allocations: readonly AppliedAllocation[],
): FactData<'payment.allocated'> {
  return { paymentId, currency, allocations: allocations.map(toldOf), unapplied };
}

/** What the call that allocated answers. */
export function allocatedAnswer({ payment, applied }: AllocatedPayment, { by, at }: Doing): AllocationsView {
  return viewOf({ data: dataOf(payment, applied), at, actor: by });
}

/** What the call that took allocations back answers. */
export function unallocatedAnswer(
  { payment, taken }: UnallocatedPayment,
  { by, at, reason }: Doing & { readonly reason: string },
): AllocationsView {
  return viewOf({ data: { ...dataOf(payment, taken), reason }, at, actor: by });
}

/** What the call that allocated or took back answered, told from the fact it recorded. */
export async function loadAllocationsAnswer(table: Table, factId: string): Promise<AllocationsView> {
  return viewOf(await loadFact(table, ['payment.allocated', 'payment.unallocated'], factId));
}

type Told = Pick<Fact, 'at' | 'actor'> & {
  readonly data: FactData<'payment.allocated'> & { readonly reason?: string };
};

function viewOf({ data, at, actor }: Told): AllocationsView {
  const links = { payment: `/v1/payments/${data.paymentId}` };
  return { ...data, changedAt: at, changedBy: actor, links };
}
