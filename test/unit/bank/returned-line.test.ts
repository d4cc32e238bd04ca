import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { loadOpenItems } from '#shared/invoice/invoice-store.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { Instant } from '#shared/kernel/time.ts';
import type { Item } from '#shared/table/table.ts';
import { request } from '#test/builders/house.ts';
import { importLines, takeLines } from '#test/builders/import-lines.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { harbour, okafor, owingCustomers } from '#test/builders/owing-customers.ts';

const at = Instant.parse('2026-04-03T09:00:00.000Z');
const REFERENCE = 'E2E-998877';
let opening: { items: Item[]; invoices: InvoiceId[] };
let table: MemoryTable;
beforeAll(async () => {
  // Harbour owes three invoices of GBP 60.00, Okafor one.
  opening = await owingCustomers(4);
});
beforeEach(() => {
  table = memoryTable(opening.items);
});

const items = () => loadOpenItems(table, opening.invoices);
const owed = async () => {
  const all = await items();
  return opening.invoices.map((id) => all.find(({ invoiceId }) => invoiceId === id)?.balance);
};
const numberOf = async (nth: number) =>
  (await items()).find(({ invoiceId }) => invoiceId === opening.invoices[nth])?.number ?? '';
const violations = async () => (await checkInvariants(table.items())).violations;
let calls = 0;
const post = (operation: Parameters<typeof request>[1], params: Record<string, string>, body: unknown) =>
  request(table, operation, { params, body, headers: { 'idempotency-key': `k-${++calls}` }, at });

/** Harbour pays its first invoice, under a reference of its own. */
const paid = async (over: Partial<StatementEntry> = {}) => {
  const [line] = await importLines(table, [
    { amount: 6_000, text: await numberOf(0), endToEndId: REFERENCE, ...over },
  ]);
  if (line?.status !== 'matched' || line.outcome.kind !== 'payment') throw new Error('it is matched');
  return line.outcome.paymentId;
};
const back = (over: Partial<StatementEntry> = {}) => ({
  amount: -6_000,
  text: 'RETURN',
  endToEndId: REFERENCE,
  returnReason: 'AC04',
  ...over,
});

