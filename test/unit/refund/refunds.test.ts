import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { factsIn, request } from '../../builders/house.ts';
import { sellFourMugs, type Trading, trading } from '../../builders/trading.ts';

const at = '2026-03-03T10:00:00.000Z';
const later = '2026-03-04T10:00:00.000Z';
const fay = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
const finn = { sub: 'fin-2', name: 'Finn Finance', roles: ['finance'] } as const;

let company: Trading;
let invoiceId: InvoiceId;
let paymentId: string;

/** An invoice of GBP 60.00, and a transfer of GBP 1,000.00 that is not used. */
beforeEach(async () => {
  company = trading();
  invoiceId = InvoiceId.parse(await sellFourMugs(company, at));
  const transfer = { customerId: 'cus_harbour', method: 'bank_transfer', currency: 'GBP', amount: 100_000 };
  const body = { ...transfer, reference: 'TRANSFER-1' };
  const paid = await company.done('recordPayment', { as: fay, at, body });
  paymentId = String(paid.paymentId);
});

const refund = (amount: number, more = {}) =>
  company.ask('refundPayment', {
    as: fay,
    at: later,
    params: { paymentId },
    body: { amount, reason: 'Paid twice', alreadySent: true },
    ...more,
  });
const approve = (refundId: string, more = {}) =>
  company.ask('approveRefund', { as: finn, at: later, params: { refundId }, body: {}, ...more });
const reject = (refundId: string, more = {}) =>
  company.ask('rejectRefund', {
    as: finn,
    at: later,
    params: { refundId },
    body: { reason: 'Owes us more' },
    ...more,
  });
const asked = async (amount: number): Promise<string> => String((await refund(amount)).json.refundId);
const queue = async () => (await company.done('listRefunds', { as: finn, at: later })).items;
const payment = () => company.done('getPayment', { as: fay, params: { paymentId }, at: later });
const account = async () => {
  const params = { customerId: 'cus_harbour' };
  const { account: found } = await company.done('getCustomer', { params, at: later });
  return { receivable: found.receivable, exposure: found.exposure };
};
const postings = async () =>
  (await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-04')))
    .filter(({ kind }) => kind === 'refund')
    .map((entry) => entry.postings);
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('a refund of GBP 500.00, the most that one person may give back', () => {
  it('is done at once', async () => {
    const { status, json } = await refund(50_000);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'done',
      amount: 50_000,
      unapplied: 50_000,
      refundedBy: 'Fay Finance',
    });
    expect(json).not.toHaveProperty('refundId');
    expect(await queue()).toEqual([]);
    expect(await postings()).toHaveLength(1);
    await sound();
  });

  it('needs approval once the policy says so, and in a currency that it leaves out', async () => {
    for (const [effectiveFrom, approvalAbove] of [
      ['2026-03-04', { GBP: 49_999 }],
      ['2026-03-05', { EUR: 90_000 }],
    ] as const) {
      const policy = { approvalAbove };
      await company.done('putPolicy', {
        at: later,
        params: { name: 'refunds' },
        body: { effectiveFrom, policy },
      });
    }
    expect((await refund(49_999)).json).toMatchObject({ status: 'done' });
    expect((await refund(50_000)).json).toMatchObject({ status: 'requested' });
    const next = { at: '2026-03-05T10:00:00.000Z' };
    expect((await refund(1, next)).json).toMatchObject({ status: 'requested' });
    await sound();
  });
});

