import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenCredit } from '#shared/invoice/invoice-store.ts';
import { CreditNoteId, InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { sellFourMugs, type Trading, trading } from '../../builders/trading.ts';

const at = '2026-03-03T10:00:00.000Z';
const later = '2026-03-04T10:00:00.000Z';
const fay = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
const finn = { sub: 'fin-2', name: 'Finn Finance', roles: ['finance'] } as const;

let company: Trading;
let invoiceId: InvoiceId;
let paymentId: string;
let creditNoteId: CreditNoteId;

/** An invoice of GBP 60.00, paid 40.00 by cheque and 20.00 in cash, and then credited whole. */
beforeEach(async () => {
  company = trading();
  invoiceId = InvoiceId.parse(await sellFourMugs(company, at));
  paymentId = await pay('cheque', 4_000, at);
  await pay('cash', 2_000, '2026-03-03T11:00:00.000Z');
  creditNoteId = await credit({ scope: 'full', reasonCode: 'other' });
});

async function pay(method: string, amount: number, on: string): Promise<string> {
  const allocations = [{ invoiceId, amount }];
  const body = { customerId: 'cus_harbour', method, currency: 'GBP', amount, allocations };
  return String((await company.done('recordPayment', { as: fay, at: on, body })).paymentId);
}
async function credit(body: object): Promise<CreditNoteId> {
  const params = { invoiceId };
  const why = { reason: 'Not as ordered' };
  const note = await company.done('createCreditNote', { as: fay, at, params, body: { ...why, ...body } });
  return CreditNoteId.parse(note.creditNoteId);
}
const payOut = (body: object, more = {}) =>
  company.ask('refundCreditNote', {
    as: fay,
    at: later,
    params: { creditNoteId },
    body: { reason: 'Wants no other goods', alreadySent: true, ...body },
    ...more,
  });
const open = () => loadOpenCredit(company.table, creditNoteId);
const payment = () => company.done('getPayment', { as: fay, params: { paymentId }, at: later });
const receivable = async () => {
  const params = { customerId: 'cus_harbour' };
  return (await company.done('getCustomer', { params, at: later })).account.receivable;
};
const postings = async () =>
  (await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-04')))
    .filter(({ kind }) => kind === 'refund')
    .map((entry) => entry.postings);
const strict = () =>
  company.done('putPolicy', {
    at: later,
    params: { name: 'refunds' },
    body: { effectiveFrom: '2026-03-04', policy: { approvalAbove: { GBP: 1_000 } } },
  });
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('a credit note of a paid invoice', () => {
  it('is paid out the way the invoice was paid, from a payment that covers it', async () => {
    expect(await receivable()).toBe(-6_000);
    const { status, json } = await payOut({ amount: 3_000 });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'done',
      creditNoteId,
      paymentId,
      method: 'cheque',
      amount: 3_000,
      refunded: 3_000,
      unapplied: 3_000,
      refundedBy: 'Fay Finance',
    });
    expect(await open()).toMatchObject({ refunded: 3_000, unapplied: 3_000 });
    expect(await payment()).toMatchObject({ paidOut: 3_000, unapplied: 0 });
    expect(await receivable()).toBe(-3_000);
    expect(await postings()).toEqual([
      [
        { account: 'unapplied', amount: 3_000 },
        { account: 'clearing', amount: -3_000 },
      ],
    ]);
    await sound();
  });

  it('is paid out another way where that is asked for', async () => {
    expect((await payOut({ amount: 1_000, method: 'bank_transfer' })).json).toMatchObject({
      paymentId: expect.not.stringMatching(paymentId),
      method: 'bank_transfer',
    });
    expect(await postings()).toEqual([
      [
        { account: 'unapplied', amount: 1_000 },
        { account: 'bank', amount: -1_000 },
      ],
    ]);
    await sound();
  });

  it('is paid out up to what each payment brought, and no further', async () => {
    expect(await payOut({ amount: 4_001 })).toMatchObject({
      status: 409,
      json: { code: 'refund_exceeds_paid', issues: [{ path: 'amount', message: 'must be at most 4000' }] },
    });
    expect((await payOut({ amount: 4_000 })).status).toBe(201);
    expect((await payOut({ amount: 1, paymentId })).json).toMatchObject({ code: 'refund_exceeds_paid' });
    expect((await payOut({ amount: 2_000 })).json).toMatchObject({ method: 'cash', unapplied: 0 });
    expect((await payOut({ amount: 1 })).json).toMatchObject({ code: 'refund_exceeds_unapplied' });
    expect(await receivable()).toBe(0);
    await sound();
  });

  it('that was paid out leaves nothing to give back of the payment, though the invoice is owed again', async () => {
    await payOut({ amount: 4_000 });
    const body = { allocations: [{ invoiceId }], reason: 'Meant for another' };
    await company.done('unallocatePayment', { as: fay, at: later, params: { paymentId }, body });
    expect(await payment()).toMatchObject({ unapplied: 4_000, paidOut: 4_000 });
    const refund = { as: fay, at: later, params: { paymentId }, body: { amount: 1, reason: 'Paid twice' } };
    expect(await company.ask('refundPayment', refund)).toMatchObject({
      status: 409,
      json: { code: 'refund_exceeds_unapplied', issues: [{ path: 'amount', message: 'must be at most 0' }] },
    });
    await sound();
  });

  it('whose payment the bank took back is not paid out', async () => {
    const body = { kind: 'returned', reason: 'Cheque bounced' };
    await company.done('reversePayment', { as: fay, at: later, params: { paymentId }, body });
    expect((await payOut({ amount: 1, paymentId })).json).toMatchObject({
      code: 'refund_exceeds_paid',
      issues: [{ path: 'amount', message: 'must be at most 0' }],
    });
    await sound();
  });

  it('takes no one else’s payment, and none that is not there', async () => {
    await company.done('putCustomer', {
      at,
      params: { customerId: 'cus_quay' },
      body: {
        name: 'Quay Toys',
        email: 'orders@quay.example',
        address: { lines: ['4 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
        currency: 'GBP',
        creditLimit: 0,
      },
    });
    const body = { customerId: 'cus_quay', method: 'cash', currency: 'GBP', amount: 9_000 };
    const other = await company.done('recordPayment', { as: fay, at, body });
    for (const id of [other.paymentId, 'pay_01kr0a4c6e8g0j2k4m6n8q0s2v']) {
      expect(await payOut({ amount: 500, paymentId: id })).toMatchObject({
        status: 422,
        json: { code: 'payment_not_found', issues: [{ path: 'paymentId' }] },
      });
    }
  });

  it('is answered the same when sent again', async () => {
    const once = { headers: { 'idempotency-key': 'out-once' } };
    const first = await payOut({ amount: 500 }, once);
    const again = await payOut({ amount: 500 }, once);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect(await open()).toMatchObject({ refunded: 500 });
  });
});

describe('above the amount that needs approval', () => {
  beforeEach(strict);

  it('is kept for it, and paid out once someone else approves it', async () => {
    const { json } = await payOut({ amount: 3_500, method: 'cash' });
    expect(json).toMatchObject({ status: 'requested', creditNoteId, refunded: 0, unapplied: 6_000 });
    expect(await open()).toMatchObject({ reserved: 3_500, unapplied: 6_000 });
    expect((await payOut({ amount: 2_501 })).json).toMatchObject({
      code: 'refund_exceeds_unapplied',
      issues: [{ path: 'amount', message: 'must be at most 2500' }],
    });
    await sellFourMugs(company, later);
    const invoices = company.table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT');
    const next = invoices.find(({ PK }) => PK !== invoiceId)?.PK;
    const net = { params: { creditNoteId }, body: { allocations: [{ invoiceId: next, amount: 2_501 }] } };
    expect((await company.ask('allocateCreditNote', { as: fay, at: later, ...net })).json).toMatchObject({
      code: 'allocation_exceeds_payment',
      issues: [{ path: 'allocations', message: 'must add up to 2500 at most' }],
    });
    await sound();

    const decide = { at: later, params: { refundId: json.refundId }, body: {} };
    expect(await company.ask('approveRefund', { as: fay, ...decide })).toMatchObject({
      status: 403,
      json: { code: 'approval_by_requester' },
    });
    expect((await company.ask('approveRefund', { as: finn, ...decide })).json).toMatchObject({
      status: 'done',
      method: 'cash',
      refunded: 3_500,
      unapplied: 2_500,
      requestedBy: 'Fay Finance',
      refundedBy: 'Finn Finance',
    });
    expect(await open()).not.toHaveProperty('reserved');
    expect(await payment()).toMatchObject({ paidOut: 3_500 });
    expect(await postings()).toEqual([
      [
        { account: 'unapplied', amount: 3_500 },
        { account: 'cash', amount: -3_500 },
      ],
    ]);
    await sound();
  });

  it('is refused approval once the money is gone, and rejected', async () => {
    const { json } = await payOut({ amount: 3_500 });
    const body = { kind: 'chargeback', reason: 'Cheque bounced', amount: 501 };
    await company.done('reversePayment', { as: fay, at: later, params: { paymentId }, body });
    const decide = { as: finn, at: later, params: { refundId: json.refundId } };
    expect((await company.ask('approveRefund', { ...decide, body: {} })).json).toMatchObject({
      code: 'refund_exceeds_paid',
      issues: [{ path: 'amount', message: 'must be at most 3499' }],
    });
    const why = { body: { reason: 'The cheque bounced' } };
    expect((await company.ask('rejectRefund', { ...decide, ...why })).json).toMatchObject({
      status: 'rejected',
      unapplied: 6_000,
    });
    expect(await open()).not.toHaveProperty('reserved');
    await sound();
  });
});
