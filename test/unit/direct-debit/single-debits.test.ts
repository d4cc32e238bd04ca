import { beforeAll, describe, expect, it } from 'vitest';
import { BankStatementId } from '#shared/bank/bank-line.ts';
import { decideLine } from '#shared/bank/decide-line-store.ts';
import { undoLine } from '#shared/bank/undo-line-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import type { DebitItem } from '#shared/direct-debit/direct-debit.ts';
import { loadItemPage, loadRun } from '#shared/direct-debit/direct-debit-store.ts';
import { cancelRun, releaseInvoices } from '#shared/direct-debit/release-run-store.ts';
import { endSingleDebits } from '#shared/direct-debit/single-debits-store.ts';
import { loadOpenItem } from '#shared/invoice/invoice-store.ts';
import { PaymentId } from '#shared/kernel/ids.ts';
import { loadPayment, paymentActions } from '#shared/payment/payment-store.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { commit } from '#shared/table/commit.ts';
import type { Item } from '#shared/table/table.ts';
import { aBankAccount, aMatch, anEntry } from '#test/builders/bank-line.ts';
import {
  bringLine,
  brokenIn,
  debtors,
  euroStatement,
  goOn,
  MESSAGE_ID,
  makeRun,
  PAID_AT,
  RUN_ID,
  remembering,
  WORKING,
} from '#test/builders/debtors.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';

const { today, actor } = WORKING;
let keyNumber = 0;
const doing = () => ({ ...WORKING, remember: remembering(`s-${++keyNumber}`) });
const sweeping = { today, at: PAID_AT, actor: 'settle-payments' };

/** Three debits of EUR 100.00: two first ones of the customers 1 and 2, and one that recurs of customer 1. */
let ready: Item[] = [];
beforeAll(async () => {
  const table = await debtors([2, 1]);
  await makeRun(table);
  await goOn(table);
  ready = table.items();
});

const debitsIn = async (table: MemoryTable) => (await loadItemPage(table, RUN_ID, { limit: 100 })).items;
const paymentsIn = (table: MemoryTable) =>
  table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');

const single = (table: MemoryTable, number: number, debit: DebitItem) =>
  bringLine(table, number, { endToEndId: debit.endToEndId }, debit);

async function firstOf(table: MemoryTable): Promise<[DebitItem, DebitItem, DebitItem]> {
  const [first, second, third] = await debitsIn(table);
  if (!first || !second || !third) throw new Error('the run is of three debits');
  return [first, second, third];
}