describe('a refund of a penny more', () => {
  it('waits for someone else, and nothing is booked meanwhile', async () => {
    const { status, json } = await refund(50_001);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'requested',
      amount: 50_001,
      refunded: 0,
      unapplied: 100_000,
      requestedAt: later,
      requestedBy: 'Fay Finance',
    });
    expect(await queue()).toEqual([
      {
        refundId: json.refundId,
        customerId: 'cus_harbour',
        paymentId,
        method: 'bank_transfer',
        currency: 'GBP',
        amount: 50_001,
        reason: 'Paid twice',
        reference: 'TRANSFER-1',
        alreadySent: true,
        countedOn: '2026-03-04',
        requestedAt: later,
        requestedBy: 'Fay Finance',
      },
    ]);
    expect(await payment()).toMatchObject({ unapplied: 100_000, reserved: 50_001 });
    expect(await account()).toEqual({ receivable: -94_000, exposure: -94_000 });
    expect(await postings()).toEqual([]);
    await sound();
  });

  it('is given back once someone else approves it', async () => {
    const refundId = await asked(50_001);
    const { status, json } = await approve(refundId, { body: { reason: 'Seen on the statement' } });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'done',
      refundId,
      amount: 50_001,
      refunded: 50_001,
      unapplied: 49_999,
      requestedBy: 'Fay Finance',
      refundedBy: 'Finn Finance',
      decision: 'Seen on the statement',
    });
    expect(await queue()).toEqual([]);
    const paid = await payment();
    expect(paid).toMatchObject({ unapplied: 49_999, refunded: 50_001 });
    expect(paid).not.toHaveProperty('reserved');
    expect(await account()).toEqual({ receivable: -43_999, exposure: -43_999 });
    expect(await postings()).toEqual([
      [
        { account: 'unapplied', amount: 50_001 },
        { account: 'bank', amount: -50_001 },
      ],
    ]);
    await sound();
  });

  it('is decided about by nobody who asked for it, under whatever name', async () => {
    const refundId = await asked(60_000);
    const renamed = { as: { ...fay, name: 'Fay Married' } };
    for (const decide of [approve, reject]) {
      expect(await decide(refundId, renamed)).toMatchObject({
        status: 403,
        json: { code: 'approval_by_requester' },
      });
    }
    const namesake = { as: { ...finn, name: 'Fay Finance' } };
    expect((await approve(refundId, namesake)).status).toBe(201);
    await sound();
  });

  it('is for finance to decide about', async () => {
    const refundId = await asked(60_000);
    for (const role of ['sales', 'credit', 'support', 'warehouse'] as const) {
      const as = { sub: role, roles: [role] } as const;
      expect([role, (await approve(refundId, { as })).status]).toEqual([role, 403]);
      expect([role, (await reject(refundId, { as })).status]).toEqual([role, 403]);
    }
  });

  it('can be used again once it is rejected', async () => {
    const refundId = await asked(80_000);
    const { json } = await reject(refundId);
    expect(json).toMatchObject({
      status: 'rejected',
      refundId,
      unapplied: 100_000,
      requestedBy: 'Fay Finance',
      rejectedBy: 'Finn Finance',
      decision: 'Owes us more',
    });
    expect(await queue()).toEqual([]);
    expect(await payment()).not.toHaveProperty('reserved');
    expect(await approve(refundId)).toMatchObject({ status: 409, json: { code: 'refund_not_open' } });
    expect((await refund(50_000)).json).toMatchObject({ status: 'done' });
    expect(factsIn(company.table).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['refund.requested', 'refund.rejected', 'payment.refunded']),
    );
    await sound();
  });

  it('is kept for it: not allocated, not given back otherwise', async () => {
    await asked(95_000);
    const body = { allocations: [{ invoiceId, amount: 5_001 }] };
    const allocate = { as: fay, at: later, params: { paymentId } };
    expect(await company.ask('allocatePayment', { ...allocate, body })).toMatchObject({
      status: 422,
      json: {
        code: 'allocation_exceeds_payment',
        issues: [{ path: 'allocations', message: 'must add up to 5000 at most' }],
      },
    });
    expect(await refund(5_001)).toMatchObject({
      status: 409,
      json: {
        code: 'refund_exceeds_unapplied',
        issues: [{ path: 'amount', message: 'must be at most 5000' }],
      },
    });
    const all = { allocations: [{ invoiceId, amount: 5_000 }] };
    await company.done('allocatePayment', { ...allocate, body: all });
    await sound();
  });

  it('is answered the same when asked for or approved again with the same key', async () => {
    const once = { headers: { 'idempotency-key': 'ask-once' } };
    const first = await refund(60_000, once);
    const refundId = String(first.json.refundId);
    const decide = { headers: { 'idempotency-key': 'approve-once' } };
    const done = await approve(refundId, decide);
    const again = [await refund(60_000, once), await approve(refundId, decide)];
    expect(again.map(({ text }) => text)).toEqual([first.text, done.text]);
    expect(again.map(({ headers }) => headers['idempotency-replayed'])).toEqual(['true', 'true']);
    expect(await approve(refundId)).toMatchObject({ status: 409, json: { code: 'refund_not_open' } });
    expect(await postings()).toHaveLength(1);
    await sound();
  });

  it('can’t be approved once the bank took the money back, and is rejected then', async () => {
    const refundId = await asked(60_000);
    const body = { kind: 'returned', reason: 'Insufficient funds', amount: 40_001 };
    await company.done('reversePayment', { as: fay, at: later, params: { paymentId }, body });
    expect(await approve(refundId)).toMatchObject({
      status: 409,
      json: {
        code: 'refund_exceeds_unapplied',
        issues: [{ path: 'amount', message: 'must be at most 59999' }],
      },
    });
    await sound();
    expect((await reject(refundId)).status).toBe(201);
    await sound();
  });

  it('that is not there is not found', async () => {
    expect(await approve('rfd_01kr0a4c6e8g0j2k4m6n8q0s2v')).toMatchObject({
      status: 404,
      json: { code: 'refund_not_found' },
    });
  });
});

describe('at the same time', () => {
  const now = (operation: 'refundPayment' | 'approveRefund' | 'rejectRefund', key: string, more = {}) =>
    request(company.table.client(), operation, { at: later, headers: { 'idempotency-key': key }, ...more });

  it('two refunds of more than half never both take the money', async () => {
    const ask = {
      as: fay,
      params: { paymentId },
      body: { amount: 50_001, reason: 'Paid twice', alreadySent: true },
    };
    const answers = await Promise.all([now('refundPayment', 'a', ask), now('refundPayment', 'b', ask)]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409']);
    expect(await payment()).toMatchObject({ reserved: 50_001 });
    await sound();
  });

  it('two approvals and a rejection come to one decision', async () => {
    const refundId = await asked(60_000);
    const decide = { as: finn, params: { refundId }, body: { reason: 'Decided today' } };
    const answers = await Promise.all([
      now('approveRefund', 'a', decide),
      now('approveRefund', 'b', decide),
      now('rejectRefund', 'c', decide),
    ]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409']);
    await sound();
  });
});
