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
let paymentId: string;
let owed: number;
beforeEach(async () => {
  company = trading();
  invoiceId = InvoiceId.parse(await sellFourMugs(company, at));
  owed = (await item())?.balance ?? 0;
  const body = { customerId: 'cus_harbour', method: 'bank_transfer', currency: 'GBP', amount: 1_000 };
  paymentId = String((await company.done('recordPayment', { as: finance, at, body })).paymentId);
});

const allocate = (amount: number, more = {}) =>
  company.ask('allocatePayment', {
    as: finance,
    at: later,
    params: { paymentId },
    body: { allocations: [{ invoiceId, amount }] },
    ...more,
  });
const unallocate = (amount?: number) =>
  company.ask('unallocatePayment', {
    as: finance,
    at: later,
    params: { paymentId },
    body: { allocations: [{ invoiceId, ...(amount && { amount }) }], reason: 'Meant for another' },
  });
const item = () => loadOpenItem(company.table, invoiceId);
const postings = async (kind: string) =>
  (await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-24')))
    .filter((entry) => entry.kind === kind)
    .map((entry) => entry.postings);
const payment = () => company.done('getPayment', { as: finance, params: { paymentId }, at: later });
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('money that waits on the account', () => {
  it('is set against an invoice later, which changes nothing of what is owed in all', async () => {
    const { status, json } = await allocate(700);
    expect(status).toBe(201);
    expect(json).toMatchObject({ unapplied: 300, allocations: [{ invoiceId, amount: 700 }] });
    expect(await item()).toMatchObject({ balance: owed - 700 });
    expect(await payment()).toMatchObject({ unapplied: 300, allocations: [{ invoiceId, amount: 700 }] });
    expect(await postings('allocation')).toEqual([
      [
        { account: 'unapplied', amount: 700 },
        { account: 'receivables', amount: -700 },
      ],
    ]);
    await sound();
  });

  it('set against the same invoice twice is one allocation', async () => {
    await allocate(300);
    await allocate(200);
    expect(await payment()).toMatchObject({ unapplied: 500, allocations: [{ invoiceId, amount: 500 }] });
    await sound();
  });

  it('never goes beyond what is not used, nor what is owed', async () => {
    expect((await allocate(1_001)).json).toMatchObject({
      code: 'allocation_exceeds_payment',
      issues: [{ path: 'allocations', message: 'must add up to 1000 at most' }],
    });
    const all = owed - 10;
    const body = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: all };
    const allocations = [{ invoiceId, amount: all }];
    await company.done('recordPayment', { as: finance, at, body: { ...body, allocations } });
    expect((await allocate(11)).json).toMatchObject({ code: 'allocation_exceeds_balance' });
    await sound();
  });

  it('is taken off the invoice again, in part and wholly', async () => {
    await allocate(700);
    expect((await unallocate(100)).json).toMatchObject({ unapplied: 400, reason: 'Meant for another' });
    expect(await item()).toMatchObject({ balance: owed - 600 });
    await unallocate();
    expect(await item()).toMatchObject({ balance: owed, status: 'open' });
    expect(await payment()).toMatchObject({ unapplied: 1_000, allocations: [] });
    expect(await postings('unallocation')).toHaveLength(2);
    expect(await unallocate()).toMatchObject({
      status: 422,
      json: { code: 'allocation_exceeds_payment', issues: [{ path: 'allocations.0.amount' }] },
    });
    await sound();
  });

  it('is allocated once however often it is asked for', async () => {
    const once = { headers: { 'idempotency-key': 'allocate-once' } };
    const first = await allocate(700, once);
    const again = await allocate(700, once);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect(await item()).toMatchObject({ balance: owed - 700 });
  });

  it('is for finance to allocate', async () => {
    for (const role of ['sales', 'credit', 'support', 'warehouse'] as const) {
      const answer = await allocate(1, { as: { sub: role, roles: [role] } });
      expect([role, answer.status]).toEqual([role, 403]);
    }
  });
});
