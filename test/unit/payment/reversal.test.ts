import { beforeEach, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { sellFourMugs, type Trading, trading } from '../../builders/trading.ts';

const at = '2026-03-03T10:00:00.000Z';
const later = '2026-03-24T10:00:00.000Z';
const finance = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;

let company: Trading;
let invoiceId: InvoiceId;
beforeEach(async () => {
  company = trading();
  invoiceId = InvoiceId.parse(await sellFourMugs(company, at));
});

const pay = async (amount: number, allocated: number, more = {}): Promise<string> => {
  const { paymentId } = await company.done('recordPayment', {
    as: finance,
    at,
    body: {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount,
      allocations: allocated > 0 ? [{ invoiceId, amount: allocated }] : [],
      ...more,
    },
  });
  return String(paymentId);
};
const reverse = (paymentId: string, body = {}, more = {}) =>
  company.ask('reversePayment', {
    as: finance,
    at: later,
    params: { paymentId },
    body: { kind: 'returned', reason: 'Insufficient funds', ...body },
    ...more,
  });
const item = () => loadOpenItem(company.table, invoiceId);
const postings = async () =>
  (await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-24')))
    .filter(({ kind }) => kind === 'reversal')
    .map((entry) => entry.postings);
const account = async () => {
  const { account: found } = await company.done('getCustomer', {
    params: { customerId: 'cus_harbour' },
    at: later,
  });
  return { receivable: found.receivable, exposure: found.exposure };
};
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('a payment that the bank returns', () => {
  it('lets its invoice be owed again, with the bank’s fee at our cost', async () => {
    const before = await item();
    const owed = before?.balance ?? 0;
    const paymentId = await pay(owed + 500, owed);
    expect(await item()).toMatchObject({ status: 'paid', balance: 0 });

    const { status, json } = await reverse(paymentId, { fee: 350 });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      amount: owed + 500,
      reversed: owed + 500,
      fromUnapplied: 500,
      unapplied: 0,
      allocations: [{ invoiceId, amount: owed }],
      reversedBy: 'Fay Finance',
    });
    expect(await item()).toMatchObject({ status: 'open', balance: owed, dueOn: before?.dueOn });
    expect(await account()).toEqual({ receivable: owed, exposure: owed });
    expect(await postings()).toEqual([
      [
        { account: 'receivables', amount: owed },
        { account: 'unapplied', amount: 500 },
        { account: 'payment_fees', amount: 350 },
        { account: 'bank', amount: -owed - 850 },
      ],
    ]);
    await sound();
  });

  it('in part is taken from what is not used, then from the invoice', async () => {
    const paymentId = await pay(7_000, 6_000);
    const { json } = await reverse(paymentId, { amount: 1_400 });
    expect(json).toMatchObject({ fromUnapplied: 1_000, allocations: [{ amount: 400 }], unapplied: 0 });
    const read = await company.done('getPayment', { as: finance, params: { paymentId }, at: later });
    expect(read).toMatchObject({
      amount: 7_000,
      reversed: 1_400,
      allocations: [{ invoiceId, amount: 5_600 }],
    });
    await sound();
  });

  it('can’t be returned beyond what is not refunded or returned yet', async () => {
    const paymentId = await pay(700, 0);
    expect((await reverse(paymentId, { amount: 701 })).json).toMatchObject({
      code: 'reversal_exceeds_payment',
      issues: [{ path: 'amount', message: 'must be at most 700' }],
    });
    expect((await reverse(paymentId)).status).toBe(201);
    expect(await reverse(paymentId)).toMatchObject({
      status: 409,
      json: { code: 'reversal_exceeds_payment' },
    });
    await sound();
  });

  it('is returned once however often that is told, and its receipt is answered as it was', async () => {
    const headers = { 'idempotency-key': 'received' };
    const body = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 900 };
    const allocations = [{ invoiceId, amount: 800 }];
    const receipt = { as: finance, at, body: { ...body, allocations }, headers };
    const received = await company.ask('recordPayment', receipt);
    const once = { headers: { 'idempotency-key': 'returned' } };
    const first = await reverse(String(received.json.paymentId), {}, once);
    const again = await reverse(String(received.json.paymentId), {}, once);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect((await company.ask('recordPayment', receipt)).text).toBe(received.text);
    await sound();
  });

  it('is for finance to take back', async () => {
    const paymentId = await pay(500, 0);
    for (const role of ['sales', 'credit', 'support', 'warehouse'] as const) {
      const answer = await reverse(paymentId, {}, { as: { sub: role, roles: [role] } });
      expect([role, answer.status]).toEqual([role, 403]);
    }
  });

  it('is no loss where its invoice was credited before: the credit note is set against it first', async () => {
    const owed = (await item())?.balance ?? 0;
    const paymentId = await pay(owed, owed);
    const credit = { scope: 'full', reasonCode: 'cancelled', reason: 'Agreed with the customer' };
    await company.done('createCreditNote', { as: finance, at, params: { invoiceId }, body: credit });
    await reverse(paymentId);
    const body = { reason: 'Will never be paid' };
    const lost = await company.ask('writeOffInvoice', {
      as: finance,
      at: later,
      params: { invoiceId },
      body,
    });
    expect(lost.json).toMatchObject({
      code: 'write_off_exceeds_balance',
      issues: [{ path: 'amount', message: 'must be at most 0' }],
    });
    await sound();
  });
});

describe('a payment recorded in error', () => {
  it('never was, nor was the fee the bank kept of it', async () => {
    const paymentId = await pay(700, 0, { fee: 25 });
    expect((await reverse(paymentId, { kind: 'error', reason: 'Typed twice' })).status).toBe(201);
    expect(await postings()).toEqual([
      [
        { account: 'unapplied', amount: 700 },
        { account: 'payment_fees', amount: -25 },
        { account: 'bank', amount: -675 },
      ],
    ]);
    await sound();
  });
});

describe('a payment recorded by hand that no bank line told of yet', () => {
  const waits = (paymentId: string) =>
    company.table.items(({ PK, SK }) => PK === paymentId && SK === 'UNCONFIRMED').length;

  it('waits for its line no more once it turns out to be an error', async () => {
    const paymentId = await pay(7_000, 6_000);
    expect(waits(paymentId)).toBe(1);
    await reverse(paymentId, { kind: 'error', reason: 'Typed twice' });
    expect(waits(paymentId)).toBe(0);
    await sound();
  });

  it('waits still where the bank returned it: the statement tells of both', async () => {
    const paymentId = await pay(7_000, 6_000);
    await reverse(paymentId);
    expect(waits(paymentId)).toBe(1);
    await sound();
  });
});
