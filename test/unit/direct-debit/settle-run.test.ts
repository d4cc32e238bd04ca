import { beforeAll, describe, expect, it } from 'vitest';
import { type BankLine, BankStatementId } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { decideLine } from '#shared/bank/decide-line-store.ts';
import type { Decision } from '#shared/bank/decision.ts';
import { undoLine } from '#shared/bank/undo-line-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { loadItemPage, loadRun } from '#shared/direct-debit/direct-debit-store.ts';
import { releaseInvoices } from '#shared/direct-debit/release-run-store.ts';
import { loadOpenItem, loadOpenItems } from '#shared/invoice/invoice-store.ts';
import { CustomerId, PaymentId } from '#shared/kernel/ids.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { loadPayment, paymentActions } from '#shared/payment/payment-store.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { commit } from '#shared/table/commit.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { aBankAccount, aMatch, anEntry, layStatement, STATEMENT_ID } from '#test/builders/bank-line.ts';
import {
  brokenIn,
  debtors,
  euroStatement,
  goOn,
  killedAnywhere,
  MADE_AT,
  MESSAGE_ID,
  makeRun,
  PAID_AT,
  RUN_ID,
  remembering,
  WORKING,
} from '#test/builders/debtors.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { invoiceIdOf } from '#test/builders/open-invoice.ts';

const { today, actor } = WORKING;
const nothing = aMatch({ outcome: 'queued', rule: 'none', customerId: undefined, allocations: [] });

/** 40 debits of EUR 100.00: 20 first ones, 20 that recur. */
let ready: Item[] = [];
beforeAll(async () => {
  const table = await debtors(Array.from({ length: 20 }, () => 2));
  await makeRun(table);
  await goOn(table);
  ready = table.items();
});

const credit = (overrides: Partial<StatementEntry> = {}): StatementEntry =>
  anEntry({
    bookedOn: '2026-04-15',
    amount: 400_000,
    currency: 'EUR',
    text: 'SEPA direct debit',
    bankReference: 'B-9',
    counterparty: undefined,
    ...overrides,
  });

/** The line comes with the statement. */
async function come(table: MemoryTable, entry: StatementEntry): Promise<BankLine> {
  const statement = euroStatement(entry.amount);
  const line = await workLine(table, {
    ...WORKING,
    statement,
    account: aBankAccount({ currency: 'EUR' }),
    entry,
    match: entry.amount > 0 ? nothing : undefined,
  });
  await layStatement(table, statement, { [line.status]: 1 });
  return line;
}

let keyNumber = 0;
const doing = () => ({ ...WORKING, remember: remembering(`d-${++keyNumber}`) });
const FIRST = BankStatementId.parse(STATEMENT_ID);
const RETURNS = BankStatementId.parse(STATEMENT_ID.replace('0', '1'));
const decide = (table: Table, decision: Decision) =>
  decideLine(table, { bankStatementId: FIRST, line: 1 }, decision, doing());

const paymentsIn = (table: MemoryTable) =>
  table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
const owedIn = async (table: MemoryTable) =>
  (
    await loadOpenItems(
      table,
      Array.from({ length: 40 }, (_, n) => invoiceIdOf(n + 1)),
    )
  ).reduce((sum, { balance }) => sum + balance, 0);
/** Minor units in transit: what payments put there less what bank lines cleared. */
const inTransit = (table: MemoryTable) =>
  table
    .items(({ SK }) => SK.startsWith('ENTRY#'))
    .flatMap(({ postings }) => (Array.isArray(postings) ? postings : []))
    .reduce((sum, { account, amount }) => (account === 'clearing' ? sum + amount : sum), 0);

