import { assertCreditRefundable, paymentToRefund } from '../credit-note/refund-credit.ts';
import { maskedAccount } from '../credit-transfer/payee.ts';
import { type WantedWay, wayOut } from '../credit-transfer/payee-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { assertOwn, type Caller } from '../http/caller.ts';
import type { OpenCredit } from '../invoice/invoice.ts';
import { loadCreditNoteFile, loadOpenCredit, saveOpenCredit } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { type CreditNoteId, newId, type PaymentId, type RefundId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import type { Payment, PaymentMethod } from '../payment/payment.ts';
import type { RefundView } from '../payment/payment-api.ts';
import { listPayments, loadPayment, savePayment } from '../payment/payment-store.ts';
import { oweRefund } from '../payment/provider-refund-store.ts';
import { assertRefundable, reserve, type Refund as Wanted } from '../payment/refund-payment.ts';
import { refundActions } from '../payment/refund-store.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, queuePartition, versionSlot } from '../table/keys.ts';
import { queryQueue } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { payOutActions } from './pay-out-store.ts';
import { decided, openTo, Refund, type RequestedRefund, WaitingRefund } from './refund.ts';
import { refundView } from './refund-view.ts';
import { uncountActions } from './refunds-given-store.ts';
import { assertMayName, type Terms, weighRefund } from './weigh-refund-store.ts';

type Doing = {
  readonly caller: Caller;
  readonly at: Instant;
  readonly timeZone: string;
  readonly remember: (factId: string) => Action;
};

/** A payout of a credit note: whose money it is, and how it goes, where that is said. Amount in minor units. */
type WantedPayOut = Wanted &
  WantedWay & {
    readonly paymentId?: PaymentId | undefined;
    readonly method?: PaymentMethod | undefined;
  };

/** As many of a customer's newest payments are looked through for the one that paid an invoice. */
const PAYMENTS_LOOKED_AT = 100;

/**
 * Gives back what is not used of a payment, or asks for it where the policy `refunds` wants someone else's approval, where
 * it goes to another account than the money came from, and where the customer asks: then the amount is kept for it.
 * @throws DomainError `payment_not_found`, also to a customer whose it is not; `refund_exceeds_unapplied`,
 * `payee_account_unknown`, `forbidden` to a customer who names an account, `version_conflict`
 */
export async function refundOrRequest(
  table: Table,
  paymentId: PaymentId,
  wanted: Wanted & WantedWay,
  doing: Doing,
): Promise<RefundView> {
  const { caller, at, timeZone, remember } = doing;
  const payment = await loadPayment(table, paymentId, { consistent: true });
  if (!payment) throw paymentNotFound();
  assertOwn(caller, payment.customerId, paymentNotFound);
  assertMayName(caller, wanted);
  const { amount, reason, reference = payment.reference } = wanted;
  const { customerId, method, currency } = payment;
  assertRefundable(payment, amount);
  const terms = { customerId, paymentId, method, currency, amount, reason, reference };
  const asked = await weighRefund(table, payment, terms, wanted, doing);
  if (asked.needsApproval)
    return changeReserve(table, requestOf(asked.terms, doing), { payment }, doing, [asked.count]);
  const actor = caller.name;
  const given = refundActions(payment, wanted, { actor, at, timeZone }, {}, asked.going);
  const sent = oweRefund(payment, { amount, method, reason }, at);
  await commit(table, [remember(given.factId), asked.count, ...given.actions, ...sent]);
  return refundView({ type: 'payment.refunded', data: given.data, at, actor });
}

/**
 * Pays out what is not used of a credit note, or asks for it, as {@link refundOrRequest}.
 * @throws DomainError `credit_note_not_found`, `payment_not_found`, `refund_exceeds_unapplied`, `refund_exceeds_paid`,
 * `payee_account_unknown`, `version_conflict`
 */
export async function payOutOrRequest(
  table: Table,
  creditNoteId: CreditNoteId,
  wanted: WantedPayOut,
  doing: Doing,
): Promise<RefundView> {
  const { caller, at, timeZone, remember } = doing;
  const file = await loadCreditNoteFile(table, creditNoteId);
  if (!file) throw new DomainError('credit_note_not_found', 'There is no such credit note.');
  const { openCredit: credit, creditNote } = file;
  const { customerId, currency, number } = credit;
  const { amount, reason, reference = number } = wanted;
  const paymentId =
    wanted.paymentId ?? (await paymentOf(table, customerId, creditNote.corrects?.invoiceId, amount));
  const payment = paymentId && (await loadPayment(table, paymentId, { consistent: true }));
  if (!payment) throw noMoneyOf(number, wanted.paymentId);
  assertCreditRefundable(credit, payment, amount);
  const { method = payment.method } = wanted;
  const terms = {
    customerId,
    paymentId: payment.paymentId,
    creditNoteId,
    method,
    currency,
    amount,
    reason,
    reference,
  };
  const asked = await weighRefund(table, payment, terms, wanted, doing);
  if (asked.needsApproval)
    return changeReserve(table, requestOf(asked.terms, doing), { credit }, doing, [asked.count]);
  const actor = caller.name;
  const paid = payOutActions(credit, payment, terms, { actor, at, timeZone }, {}, asked.going);
  await commit(table, [
    remember(paid.factId),
    asked.count,
    ...paid.actions,
    ...oweRefund(payment, terms, at),
  ]);
  return refundView({ type: 'credit_note.refunded', data: paid.data, at, actor });
}

/**
 * Carries out a refund that someone else asked for, or rejects it, in one transaction.
 * @throws DomainError `refund_not_found`, `refund_not_open`, `approval_by_requester`, `refund_exceeds_unapplied`,
 * `refund_exceeds_paid`, `payee_account_unknown` of one that was asked for without an account, `version_conflict`
 */
export async function decideRefund(
  table: Table,
  refundId: RefundId,
  outcome: Parameters<typeof decided>[1],
  doing: Doing,
): Promise<RefundView> {
  const { caller, at, timeZone, remember } = doing;
  const found = await loadRefund(table, refundId);
  if (!found) throw new DomainError('refund_not_found', 'There is no such refund.');
  const decider = { ...caller, at };
  const refund = openTo(found, decider);
  const next = decided(refund, outcome, decider);
  const { paymentId, creditNoteId, customerId, currency, method, amount } = refund;
  const [payment, credit] = await Promise.all([
    loadPayment(table, paymentId, { consistent: true }),
    creditNoteId && loadOpenCredit(table, creditNoteId),
  ]);
  if (!payment) throw paymentNotFound();
  if (creditNoteId && !credit) throw new RangeError(`there is no open credit of ${creditNoteId}`);
  const countedOn = refund.countedOn ?? dateIn(timeZone, refund.requestedAt);
  if (next.status === 'rejected') {
    const uncounted = await uncountActions(table, { customerId, currency, on: countedOn, amount });
    return changeReserve(table, next, credit ? { credit } : { payment }, doing, uncounted);
  }
  const { payee } = refund.payee ? refund : await wayOut(table, payment, method, refund);
  const going = payee && { payee, countedOn };
  const actor = caller.name;
  const approval = {
    refundId,
    requestedBy: refund.requestedBy,
    ...(next.decision !== undefined && { decision: next.decision }),
  };
  const saved = saveRefund(next, refund.version);
  if (credit) {
    const source = reserve(credit, -amount);
    const paid = payOutActions(source, payment, refund, { actor, at, timeZone }, approval, going);
    await commit(table, [remember(paid.factId), saved, ...paid.actions, ...oweRefund(payment, refund, at)]);
    return refundView({ type: 'credit_note.refunded', data: paid.data, at, actor });
  }
  const { reserved: _reserved, ...unreserved } = payment;
  assertRefundable(unreserved, amount);
  const given = refundActions(reserve(payment, -amount), refund, { actor, at, timeZone }, approval, going);
  await commit(table, [remember(given.factId), saved, ...given.actions, ...oweRefund(payment, refund, at)]);
  return refundView({ type: 'payment.refunded', data: given.data, at, actor });
}

/** Refunds that wait for approval, longest waiting first. */
export async function listRefunds(table: Table): Promise<WaitingRefund[]> {
  const waiting = await queryQueue(table, 'refund');
  return waiting
    .map((item) => WaitingRefund.parse(item['due']))
    .sort((one, other) => one.requestedAt.localeCompare(other.requestedAt));
}

/** Keeps the amount of a refund that is asked for, or lets go of it where it is rejected, in one transaction with `counted`. */
async function changeReserve(
  table: Table,
  refund: RequestedRefund | Extract<Refund, { status: 'rejected' }>,
  source: { payment: Payment } | { credit: OpenCredit },
  { caller, at, remember }: Doing,
  counted: readonly Action[],
): Promise<RefundView> {
  const by = refund.status === 'requested' ? refund.amount : -refund.amount;
  const before = 'credit' in source ? source.credit : source.payment;
  const { refunded = 0, unapplied } = before;
  const version = before.version + 1;
  const save =
    'credit' in source
      ? saveOpenCredit({ ...reserve(source.credit, by), version }, before.version)
      : savePayment({ ...reserve(source.payment, by), version }, before.version);
  const { refundId, customerId, paymentId, creditNoteId, method, currency, amount, reason, reference } =
    refund;
  const subject = creditNoteId ?? paymentId;
  const slot = versionSlot(version);
  const asked = {
    paymentId,
    method,
    currency,
    amount,
    refunded,
    unapplied,
    reason,
    reference,
    refundId,
    ...(creditNoteId && { creditNoteId }),
    ...(refund.payee && { account: maskedAccount(refund.payee) }),
  };
  const told = { at, actor: caller.name, customerId };
  if (refund.status === 'requested') {
    await commit(table, [
      remember(`${subject}.${slot}`),
      save,
      ...counted,
      saveRefund(refund, 'absent'),
      recordFact('refund.requested', subject, slot, { ...told, data: asked }),
    ]);
    return refundView({ type: 'refund.requested', data: asked, ...told });
  }
  const data = { ...asked, requestedBy: refund.requestedBy, decision: refund.decision };
  await commit(table, [
    remember(`${subject}.${slot}`),
    save,
    ...counted,
    saveRefund(refund, refund.version - 1),
    recordFact('refund.rejected', subject, slot, { ...told, data }),
  ]);
  return refundView({ type: 'refund.rejected', data, ...told });
}

function requestOf(terms: Terms, { caller, at }: Doing): RequestedRefund {
  const asked = { requestedAt: at, requestedBy: caller.name, requesterId: caller.id };
  return { ...terms, ...asked, refundId: newId('rfd', at), status: 'requested', version: 1 };
}

async function loadRefund(table: Table, refundId: RefundId): Promise<Refund | undefined> {
  const item = await table.get(keys.refund(refundId), { consistent: true });
  if (!item) return undefined;
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...refund } = item;
  return Refund.parse(refund);
}

