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
let next: InvoiceId;
let creditNoteId: string;
let owed: number;

/** One invoice is paid and then credited by 10.00; another is open. */
beforeEach(async () => {
  company = trading();
  const paid = InvoiceId.parse(await sellFourMugs(company, at));
  const amount = (await loadOpenItem(company.table, paid))?.balance ?? 0;
  await company.done('recordPayment', {
    as: finance,
    at,
    body: {
      customerId: 'cus_harbour',
      method: 'bank_transfer',
      currency: 'GBP',
      amount,
      allocations: [{ invoiceId: paid, amount }],
    },
  });
  const credit = { scope: 'goodwill', gross: 1_000, reasonCode: 'goodwill', reason: 'Arrived late' };
  const params = { invoiceId: paid };
  const issued = await company.done('createCreditNote', { as: finance, at, params, body: credit });
  creditNoteId = String(issued.creditNoteId);
  await sellFourMugs(company, '2026-03-10T10:00:00.000Z');
  const invoices = company.table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'DOCUMENT');
  next = InvoiceId.parse(invoices.find(({ PK }) => PK !== paid)?.PK);
  owed = (await loadOpenItem(company.table, next))?.balance ?? 0;
});

const net = (amount: number, more = {}) =>
  company.ask('allocateCreditNote', {
    as: finance,
    at: later,
    params: { creditNoteId },
    body: { allocations: [{ invoiceId: next, amount }] },
    ...more,
  });
const takeBack = (amount?: number) =>
  company.ask('unallocateCreditNote', {
    as: finance,
    at: later,
    params: { creditNoteId },
    body: { allocations: [{ invoiceId: next, ...(amount && { amount }) }], reason: 'Meant for another' },
  });
const balance = async () => (await loadOpenItem(company.table, next))?.balance;
const postings = async (kind: string) =>
  (await loadEntriesOfDay(company.table, CalendarDate.parse('2026-03-24')))
    .filter((entry) => entry.kind === kind)
    .map((entry) => entry.postings);
const sound = async () =>
  expect((await checkInvariants(company.table.items(), { settled: true })).violations).toEqual([]);

describe('what is left of a credit note', () => {
  it('is set against another invoice, which changes nothing of what is owed in all', async () => {
    const { status, json } = await net(600);
    expect(status).toBe(201);
    expect(json).toMatchObject({ unapplied: 400, allocations: [{ invoiceId: next, amount: 600 }] });
    expect(await balance()).toBe(owed - 600);
    expect(await postings('allocation')).toEqual([
      [
        { account: 'unapplied', amount: 600 },
        { account: 'receivables', amount: -600 },
      ],
    ]);
    await sound();
  });

  it('is never used beyond what is left, nor beyond what is owed', async () => {
    expect((await net(1_001)).json).toMatchObject({
      code: 'allocation_exceeds_payment',
      issues: [{ path: 'allocations', message: 'must add up to 1000 at most' }],
    });
    const body = { customerId: 'cus_harbour', method: 'cheque', currency: 'GBP', amount: owed - 10 };
    const allocations = [{ invoiceId: next, amount: owed - 10 }];
    await company.done('recordPayment', { as: finance, at, body: { ...body, allocations } });
    expect((await net(11)).json).toMatchObject({ code: 'allocation_exceeds_balance' });
    await sound();
  });

  it('is taken off the invoice again, and no more than was set against it', async () => {
    await net(600);
    expect((await takeBack(601)).json).toMatchObject({ code: 'allocation_exceeds_payment' });
    expect((await takeBack(100)).json).toMatchObject({ unapplied: 500, reason: 'Meant for another' });
    expect((await takeBack()).json).toMatchObject({ unapplied: 1_000 });
    expect(await balance()).toBe(owed);
    await sound();
  });

  it('is used once however often it is asked for', async () => {
    const once = { headers: { 'idempotency-key': 'net-once' } };
    const first = await net(600, once);
    const again = await net(600, once);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect(await balance()).toBe(owed - 600);
  });

  it('is for finance to use', async () => {
    for (const role of ['sales', 'credit', 'support', 'warehouse'] as const) {
      const answer = await net(1, { as: { sub: role, roles: [role] } });
      expect([role, answer.status]).toEqual([role, 403]);
    }
  });
});
