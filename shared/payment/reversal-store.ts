import { dunningPolicy } from '../collection/dunning-policy.ts';
import { changeAccount } from '../customer/customer-store.ts';
import { isUndelivered } from '../delivery/delivery.ts';
import { type Fact, type FactData } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { deliveryOf, openItemOf, saveOpenItem } from '../invoice/invoice-store.ts';
import { type InvoiceId, newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { differencePostings, discountPostings, reversalPostings } from '../ledger/postings.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { takenBack, toldOf } from './payment.ts';
import type { ReversalView } from './payment-change-api.ts';
import { savePayment } from './payment-store.ts';
import type { ReversedPayment } from './reverse-payment.ts';
import { expectNoMore } from './unconfirmed-store.ts';
import type { Undoing } from './undo-allocations.ts';

/** What undoing the allocations to `invoiceIds` needs, read consistently. Nothing is read where there are none. */
export async function loadUndoing(
  table: Table,
  invoiceIds: readonly InvoiceId[],
  { at, timeZone }: { at: Instant; timeZone: string },
): Promise<Undoing> {
  const today = dateIn(timeZone, at);
  const wanted = [...new Set(invoiceIds)].flatMap((id) => [keys.openItem(id), keys.delivery(id)]);
  const [found, { policy: dunning }] = await Promise.all([
    wanted.length > 0 ? table.getMany(wanted, { consistent: true }) : [],
    policyInForce(table, dunningPolicy, today),
  ]);
  const ofKind = (key: (id: string) => { SK: string }) => found.filter((item) => item.SK === key(item.PK).SK);
  const lost = ofKind(keys.delivery)
    .map(deliveryOf)
    .filter(isUndelivered)
    .flatMap(({ documentId }) => invoiceIds.filter((id) => id === documentId));
  return {
    items: ofKind(keys.openItem).map(openItemOf),
    lost: new Set(lost),
    clock: { dunning, timeZone, today },
  };
}

/** The id of the fact that tells of a reversal, for the idempotency record. */
export function reversalFactId({ payment }: ReversedPayment): string {
  return `${payment.paymentId}.${versionSlot(payment.version)}`;
}

/**
 * The writes of a reversal, for one transaction: the payment, the invoices owed again, the customer's account, the books
 * and the fact. With all 40 allocations they are 45, so the caller's own fit too.
 */
export function reversalActions(reversed: ReversedPayment): Action[] {
  const { before, payment, reversal, reopened, discount, taken, fromUnapplied, feeBack } = reversed;
  const { paymentId, customerId, method, currency } = payment;
  const { amount, fee, reference, at, today, by } = reversal;
  const differences = takenBack(taken);
  const owed = differences.reduce((sum, difference) => sum - difference.amount, amount + discount.amount);
  return [
    savePayment(payment, before.version),
    ...(reversal.kind === 'error' ? expectNoMore(payment) : []),
    ...reopened.map((item) => saveOpenItem(item.after, item.before.version)),
    changeAccount(customerId, { exposure: owed, receivable: owed }),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind: 'reversal',
      source: paymentId,
      reference,
      customerId,
      currency,
      postings: [
        ...reversalPostings({
          method,
          unapplied: fromUnapplied,
          allocated: amount - fromUnapplied,
          fee: fee ?? 0,
          feeBack,
        }),
        ...discountPostings(-discount.amount, -discount.tax),
        ...differencePostings(differences),
      ],
    }),
    recordFact('payment.reversed', paymentId, versionSlot(payment.version), {
      at,
      actor: by,
      customerId,
      data: dataOf(reversed),
    }),
  ];
}

function dataOf({ payment, reversal, fromUnapplied, taken }: ReversedPayment): FactData<'payment.reversed'> {
  const { paymentId, method, currency, unapplied, reversed } = payment;
  const { kind, reason, amount, fee, reference } = reversal;
  return {
    paymentId,
    method,
    currency,
    kind,
    reason,
    amount,
    reversed,
    ...(fee !== undefined && { fee }),
    fromUnapplied,
    allocations: taken.map(toldOf),
    unapplied,
    reference,
  };
}

/** What the call that reversed a payment answers. */
export function reversalAnswer(reversed: ReversedPayment): ReversalView {
  const { at, by } = reversed.reversal;
  return viewOf({ data: dataOf(reversed), at, actor: by });
}

/** What the call that reversed a payment answered, told from the fact it recorded. */
export async function loadReversalAnswer(table: Table, factId: string): Promise<ReversalView> {
  return viewOf(await loadFact(table, ['payment.reversed'], factId));
}

function viewOf({ data, at, actor }: Pick<Fact<'payment.reversed'>, 'data' | 'at' | 'actor'>): ReversalView {
  return {
    ...data,
    reversedAt: at,
    reversedBy: actor,
    links: { payment: `/v1/payments/${data.paymentId}` },
  };
}