/** The write that makes `next` the refund, refused with `version_conflict` unless the stored one has version `expecting`. */
function saveRefund(next: Refund, expecting: number | 'absent'): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [
      expecting === 'absent'
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('refund'),
  };
}

function itemOf(refund: Refund): Item {
  const { refundId, customerId, requestedAt } = refund;
  const item = { ...keys.refund(refundId), ...refund };
  if (refund.status !== 'requested') return item;
  const { status: _status, version: _version, requesterId: _id, ...due } = refund;
  return {
    ...item,
    DPK: queuePartition('refund', customerId),
    DSK: `${requestedAt}#${refundId}`,
    due,
  };
}

async function paymentOf(
  table: Table,
  customerId: Payment['customerId'],
  invoiceId: Parameters<typeof paymentToRefund>[1],
  amount: number,
): Promise<PaymentId | undefined> {
  if (invoiceId === undefined) return undefined;
  const { payments } = await listPayments(table, customerId, { limit: PAYMENTS_LOOKED_AT });
  return paymentToRefund(payments, invoiceId, amount)?.paymentId;
}

const paymentNotFound = () => new DomainError('payment_not_found', 'There is no such payment.');

function noMoneyOf(number: string, named: PaymentId | undefined): DomainError {
  return named
    ? new DomainError('payment_not_found', 'There is no such payment.', {
        issues: [{ path: 'paymentId', message: 'names no payment' }],
      })
    : new DomainError(
        'refund_exceeds_paid',
        `No payment is set against the invoice of ${number}. Name a payment of the customer as paymentId.`,
        { issues: [{ path: 'paymentId', message: 'is required here' }] },
      );
}