describe('a credit of the sum of a run', () => {
  it.each([
    ['the message of the file', { batchReference: MESSAGE_ID }],
    ['the message in the text', { text: `SAMMLER ${MESSAGE_ID} 40 POSTEN` }],
    ['the first file', { batchReference: `${MESSAGE_ID}-F1` }],
  ])('that names %s settles all of it', async (_, entry) => {
    const table = memoryTable(ready);
    const line = await come(table, credit(entry));
    expect(line).toMatchObject({
      status: 'matched',
      outcome: { kind: 'direct_debit', directDebitId: RUN_ID, batches: [1, 2] },
    });
    // The money is at the bank at once, and out of transit once each debit is a payment.
    expect(inTransit(table)).toBe(-400_000);
    expect(await goOn(table, PAID_AT)).toBe('settled');
    expect(inTransit(table)).toBe(0);
    expect(paymentsIn(table)).toHaveLength(40);
    expect(paymentsIn(table)[0]).toMatchObject({
      method: 'sepa_debit',
      amount: 10_000,
      receivedOn: '2026-04-15',
    });
    expect(await owedIn(table)).toBe(0);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('of one payment information settles that, and the rest when it comes', async () => {
    const table = memoryTable(ready);
    const run = await loadRun(table, RUN_ID);
    expect(run.batches).toMatchObject([{ total: 200_000 }, { total: 200_000 }]);
    const first = await come(table, credit({ amount: 200_000, batchReference: `${MESSAGE_ID}-2` }));
    expect(first).toMatchObject({ outcome: { batches: [2] } });
    expect(await goOn(table, PAID_AT)).toBe('ready');
    expect(await owedIn(table)).toBe(200_000);
    const { items } = await loadItemPage(table, RUN_ID, { limit: 100 });
    for (const item of items)
      expect('sequence' in item && item.sequence === 'RCUR').toBe(item.paymentId !== undefined);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('is only suggested when it does not name the run, and settles it once accepted', async () => {
    const table = memoryTable(ready);
    const line = await come(table, credit());
    expect(line).toMatchObject({
      status: 'suggested',
      match: { rule: 'direct_debit_run', settles: { directDebitId: RUN_ID, batches: [1, 2] } },
    });
    await decide(table, { accept: true });
    expect(await goOn(table, PAID_AT)).toBe('settled');
    expect(await brokenIn(table)).toEqual([]);
  });

  it.each([
    ['another amount, though it names the run', { amount: 399_999, batchReference: MESSAGE_ID }],
    ['two batches that are of the same amount', { amount: 200_000 }],
    ['a day long after the debit', { bookedOn: CalendarDate.parse('2026-04-23') }],
  ])('waits for a person with %s', async (_, entry) => {
    const table = memoryTable(ready);
    expect(await come(table, credit(entry))).toMatchObject({ status: 'queued' });
    expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'ready' });
  });

  it('is decided by a person where no rule knows, who is told what would fit', async () => {
    const table = memoryTable(ready);
    await come(table, credit({ amount: 200_000 }));
    await expect(decide(table, { settleRun: RUN_ID })).rejects.toMatchObject({
      code: 'validation_failed',
      message: 'Several batches of the run are of this amount: say which.',
    });
    await decide(table, { settleRun: RUN_ID, batch: 1 });
    expect(await goOn(table, PAID_AT)).toBe('ready');
    expect(paymentsIn(table)).toHaveLength(20);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('does not bring a run twice, nor is it undone as a whole', async () => {
    const table = memoryTable(ready);
    await come(table, credit({ batchReference: MESSAGE_ID }));
    await goOn(table, PAID_AT);
    const reference = { bankStatementId: FIRST, line: 1 };
    await expect(undoLine(table, reference, 'wrong', doing())).rejects.toMatchObject({
      code: 'bank_line_not_undoable',
    });
    expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'settled' });
  });
});

describe('the debits of a run that is settled', () => {
  it('become payments once, wherever the work is killed', async () => {
    const world = async () => {
      const table = memoryTable(ready);
      await come(table, credit({ batchReference: MESSAGE_ID }));
      return table;
    };
    const holds = async (table: MemoryTable) => {
      expect(paymentsIn(table)).toHaveLength(40);
      expect(await owedIn(table)).toBe(0);
      expect(inTransit(table)).toBe(0);
      expect(await brokenIn(table)).toEqual([]);
    };
    expect(await killedAnywhere(world, (table) => goOn(table, PAID_AT), holds)).toBeGreaterThan(3);
  });

  it('become payments once when two are woken, and when it is handed on', async () => {
    const table = memoryTable(ready);
    await come(table, credit({ batchReference: MESSAGE_ID }));
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const both = [goOn(table.client(turn), PAID_AT), goOn(table.client(turn), PAID_AT, () => 0)];
    expect(await Promise.all(both)).toEqual(['settled', 'settled']);
    expect(paymentsIn(table)).toHaveLength(40);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('are not those that the bank refused: the sum is less by them', async () => {
    const table = memoryTable(ready);
    const asked = { reason: 'AC04 closed account', invoiceIds: [invoiceIdOf(1)] };
    await releaseInvoices(table, await loadRun(table, RUN_ID), asked, doing());
    const line = await come(table, credit({ amount: 390_000, batchReference: MESSAGE_ID }));
    expect(line.status).toBe('matched');
    expect(await goOn(table, PAID_AT)).toBe('settled');
    expect(paymentsIn(table)).toHaveLength(39);
    expect(await loadOpenItem(table, invoiceIdOf(1))).toMatchObject({ balance: 10_000 });
    expect(await brokenIn(table)).toEqual([]);
  });

  it('keep the payment that was recorded by hand, which is cleared with them', async () => {
    const table = memoryTable(ready);
    const { items } = await loadItemPage(table, RUN_ID, { limit: 1 });
    const [item] = items;
    if (!item) throw new Error('an empty run');
    const paymentId = PaymentId.parse('pay_01k0000000000000000000000a');
    const { customerId, invoiceId, endToEndId: reference, amount } = item;
    const openItem = await loadOpenItem(table, invoiceId);
    if (!openItem) throw new Error('no invoice');
    const { currency } = openItem;
    const allocations = [{ invoiceId, amount }];
    const incoming = { customerId, method: 'sepa_debit', currency, amount, reference, allocations } as const;
    const recording = { paymentId, at: PAID_AT, today, by: actor };
    await commit(table, paymentActions(recordPayment(incoming, { currency }, [openItem], recording)));
    await come(table, credit({ batchReference: MESSAGE_ID }));
    expect(await goOn(table, PAID_AT)).toBe('settled');
    expect(paymentsIn(table)).toHaveLength(40);
    expect(inTransit(table)).toBe(0);
    expect((await loadItemPage(table, RUN_ID, { limit: 1 })).items).toMatchObject([{ paymentId }]);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('are money of the customer when the invoice was paid otherwise', async () => {
    const table = memoryTable(ready);
    const openItem = await loadOpenItem(table, invoiceIdOf(3));
    if (!openItem) throw new Error('no invoice');
    const { customerId, currency, balance: amount, invoiceId } = openItem;
    const transfer = {
      customerId,
      method: 'bank_transfer',
      currency,
      amount,
      allocations: [{ invoiceId, amount }],
    } as const;
    const paymentId = PaymentId.parse('pay_01k0000000000000000000000a');
    const recording = { paymentId, at: MADE_AT, today: CalendarDate.parse('2026-03-31'), by: actor };
    await commit(table, paymentActions(recordPayment(transfer, { currency }, [openItem], recording)));
    await come(table, credit({ batchReference: MESSAGE_ID }));
    expect(await goOn(table, PAID_AT)).toBe('settled');
    const own = paymentsIn(table).filter(({ unapplied }) => Number(unapplied) > 0);
    expect(own).toMatchObject([{ customerId: CustomerId.parse(customerId), unapplied: 10_000 }]);
  });

  it('are returned one by one afterwards: that payment is reversed, and its invoice owed again', async () => {
    const table = memoryTable(ready);
    await come(table, credit({ batchReference: MESSAGE_ID }));
    await goOn(table, PAID_AT);
    const { items } = await loadItemPage(table, RUN_ID, { limit: 1 });
    const [item] = items;
    if (!item?.paymentId) throw new Error('not settled');
    const statement = { ...euroStatement(-10_300), bankStatementId: RETURNS };
    const entry = credit({
      bookedOn: CalendarDate.parse('2026-04-16'),
      amount: -10_300,
      endToEndId: item.endToEndId,
      returnReason: 'MD06',
    });
    const work = { ...WORKING, statement, account: aBankAccount(), entry, match: undefined };
    const line = await workLine(table, work);
    expect(line).toMatchObject({ status: 'suggested', match: { reverses: item.paymentId } });
    await layStatement(table, statement, { [line.status]: 1 });
    const returned = { bankStatementId: RETURNS, line: 1 };
    await decideLine(table, returned, { reverse: item.paymentId, fee: 300 }, doing());
    expect(await loadPayment(table, item.paymentId)).toMatchObject({ reversed: 10_000 });
    expect(await loadOpenItem(table, item.invoiceId)).toMatchObject({ status: 'open', balance: 10_000 });
    expect(inTransit(table)).toBe(0);
    expect(await brokenIn(table)).toEqual([]);
  });
});