describe('a payment that the bank takes back', () => {
  it('is reversed by its line, and its invoice is owed again', async () => {
    const paymentId = await paid();
    expect(await owed()).toEqual([0, 6_000, 6_000, 6_000]);
    const [line] = await importLines(table, [back()]);
    expect(line).toMatchObject({
      status: 'matched',
      match: { rule: 'returned_payment', reverses: paymentId, customerId: harbour, score: 1 },
      outcome: { kind: 'confirmation', paymentId, told: '000002', reversed: true },
    });
    expect(await owed()).toEqual([6_000, 6_000, 6_000, 6_000]);
    const { json } = await request(table, 'getPayment', { params: { paymentId } });
    expect(json).toMatchObject({ reversed: 6_000, unapplied: 0 });
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['with what the line says was charged', back({ amount: -6_250, charges: 250 }), 250],
    [
      'named in the text of the return',
      back({ endToEndId: 'NEW-1', text: `RTN EREF+${REFERENCE} SVWZ+no funds` }),
      0,
    ],
    ['by a bank that gives a code and no reason', back({ returnReason: undefined, code: '557' }), 0],
  ])('is known %s', async (_, entry, fee) => {
    const paymentId = await paid();
    const { run, lines } = await takeLines(table, [entry]);
    await run();
    const [line] = lines();
    // The code is the bank's own where the file's format has it; camt.053 writes it as proprietary.
    expect(line).toMatchObject({
      status: 'matched',
      match: { reverses: paymentId, ...(fee > 0 && { fee }) },
    });
    expect((await owed())[0]).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it('in the statement that told of it is reversed all the same, and so when the run breaks off', async () => {
    const entries = [
      { amount: 6_000, text: await numberOf(0), endToEndId: REFERENCE },
      back(),
      { amount: 6_000, text: 'thanks', counterparty: { name: 'Okafor & Daughters' } },
    ];
    for (let nth = 0; nth <= 6; nth++) {
      table = memoryTable(opening.items);
      const { run, lines } = await takeLines(table, entries, { linesAtOnce: 2 });
      const client = table.client();
      if (nth > 0) client.faults.crashAfter(nth);
      await run(client).catch(() => undefined);
      await run();
      expect(lines().map(({ status, match }) => [status, match?.rule])).toEqual([
        ['matched', 'invoice_number'],
        ['matched', 'returned_payment'],
        ['matched', 'exact_amount'],
      ]);
      expect(await owed()).toEqual([6_000, 6_000, 6_000, 0]);
      expect(await violations()).toEqual([]);
    }
  });

  it('is there again once the line is undone, and settles what it had', async () => {
    const paymentId = await paid();
    const [line] = await importLines(table, [back({ amount: -6_250, charges: 250 })]);
    const params = { statementId: String(line?.bankStatementId), line: '1' };
    const undone = await post('undoBankLine', params, { reason: 'Not that one' });
    expect(undone).toMatchObject({ status: 200, json: { status: 'queued' } });
    expect((await owed())[0]).toBe(0);
    const { json } = await request(table, 'getPayment', { params: { paymentId } });
    expect(json).toMatchObject({
      unapplied: 0,
      allocations: [{ invoiceId: opening.invoices[0], amount: 6_000 }],
    });
    expect(json.reversed).toBeUndefined();
    expect(await violations()).toEqual([]);
    // And may be taken back by a person after all.
    expect(await post('decideBankLine', params, { reverse: paymentId, fee: 250 })).toMatchObject({
      status: 200,
    });
    expect((await owed())[0]).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it('whose invoice was paid otherwise meanwhile stays on the account when that is undone', async () => {
    const paymentId = await paid();
    const [line] = await importLines(table, [back()]);
    await importLines(table, [{ amount: 6_000, text: await numberOf(0), endToEndId: 'E2E-2' }]);
    const params = { statementId: String(line?.bankStatementId), line: '1' };
    await post('undoBankLine', params, { reason: 'Not that one' });
    const { json } = await request(table, 'getPayment', { params: { paymentId } });
    expect(json).toMatchObject({ unapplied: 6_000, allocations: [] });
    expect(await violations()).toEqual([]);
  });
});

describe('a return that is not certain', () => {
  it.each([
    ['the bank does not say that it is one', back({ returnReason: undefined }), /does not say/],
    ['the amount is another', back({ amount: -5_900 }), /the payment is of/],
    ['more is taken than the line explains', back({ amount: -6_250 }), /the payment is of/],
  ])('is suggested where %s', async (_, entry, reason) => {
    const paymentId = await paid();
    const [line] = await importLines(table, [entry]);
    expect(line).toMatchObject({ status: 'suggested', match: { reverses: paymentId, customerId: harbour } });
    expect(line?.match?.reasons.join('; ')).toMatch(reason);
    expect((await owed())[0]).toBe(0);
    const params = { statementId: String(line?.bankStatementId), line: '1' };
    expect(await post('decideBankLine', params, { accept: true })).toMatchObject({
      status: 200,
      json: { status: 'matched', outcome: { kind: 'confirmation', paymentId } },
    });
    expect((await owed())[0]).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });

  it('is suggested where two payments bear the reference', async () => {
    await paid();
    await importLines(table, [{ amount: 6_000, text: await numberOf(3), endToEndId: REFERENCE }]);
    const [line] = await importLines(table, [back()]);
    expect(line?.status).toBe('suggested');
    expect(line?.match?.reasons).toContain('2 payments bear this reference');
    expect([harbour, okafor]).toContain(line?.match?.customerId);
  });

  it('is never made twice', async () => {
    await paid();
    await importLines(table, [back()]);
    const [again] = await importLines(table, [back()]);
    expect(again).toMatchObject({ status: 'queued', match: { rule: 'none' } });
    expect(await violations()).toEqual([]);
  });

  it('waits where no payment bears a reference of it', async () => {
    await paid();
    const [line] = await importLines(table, [back({ endToEndId: 'E2E-998878' })]);
    expect(line).toMatchObject({ status: 'queued' });
  });
});