describe('a debit that came on a bank line of its own', () => {
  it('is not brought again by a sum over the run, whoever says so', async () => {
    const table = memoryTable(ready);
    const [first] = await firstOf(table);
    expect(await single(table, 1, first)).toMatchObject({ status: 'matched' });
    expect((await debitsIn(table)).filter(({ paymentId }) => paymentId)).toHaveLength(1);
    const sum = await bringLine(table, 2, { amount: 30_000, batchReference: MESSAGE_ID });
    expect(sum).toMatchObject({ status: 'queued' });
    expect(sum.match?.reasons.join()).toContain('1 debit(s) of the run');
    const reference = { bankStatementId: sum.bankStatementId, line: 1 };
    await expect(decideLine(table, reference, { settleRun: RUN_ID }, doing())).rejects.toMatchObject({
      code: 'direct_debit_not_open',
    });
    expect(await goOn(table, PAID_AT)).toBe('ready');
    expect(paymentsIn(table)).toHaveLength(1);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('leaves the sums of other batches to be recognised', async () => {
    const table = memoryTable(ready);
    const [first] = await firstOf(table);
    const run = await loadRun(table, RUN_ID);
    expect(run.batches).toMatchObject([{ total: 20_000 }, { total: 10_000 }]);
    await single(table, 1, first);
    const sum = await bringLine(table, 2, { amount: 10_000, batchReference: `${MESSAGE_ID}-2` });
    expect(sum).toMatchObject({ status: 'matched', outcome: { kind: 'direct_debit', batches: [2] } });
    expect(await goOn(table, PAID_AT)).toBe('ready');
    expect(paymentsIn(table)).toHaveLength(2);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('is known by its id in the text, and by the payment that was recorded of it by hand', async () => {
    const table = memoryTable(ready);
    const [first, second] = await firstOf(table);
    await bringLine(table, 1, { text: `RETOURE? ${second.endToEndId} DANKE` }, second);
    const openItem = await loadOpenItem(table, first.invoiceId);
    if (!openItem) throw new Error('no invoice');
    const { customerId, invoiceId, endToEndId: reference, amount } = first;
    const paymentId = PaymentId.parse('pay_01k0000000000000000000000a');
    const { currency } = openItem;
    const allocations = [{ invoiceId, amount }];
    const incoming = {
      customerId,
      method: 'sepa_debit',
      currency,
      amount,
      reference,
      allocations,
    } as const;
    const recording = { paymentId, at: PAID_AT, today, by: actor };
    await commit(table, paymentActions(recordPayment(incoming, { currency }, [openItem], recording)));
    const line = await bringLine(table, 2, { endToEndId: reference });
    const own = { bankStatementId: line.bankStatementId, line: 1 };
    await decideLine(table, own, { confirms: paymentId }, doing());
    expect((await debitsIn(table)).map((item) => item.paymentId !== undefined)).toEqual([true, true, false]);
    expect((await debitsIn(table))[0]).toMatchObject({ paymentId });
    expect(paymentsIn(table)).toHaveLength(2);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('ends the run in the morning after the last of them, and no sooner', async () => {
    const table = memoryTable(ready);
    const debits = await firstOf(table);
    for (const [index, debit] of debits.entries()) {
      expect(await endSingleDebits(table, sweeping)).toBe(index === 2 ? 1 : 0);
      await single(table, index + 1, debit);
    }
    expect(await endSingleDebits(table, sweeping)).toBe(1);
    const run = await loadRun(table, RUN_ID);
    expect(run).toMatchObject({ status: 'settled', batches: [{ singly: true }, { singly: true }] });
    expect(await endSingleDebits(table, sweeping)).toBe(0);
    expect(paymentsIn(table)).toHaveLength(3);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('leaves what the bank refused to be given back, and nothing else', async () => {
    const table = memoryTable(ready);
    const [first, second] = await firstOf(table);
    await single(table, 1, first);
    const invoiceIds = [first.invoiceId, second.invoiceId];
    const run = await loadRun(table, RUN_ID);
    await expect(cancelRun(table, run, 'not sent', doing())).rejects.toMatchObject({
      code: 'direct_debit_not_open',
    });
    await releaseInvoices(table, run, { reason: 'AC04', invoiceIds }, doing());
    expect((await debitsIn(table)).map(({ releasedAt }) => releasedAt !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
    expect(await loadRun(table, RUN_ID)).toMatchObject({ status: 'ready' });
    expect(await brokenIn(table)).toEqual([]);
  });

  it('is followed when its line is undone and recorded anew', async () => {
    const table = memoryTable(ready);
    const [first] = await firstOf(table);
    const line = await single(table, 1, first);
    const own = { bankStatementId: line.bankStatementId, line: 1 };
    await undoLine(table, own, 'the wrong invoice', doing());
    const { customerId, invoiceId, amount } = first;
    await decideLine(table, own, { customerId, allocations: [{ invoiceId, amount }] }, doing());
    const [item] = await debitsIn(table);
    const payment = item?.paymentId && (await loadPayment(table, item.paymentId));
    expect(payment).toMatchObject({ amount: 10_000 });
    expect(payment).not.toHaveProperty('reversed');
    expect(paymentsIn(table)).toHaveLength(2);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('can be undone only after the line by which the bank took it back', async () => {
    const table = memoryTable(ready);
    const [first] = await firstOf(table);
    const line = await single(table, 1, first);
    const { endToEndId } = first;
    const back = await bringLine(table, 2, { amount: -10_000, endToEndId, returnReason: 'MD06' });
    expect(back).toMatchObject({ status: 'matched', outcome: { kind: 'confirmation', reversed: true } });
    const own = { bankStatementId: line.bankStatementId, line: 1 };
    await expect(undoLine(table, own, 'wrong', doing())).rejects.toMatchObject({
      code: 'bank_line_not_undoable',
    });
    await undoLine(table, { bankStatementId: back.bankStatementId, line: 1 }, 'wrong', doing());
    await undoLine(table, own, 'wrong', doing());
    expect(paymentsIn(table)).toMatchObject([{ reversed: 10_000 }]);
    expect(await brokenIn(table)).toEqual([]);
  });

  it('is a sum or a line of its own, whichever was first, when both come at once', async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    for (const order of ['sum first', 'single first']) {
      const table = memoryTable(ready);
      const [first] = await firstOf(table);
      const slow = table.client(turn);
      const account = aBankAccount({ currency: 'EUR' });
      const allocations = [{ invoiceId: first.invoiceId, amount: first.amount }];
      const lines = [
        { amount: 30_000, batchReference: MESSAGE_ID, match: undefined },
        {
          amount: 10_000,
          endToEndId: first.endToEndId,
          match: aMatch({ customerId: first.customerId, allocations }),
        },
      ];
      const work = lines.map(({ match, ...entry }, index) => {
        const told = {
          bookedOn: '2026-04-15',
          currency: 'EUR',
          text: 'debit',
          counterparty: undefined,
          ...entry,
        };
        const bankStatementId = BankStatementId.parse(`bst_${String(index + 1).padStart(32, '0')}`);
        const statement = { ...euroStatement(entry.amount), bankStatementId };
        return () => workLine(slow, { ...WORKING, statement, account, entry: anEntry(told), match });
      });
      const both = await Promise.all((order === 'sum first' ? work : work.toReversed()).map((go) => go()));
      expect(both.filter(({ status }) => status === 'matched')).toHaveLength(1);
      await goOn(table, PAID_AT);
      const own = paymentsIn(table).filter(({ customerId }) => customerId === first.customerId);
      const paid = (await debitsIn(table)).filter(({ paymentId }) => paymentId !== undefined);
      expect(paymentsIn(table)).toHaveLength(paid.length);
      expect(own.length).toBeLessThanOrEqual(2);
    }
  });
});
