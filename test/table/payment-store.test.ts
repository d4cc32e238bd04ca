import { beforeEach, describe, expect, it } from 'vitest';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { loadOpenItem, loadOpenItems, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, InvoiceId, newId, PaymentId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, Instant, instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { listPayments, loadPayment, paymentActions } from '#shared/payment/payment-store.ts';
import type { SucceededPayment } from '#shared/payment/provider.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import { recordPayment } from '#shared/payment/record-payment.ts';
import { commit } from '#shared/table/commit.ts';
import { keys, queuePartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { anAccount } from '../builders/customer.ts';
import { anOpenItem, INVOICE_ID } from '../builders/invoice.ts';
import { Crash, type MemoryTable, memoryTable } from '../builders/memory-table.ts';

const customerId = CustomerId.parse('cus_harbour');
const invoiceId = InvoiceId.parse(INVOICE_ID);
const at = Instant.parse('2026-03-31T12:00:00.000Z');
const today = CalendarDate.parse('2026-03-31');

let table: MemoryTable;
beforeEach(async () => {
  table = memoryTable();
  await table.write(saveOpenItem(anOpenItem(), 'absent'));
  const account = anAccount({ exposure: 6_000, receivable: 6_000 });
  await table.write({ do: 'put', item: { ...keys.account(customerId), ...account } });
  table.resetUnits();
});

/** GBP 60.00, all that is owed, paid by card. */
const paid = (overrides: Partial<SucceededPayment> = {}): SucceededPayment => ({
  type: 'payment_succeeded',
  eventId: 'evt_1',
  providerPaymentId: 'sbx_1',
  invoiceId,
  amount: 6_000,
  currency: Currency.parse('GBP'),
  ...overrides,
});
const receive = (event: SucceededPayment, through: Table = table) =>
  applyProviderEvent(through, 'sandbox', event, { at, by: 'payment-webhook', timeZone: 'Europe/London' });

const balance = async () => (await loadOpenItem(table, invoiceId))?.balance;
const account = () => loadAccount(table, customerId);
const allPayments = async () => (await listPayments(table, customerId, { limit: 100 })).payments;
const booked = async () =>
  (await loadEntriesOfDay(table, today)).map(({ postings }) => postings.map(({ amount }) => amount));

describe('a discount taken for paying early', () => {
  it('is in the entry of the payment, and no longer owed', async () => {
    const item = anOpenItem({ discount: { until: '2026-03-31', amount: 120, tax: 20 } });
    await table.write(saveOpenItem(item, 1));
    await receive(paid({ amount: 5_880 }));
    expect(await balance()).toBe(0);
    expect(await account()).toMatchObject({ exposure: 0, receivable: 0 });
    expect(await allPayments()).toMatchObject([
      { amount: 5_880, allocations: [{ amount: 5_880, discount: 120 }] },
    ]);
    expect(await booked()).toEqual([[5_880, -5_880, 100, 20, -120]]);
  });
});

describe('a payment in the table', () => {
  const moment = { paymentId: newId('pay', at), at, today, by: 'finance@example.com' };
  const short = {
    customerId,
    method: 'bank_transfer',
    currency: Currency.parse('GBP'),
    amount: 2_500,
    reference: 'HARBOUR MARCH',
    allocations: [{ invoiceId, amount: 2_000 }],
  } as const;

  it('is written with all that follows from it, or not at all', async () => {
    const recorded = recordPayment(short, anAccount(), [anOpenItem()], moment);
    await commit(table, paymentActions(recorded));

    expect(await loadPayment(table, moment.paymentId)).toEqual(recorded.payment);
    expect(await balance()).toBe(4_000);
    expect(await account()).toMatchObject({ exposure: 3_500, receivable: 3_500 });
    expect(await loadEntriesOfDay(table, today)).toMatchObject([
      {
        kind: 'payment',
        source: moment.paymentId,
        reference: 'HARBOUR MARCH',
        postings: [
          { account: 'bank', amount: 2_500 },
          { account: 'receivables', amount: -2_000 },
          { account: 'unapplied', amount: -500 },
        ],
      },
    ]);
    const fact = await table.get(keys.fact(moment.paymentId, '000001'));
    expect(fact).toMatchObject({
      type: 'payment.received',
      customerId: 'cus_harbour',
      actor: 'finance@example.com',
      data: { method: 'bank_transfer', amount: 2_500, unapplied: 500, reference: 'HARBOUR MARCH' },
    });
    const before = table.items();
    await expect(commit(table, paymentActions(recorded))).rejects.toThrow('changed by someone else');
    expect(table.items()).toEqual(before);
  });

  it('waits in the queue of unapplied money, as far as nothing is done with it', async () => {
    await commit(table, paymentActions(recordPayment(short, anAccount(), [anOpenItem()], moment)));
    const queue = await table.query({ index: 'byDue', partition: queuePartition('unapplied', customerId) });
    expect(queue.items.map(({ due }) => due)).toEqual([
      { customerId: 'cus_harbour', currency: 'GBP', amount: 500, number: 'HARBOUR MARCH' },
    ]);
  });

  it('is refused whole when an invoice changed since it was read', async () => {
    const recorded = recordPayment(short, anAccount(), [anOpenItem()], moment);
    await receive(paid());
    const before = table.items();
    await expect(commit(table, paymentActions(recorded))).rejects.toMatchObject({ code: 'version_conflict' });
    expect(table.items()).toEqual(before);
  });

  it('costs 13 write units besides its key, and 3 for each further invoice', async () => {
    const single = { ...short, amount: 2_000 };
    await commit(table, paymentActions(recordPayment(single, anAccount(), [anOpenItem()], moment)));
    expect(table.units.writes).toBe(13);

    const items = [1, 2, 3].map((n) => anOpenItem({ invoiceId: `inv_01k0000000000000000000000${n}` }));
    await Promise.all(items.map((item) => table.write(saveOpenItem(item, 'absent'))));
    table.resetUnits();
    const triple = {
      ...single,
      amount: 1_500,
      allocations: items.map((item) => ({ invoiceId: item.invoiceId, amount: 500 })),
    };
    const next = { ...moment, paymentId: newId('pay', at) };
    await commit(table, paymentActions(recordPayment(triple, anAccount(), items, next)));
    expect(table.units.writes).toBe(19);
  });

  it('settles 40 invoices at once', async () => {
    const items = Array.from({ length: 40 }, (_, index) =>
      anOpenItem({ invoiceId: `inv_01k00000000000000000000${String(index).padStart(3, '0')}` }),
    );
    await Promise.all(items.map((item) => table.write(saveOpenItem(item, 'absent'))));
    const allocations = items.map((item) => ({ invoiceId: item.invoiceId, amount: 6_000 }));
    await commit(
      table,
      paymentActions(recordPayment({ ...short, amount: 240_000, allocations }, anAccount(), items, moment)),
    );
    const owed = await loadOpenItems(
      table,
      items.map((item) => item.invoiceId),
    );
    expect(owed.filter(({ status }) => status === 'paid')).toHaveLength(40);
  });
});

describe("a customer's payments", () => {
  it('are listed newest first, page by page', async () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-03'];
    for (const day of days) {
      const recordedAt = instant(`${day}T09:00:00Z`);
      const moment = {
        paymentId: newId('pay', recordedAt),
        at: recordedAt,
        today,
        by: 'finance@example.com',
      };
      const cash = {
        customerId,
        method: 'cash',
        currency: Currency.parse('GBP'),
        amount: 100,
        allocations: [],
      } as const;
      await commit(table, paymentActions(recordPayment(cash, anAccount(), [], moment)));
    }
    const first = await listPayments(table, customerId, { limit: 2 });
    expect(first.payments.map(({ recordedAt }) => recordedAt)).toEqual([
      '2026-03-03T09:00:00.000Z',
      '2026-03-02T09:00:00.000Z',
    ]);
    const second = await listPayments(table, customerId, { limit: 2, cursor: first.nextCursor });
    expect(second.payments.map(({ recordedAt }) => recordedAt)).toEqual(['2026-03-01T09:00:00.000Z']);
    expect(second.nextCursor).toBeUndefined();
  });

  it("are not reached with another list's cursor", async () => {
    const other = Buffer.from(JSON.stringify({ OPK: 'cus_other#payment', OSK: 'x' })).toString('base64url');
    await expect(listPayments(table, customerId, { limit: 2, cursor: other })).rejects.toMatchObject({
      code: 'cursor_invalid',
    });
  });
});

describe('money a provider collected', () => {
  it('settles the invoice, by card, under the id the provider gave it', async () => {
    const { paymentId, result } = await receive(paid());
    expect(result).toBe('applied');
    expect(await loadPayment(table, PaymentId.parse(paymentId))).toMatchObject({
      method: 'card',
      reference: 'sbx_1',
      amount: 6_000,
      unapplied: 0,
      recordedBy: 'payment-webhook',
      receivedOn: '2026-03-31',
    });
    expect(await balance()).toBe(0);
    expect(await account()).toMatchObject({ exposure: 0, receivable: 0 });
    expect(await loadEntriesOfDay(table, today)).toMatchObject([
      {
        postings: [
          { account: 'clearing', amount: 6_000 },
          { account: 'receivables', amount: -6_000 },
        ],
      },
    ]);
  });

  it('is recorded once for ever, and repetitions cost no writes', async () => {
    const first = await receive(paid());
    const before = table.items();
    table.resetUnits();
    const later = Instant.parse('2027-08-01T00:00:00.000Z');
    const again = await applyProviderEvent(table, 'sandbox', paid({ eventId: 'evt_2' }), {
      at: later,
      by: 'payment-webhook',
      timeZone: 'Europe/London',
    });
    expect(again).toEqual({ paymentId: first.paymentId, result: 'repeated' });
    expect(table.items()).toEqual(before);
    expect(table.units.writes).toBe(0);
  });

  it('is recorded once when it comes ten times at the same moment', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => receive(paid())));
    expect(results.filter(({ result }) => result === 'applied')).toHaveLength(1);
    expect(new Set(results.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(await booked()).toEqual([[6_000, -6_000]]);
  });

  it('is never lost: what a paid invoice does not take stays on the account', async () => {
    await receive(paid());
    await receive(paid({ providerPaymentId: 'sbx_2' }));
    const [first, second] = (await allPayments()).sort((a, b) => a.unapplied - b.unapplied);
    expect(first).toMatchObject({ unapplied: 0, allocations: [{ invoiceId: INVOICE_ID, amount: 6_000 }] });
    expect(second).toMatchObject({ amount: 6_000, unapplied: 6_000, allocations: [], reference: 'sbx_2' });
    expect(await account()).toMatchObject({ exposure: -6_000, receivable: -6_000 });
  });

  it('never allocates more than is owed, however many pay at once', async () => {
    const payers = Array.from({ length: 5 }, (_, n) =>
      paid({ providerPaymentId: `sbx_${n}`, amount: 2_500 }),
    );
    await Promise.all(payers.map((event) => receive(event)));
    const recorded = await allPayments();
    expect(recorded.map(({ allocations }) => allocations[0]?.amount ?? 0).sort((a, b) => b - a)).toEqual([
      2_500, 2_500, 1_000, 0, 0,
    ]);
    expect(recorded.reduce((sum, { unapplied }) => sum + unapplied, 0)).toBe(6_500);
    expect(await balance()).toBe(0);
    expect(await account()).toMatchObject({ receivable: -6_500 });
    expect(await booked()).toHaveLength(5);
  });

  it('comes to the same in any order and with any repetition', async () => {
    const events = [1, 2, 3].map((n) => paid({ providerPaymentId: `sbx_${n}`, amount: n * 1_000 }));
    const orders = [
      [0, 1, 2, 0, 1, 2],
      [2, 2, 1, 0, 1, 0],
      [1, 0, 1, 2, 0, 2],
    ];
    for (const order of orders) {
      const fresh = memoryTable();
      await fresh.write(saveOpenItem(anOpenItem(), 'absent'));
      await fresh.write({
        do: 'put',
        item: { ...keys.account(customerId), ...anAccount({ receivable: 6_000 }) },
      });
      for (const index of order) {
        const event = events[index];
        if (event) await receive(event, fresh);
      }
      expect((await loadOpenItem(fresh, invoiceId))?.status).toBe('paid');
      expect((await loadAccount(fresh, customerId))?.receivable).toBe(0);
      expect((await listPayments(fresh, customerId, { limit: 100 })).payments).toHaveLength(3);
    }
  });

  it('is applied once when the process dies just after it wrote, and the provider tries again', async () => {
    const dying = table.client();
    dying.faults.crashAfter(1);
    await expect(receive(paid(), dying)).rejects.toThrow(Crash);
    const { result, paymentId } = await receive(paid());
    expect(result).toBe('repeated');
    expect((await loadPayment(table, PaymentId.parse(paymentId)))?.amount).toBe(6_000);
    expect(await booked()).toEqual([[6_000, -6_000]]);
  });

  it('leaves nothing behind when the process dies just before it writes', async () => {
    const before = table.items();
    const dying = table.client();
    dying.faults.crashBefore(1);
    await expect(receive(paid(), dying)).rejects.toThrow(Crash);
    expect(table.items()).toEqual(before);
    expect((await receive(paid())).result).toBe('applied');
  });

  it('waits out other transactions on the same invoice', async () => {
    table.faults.conflict(3);
    expect((await receive(paid())).result).toBe('applied');
  });

  it('is refused for an invoice nobody issued, or in another currency: nothing is written', async () => {
    const before = table.items();
    const unknown = InvoiceId.parse('inv_01k0000000000000000000000z');
    await expect(receive(paid({ invoiceId: unknown }))).rejects.toMatchObject({ code: 'invoice_not_found' });
    const euros = paid({ currency: Currency.parse('EUR') });
    await expect(receive(euros)).rejects.toMatchObject({ code: 'currency_mismatch' });
    expect(table.items()).toEqual(before);
  });
});

it('knows no payment under an id that was never given', async () => {
  expect(await loadPayment(table, PaymentId.parse('pay_01k0000000000000000000000z'))).toBeUndefined();
});
