import { changeAccount } from '../customer/customer-store.ts';
import type { Fact } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import { saveOpenItem } from '../invoice/invoice-store.ts';
import { type CustomerId, PaymentId, twinId } from '../kernel/ids.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { differencePostings, discountPostings, paymentPostings } from '../ledger/postings.ts';
import { compact } from '../matching/compact.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, queuePartition, references, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { differencesOf, discountsOf, Payment, toldOf } from './payment.ts';
import type { RecordedPayment } from './record-payment.ts';

export async function loadPayment(
  table: Table,
  paymentId: PaymentId,
  options: { consistent?: boolean } = {},
): Promise<Payment | undefined> {
  const item = await table.get(keys.payment(paymentId), options);
  return item && paymentOf(item);
}

/** Payments in any order, those that are there. Read consistently. */
export async function loadPayments(table: Table, paymentIds: readonly PaymentId[]): Promise<Payment[]> {
  return (await table.getMany(paymentIds.map(keys.payment), { consistent: true })).map(paymentOf);
}

/** The fact that tells of a payment as it came in. @throws RangeError when there is none */
export function loadReceived(table: Table, paymentId: PaymentId): Promise<Fact<'payment.received'>> {
  return loadFact(table, ['payment.received'], `${paymentId}.${versionSlot(1)}`);
}

/** A page of a customer's payments, newest first. @throws DomainError `cursor_invalid` */
export async function listPayments(table: Table, customerId: CustomerId, page: PageQuery) {
  const partition = owners.customer(customerId, 'payment');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const payments = (await table.getMany(items)).map(paymentOf);
  payments.sort((one, other) => compare(positionOf(other), positionOf(one)));
  return { payments, nextCursor };
}

/** All payments of a customer. The index may lag. */
export async function loadPaymentsOf(table: Table, customerId: CustomerId): Promise<Payment[]> {
  const partition = owners.customer(customerId, 'payment');
  return (await table.getMany(await queryAll(table, { index: 'byOwner', partition }))).map(paymentOf);
}

/**
 * The writes of a payment, for one transaction: itself, what it settles, the customer's account, the books and the
 * fact. With all 40 allocations they are 44, so the caller's own fit too. A discount is taken in the same entry.
 */
export function paymentActions({ payment, bookedOn, settled, discount }: RecordedPayment): Action[] {
  const owed = -(payment.amount + discountsOf(payment));
  return [
    ...settled.map(({ before, after }) => saveOpenItem(after, before.version)),
    changeAccount(payment.customerId, { exposure: owed, receivable: owed }),
    ...moneyInActions({ payment, bookedOn, discount }),
  ];
}

/**
 * The payment itself, the books and the fact, for a transaction that writes what is owed after it by itself.
 * @param channel `counter` where it was paid together with a sale: nobody is sent a receipt
 */
export function moneyInActions(
  { payment, bookedOn, discount }: Omit<RecordedPayment, 'settled'>,
  channel?: 'counter',
): Action[] {
  const { paymentId, customerId, method, currency, amount, fee, unapplied, allocations, reference } = payment;
  return [
    savePayment(payment, 'absent'),
    postEntry({
      entryId: twinId('ent', paymentId),
      date: bookedOn,
      at: payment.recordedAt,
      kind: 'payment',
      source: paymentId,
      reference,
      customerId,
      currency,
      postings: [
        ...paymentPostings({ method, amount, allocated: amount - unapplied, fee }),
        ...discountPostings(discount.amount, discount.tax),
        ...differencePostings(differencesOf(allocations)),
      ],
    }),
    recordFact('payment.received', paymentId, versionSlot(payment.version), {
      at: payment.recordedAt,
      actor: payment.recordedBy,
      customerId,
      data: {
        paymentId,
        method,
        currency,
        amount,
        ...(fee !== undefined && { fee }),
        unapplied,
        allocations: allocations.map(toldOf),
        reference,
        ...(channel && { channel }),
      },
    }),
  ];
}

/** For a transaction that rests on a payment without changing it: refused where it was changed since it was read. */
export function unchanged({ paymentId, version }: Payment): Action {
  return {
    do: 'check',
    key: keys.payment(paymentId),
    when: [{ attribute: 'version', is: 'equal', value: version }],
    refusal: versionConflict('payment'),
  };
}

/**
 * The write that makes `next` the payment, refused with `version_conflict` unless the stored one has version `expecting`.
 */
export function savePayment(next: Payment, expecting: number | 'absent'): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [
      expecting === 'absent'
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('payment'),
  };
}

/** What a bank repeats of a reference when it takes money back; a shorter one, or one without a digit, is no one's own. */
const TELLING = /^(?=.*\d)[A-Z0-9]{5,35}$/;

/**
 * The payments whose own reference is `reference`, the last of `limit` to be recorded: one query of the index, which may
 * lag a moment behind, and one read.
 */
export async function loadPaymentsReferenced(
  table: Table,
  reference: string,
  limit: number,
): Promise<Payment[]> {
  const key = compact(reference);
  if (!TELLING.test(key)) return [];
  const partition = references.payment(key);
  const { items } = await table.query({ index: 'byReference', partition, newestFirst: true, limit });
  return items.length === 0
    ? []
    : loadPayments(
        table,
        items.map(({ PK }) => PaymentId.parse(PK)),
      );
}

/** Found by its reference, and money that is not set against an invoice waits in a work queue. */
function itemOf(payment: Payment): Item {
  const { paymentId, customerId, currency, unapplied, reference } = payment;
  return {
    ...keys.payment(paymentId),
    OPK: owners.customer(customerId, 'payment'),
    OSK: positionOf(payment),
    ...(TELLING.test(compact(reference)) &&
      reference !== paymentId && { RPK: references.payment(compact(reference)), RSK: paymentId }),
    ...payment,
    ...(unapplied > 0 && {
      DPK: queuePartition('unapplied', customerId),
      DSK: positionOf(payment),
      due: { customerId, currency, amount: unapplied, number: reference },
    }),
  };
}

/** @throws ZodError when the item is no payment */
function paymentOf(item: Item): Payment {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, DPK: _dpk, DSK: _dsk, due: _due, ...kept } = item;
  const { RPK: _rpk, RSK: _rsk, ...payment } = kept;
  return Payment.parse(payment);
}

/** Where a payment stands among others, by time. */
const positionOf = ({ recordedAt, paymentId }: Payment) => `${recordedAt}#${paymentId}`;

const compare = (one: string, other: string) => (one < other ? -1 : 1);
