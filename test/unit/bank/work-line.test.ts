import { beforeEach, describe, expect, it } from 'vitest';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { decideLine } from '#shared/bank/decide-line-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { loadOpenItem, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, InvoiceId, newId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import type { Match } from '#shared/matching/match.ts';
import { listPayments, loadPayment, paymentActions } from '#shared/payment/payment-store.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { refundActions } from '#shared/payment/refund-store.ts';
import {
  adviceActions,
  loadAdvice,
  loadOpenAdvices,
  withdrawalActions,
} from '#shared/remittance/advice-store.ts';
import { withdrawAdvice } from '#shared/remittance/advise-remittance.ts';
import { commit } from '#shared/table/commit.ts';
import { keys, queuePartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import {
  aBankAccount,
  aMatch,
  anEntry,
  aStatement,
  layStatement,
  STATEMENT_ID,
} from '../../builders/bank-line.ts';
import { anAccount } from '../../builders/customer.ts';
import { anOpenItem, INVOICE_ID } from '../../builders/invoice.ts';
import { type MemoryTable, memoryTable } from '../../builders/memory-table.ts';

const customerId = CustomerId.parse('cus_harbour');
const invoiceId = InvoiceId.parse(INVOICE_ID);
const at = Instant.parse('2026-04-01T08:00:00.000Z');
const today = CalendarDate.parse('2026-04-01');

let table: MemoryTable;
beforeEach(async () => {
  table = memoryTable();
  await table.write(saveOpenItem(anOpenItem(), 'absent'));
  await table.write({
    do: 'put',
    item: { ...keys.account(customerId), ...anAccount({ exposure: 6_000, receivable: 6_000 }) },
  });
  table.resetUnits();
});

const work = (
  entry: StatementEntry = anEntry(),
  match: Match | undefined = aMatch(),
  through: Table = table,
) =>
  workLine(through, {
    timeZone: 'Europe/London',
    statement: aStatement(6_000, 1),
    account: aBankAccount(),
    entry,
    match,
    at,
    today,
    actor: 'import-statement',
  });
const owed = async () => (await loadOpenItem(table, invoiceId))?.balance;
const payments = async () => (await listPayments(table, customerId, { limit: 100 })).payments;
const booked = async () =>
  (await loadEntriesOfDay(table, today)).map(({ kind, postings }) => [
    kind,
    ...postings.map(({ account, amount }) => `${account} ${amount}`),
  ]);
const queue = async () =>
  (await table.query({ index: 'byDue', partition: queuePartition('bank-line', 'main') })).items.length;
/** GBP 60.00 recorded by hand, or by a provider. */
const recordByHand = async (method: 'bank_transfer' | 'card' = 'bank_transfer') => {
  const paymentId = newId('pay', at);
  const incoming = {
    customerId,
    method,
    currency: Currency.parse('GBP'),
    amount: 6_000,
    reference: 'HARBOUR MARCH',
    allocations: [],
  };
  const recorded = recordPayment(incoming, anAccount(), [], { paymentId, at, today, by: 'finance' });
  await commit(table, paymentActions(recorded));
  return recorded.payment;
};

describe('a line that is matched', () => {
  it('is posted with its payment, the invoice and the books at once', async () => {
    const line = await work();
    const [payment] = await payments();
    expect(line).toMatchObject({
      status: 'matched',
      outcome: { kind: 'payment', paymentId: payment?.paymentId },
      by: 'import-statement',
    });
    expect(payment).toMatchObject({
      method: 'bank_transfer',
      amount: 6_000,
      unapplied: 0,
      reference: 'B-1',
      receivedOn: '2026-03-31',
      bankLine: { bankStatementId: STATEMENT_ID, line: 1 },
    });
    expect(await owed()).toBe(0);
    expect(await loadAccount(table, customerId)).toMatchObject({ exposure: 0, receivable: 0 });
    expect(await booked()).toEqual([['payment', 'bank 6000', 'receivables -6000']]);
    expect(await queue()).toBe(0);
  });

  const advised = async () => {
    const advice = {
      adviceId: newId('adv', at),
      customerId,
      source: 'api',
      currency: Currency.parse('GBP'),
      total: 6_000,
      invoices: [{ invoiceId, number: 'INV-2026-000001', amount: 6_000 }],
      expiresOn: CalendarDate.parse('2026-05-31'),
      advisedAt: at,
      advisedBy: 'buyer',
      version: 1,
      status: 'open',
    } as const;
    await commit(table, adviceActions({ ...advice, invoices: [...advice.invoices] }));
    return advice.adviceId;
  };

  it('uses up the advice that it follows', async () => {
    const adviceId = await advised();
    await work(anEntry(), aMatch({ adviceId }));
    const [payment] = await payments();
    expect(await loadAdvice(table, adviceId)).toMatchObject({
      status: 'used',
      paymentId: payment?.paymentId,
    });
    expect(await loadOpenAdvices(table, { on: today })).toEqual([]);
  });

  it('is suggested where the advice was withdrawn meanwhile, and then paid without it', async () => {
    const adviceId = await advised();
    const open = await loadAdvice(table, adviceId);
    if (!open) throw new Error('it was advised');
    await commit(table, withdrawalActions(withdrawAdvice(open, { at, by: 'buyer' }), 1));
    expect(await work(anEntry(), aMatch({ adviceId }))).toMatchObject({ status: 'suggested' });
    expect(await owed()).toBe(6_000);
    const statement = aStatement(6_000, 1);
    await layStatement(table, statement);
    const remember = (factId: string) => ({ do: 'put', item: { PK: 'idem_ada', SK: factId } }) as const;
    const reference = { bankStatementId: statement.bankStatementId, line: 1 };
    await decideLine(
      table,
      reference,
      { accept: true },
      { at, today, timeZone: 'Europe/London', actor: 'ada', remember },
    );
    expect(await owed()).toBe(0);
    expect(await loadAdvice(table, adviceId)).toMatchObject({ status: 'withdrawn' });
  });

  it('is posted once, however often it is worked', async () => {
    const first = await work();
    const before = table.items();
    expect(await work()).toEqual(first);
    expect(await work(anEntry(), aMatch({ outcome: 'queued' }))).toEqual(first);
    expect(table.items()).toEqual(before);
  });

  it('takes two round trips', async () => {
    await work();
    expect(table.units.calls).toBe(3);
  });

  it('leaves on account what no invoice takes', async () => {
    await work(anEntry({ amount: 7_000 }), aMatch({ unapplied: 1_000 }));
    expect(await payments()).toMatchObject([{ amount: 7_000, unapplied: 1_000 }]);
    expect(await booked()).toEqual([['payment', 'bank 7000', 'receivables -6000', 'unapplied -1000']]);
  });

  it('settles the invoice wholly where what lacks is let go', async () => {
    const difference = { amount: 3, account: 'rounding' };
    await work(
      anEntry({ amount: 5_997 }),
      aMatch({ allocations: [{ invoiceId, amount: 5_997, difference }] }),
    );
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({ status: 'paid', balance: 0 });
    expect(await loadAccount(table, customerId)).toMatchObject({ exposure: 0, receivable: 0 });
    expect(await booked()).toEqual([
      ['payment', 'bank 5997', 'receivables -5997', 'rounding 3', 'receivables -3'],
    ]);
  });

  it('takes the discount that was offered on the day the money was at the bank', async () => {
    await table.write(
      saveOpenItem(anOpenItem({ discount: { until: '2026-03-31', amount: 120, tax: 20 }, version: 2 }), 1),
    );
    await work(
      anEntry({ amount: 5_880 }),
      aMatch({ allocations: [{ invoiceId, amount: 5_880, discount: 120 }] }),
    );
    expect(await owed()).toBe(0);
  });

  it('disputes what its payer refuses to pay', async () => {
    const dispute = { invoiceId, amount: 1_000, reasonCode: 'damaged' };
    const text = 'INV-2026-000001 less two damaged';
    await work(
      anEntry({ amount: 5_000, text }),
      aMatch({ allocations: [{ invoiceId, amount: 5_000 }], dispute }),
    );
    expect(await loadOpenItem(table, invoiceId)).toMatchObject({
      status: 'disputed',
      balance: 1_000,
      version: 3,
      dispute: { reason: 'damaged: INV-2026-000001 less two damaged' },
    });
    expect(await table.get(keys.fact(invoiceId, '000003'))).toMatchObject({ type: 'invoice.disputed' });
  });

  it('is posted from a fresh read where another payment of the invoice was faster', async () => {
    const slow: Table = {
      ...table,
      transact: async (actions) => {
        slow.transact = table.transact.bind(table);
        await table.write(saveOpenItem(anOpenItem({ version: 2 }), 1));
        return table.transact(actions);
      },
    };
    expect(await work(anEntry(), aMatch(), slow)).toMatchObject({ status: 'matched' });
  });

  it.each([
    ['is paid meanwhile', anOpenItem({ status: 'paid', version: 2 }), [], 6_000],
    ['is partly paid meanwhile', anOpenItem({ balance: 2_000, version: 2 }), [2_000], 4_000],
  ])('is suggested where its invoice %s', async (_, item, amounts, unapplied) => {
    await table.write(saveOpenItem(item, 1));
    const line = await work();
    expect(line).toMatchObject({ status: 'suggested', match: { unapplied } });
    expect(line.match?.allocations.map(({ amount }) => amount)).toEqual(amounts);
    expect(await payments()).toEqual([]);
    expect(await queue()).toBe(1);
  });

  it('is suggested where it names more invoices than one transaction settles', async () => {
    const allocations = Array.from({ length: 41 }, (_, n) => ({
      invoiceId: InvoiceId.parse(`inv_01k00000000000000000000${String(n).padStart(3, '0')}`),
      amount: 100,
    }));
    expect(await work(anEntry(), aMatch({ allocations }))).toMatchObject({ status: 'suggested' });
  });
});

describe('a line that is not matched', () => {
  it('waits for a yes where the payer alone is known', async () => {
    expect(await work(anEntry(), aMatch({ outcome: 'suggested' }))).toMatchObject({ status: 'suggested' });
    expect(await queue()).toBe(1);
    expect(table.units.calls).toBe(2);
  });

  it.each([undefined, aMatch({ outcome: 'queued', customerId: undefined })])(
    'waits for a decision',
    async (match) => {
      const line = await workLine(table, {
        timeZone: 'Europe/London',
        statement: aStatement(6_000, 1),
        account: aBankAccount(),
        entry: anEntry(),
        match,
        at,
        today,
        actor: 'import-statement',
      });
      expect(line).toMatchObject({ status: 'queued' });
      expect(await queue()).toBe(1);
    },
  );
});

describe('a line of a payment recorded before', () => {
  const confirming = (confirms: string) =>
    aMatch({ rule: 'payment_reference', allocations: [], unapplied: 0, confirms });

  it('confirms it, and no second payment is recorded', async () => {
    const { paymentId } = await recordByHand();
    expect(await work(anEntry(), confirming(paymentId))).toMatchObject({
      status: 'matched',
      outcome: { kind: 'confirmation', paymentId, told: '000001' },
    });
    expect(await payments()).toHaveLength(1);
    expect(await booked()).toHaveLength(1);
  });

  it('brings to the bank what a provider had collected', async () => {
    const { paymentId } = await recordByHand('card');
    await work(anEntry(), confirming(paymentId));
    expect((await booked()).find(([kind]) => kind === 'bank')).toEqual([
      'bank',
      'bank 6000',
      'clearing -6000',
    ]);
  });

  it('confirms it once: the next such line waits', async () => {
    const { paymentId } = await recordByHand();
    await work(anEntry(), confirming(paymentId));
    expect(await work(anEntry({ line: 2 }), confirming(paymentId))).toMatchObject({ status: 'queued' });
    expect(await payments()).toHaveLength(1);
  });

  it('does not confirm a payment that another line recorded', async () => {
    await work();
    const [payment] = await payments();
    const second = await work(anEntry({ line: 2 }), confirming(payment?.paymentId ?? ''));
    expect(second).toMatchObject({ status: 'queued' });
    expect(second.match).not.toHaveProperty('confirms');
  });
});

describe('money that went out', () => {
  const refund = async () => {
    const payment = await recordByHand();
    const doing = { actor: 'finance', at, timeZone: 'Europe/London' };
    await table.transact(refundActions(payment, { amount: 2_500, reason: 'Paid twice' }, doing).actions);
    return payment.paymentId;
  };
  const out = (text: string, more: Record<string, unknown> = {}) =>
    work(anEntry({ amount: -2_500, text, bankReference: undefined, ...more }), undefined);

  it('confirms the refund of this amount and reference', async () => {
    const paymentId = await refund();
    expect(await out('Refund HARBOUR MARCH')).toMatchObject({
      status: 'matched',
      outcome: { kind: 'confirmation', paymentId, told: '000002' },
    });
    expect((await loadPayment(table, paymentId))?.refunded).toBe(2_500);
  });

  it('confirms a refund once', async () => {
    await refund();
    await out('Refund HARBOUR MARCH');
    expect(await out('Refund HARBOUR MARCH', { line: 2 })).toMatchObject({ status: 'queued' });
  });

  it.each(['Rent for April', 'HARBOUR'])('waits for a decision with the text %s', async (text) => {
    await refund();
    expect(await out(text)).toMatchObject({ status: 'queued' });
  });

  it('says which payment the bank returned', async () => {
    const line = await out('Returned', { returnReason: 'AC04', endToEndId: 'E2E-7' });
    expect(line.match?.reasons).toEqual([
      'the bank returned a payment with the reference E2E-7: AC04. Reverse that payment',
    ]);
  });
});
