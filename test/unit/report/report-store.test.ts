import { describe, expect, it } from 'vitest';
import { collectStep } from '#shared/collection/collection-store.ts';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { dispute } from '#shared/invoice/open-item.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { loadReportSources } from '#shared/report/report-store.ts';
import { keys, owners, queuePartition } from '#shared/table/keys.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { invoiceIdOf, openInvoice } from '#test/builders/open-invoice.ts';

const at = Instant.parse('2026-04-07T07:00:00.000Z');
const date = CalendarDate.parse('2026-04-07');
const policy = DunningPolicy.parse({ steps: [{ name: 'reminder', afterDays: 6 }], callAfterDays: 30 });

async function tableWith(...items: OpenItem[]) {
  const table = memoryTable();
  for (const item of items) await table.write(saveOpenItem(item, 'absent'));
  return table;
}

describe('what the morning report is made of', () => {
  it('is every invoice that is owed, whichever queue it waits in, with its customer', async () => {
    const { nextActionAt: _, ...called } = openInvoice(2, { customerId: 'cus_beta', dunningStep: 1 });
    const table = await tableWith(
      openInvoice(1),
      called,
      dispute(openInvoice(3), { reason: 'broken', by: 'acme', at }),
    );
    await table.write({
      do: 'put',
      item: {
        ...keys.customer('cus_acme'),
        customerId: 'cus_acme',
        name: 'Acme Ltd',
        email: 'a@acme.example',
      },
    });
    const { owed, contacts } = await loadReportSources(table, date);
    expect(owed.map(({ number, status, onCallList }) => ({ number, status, onCallList }))).toEqual(
      expect.arrayContaining([
        { number: 'INV-2026-000001', status: 'open', onCallList: false },
        { number: 'INV-2026-000002', status: 'open', onCallList: true },
        { number: 'INV-2026-000003', status: 'disputed', onCallList: false },
      ]),
    );
    expect(owed).toHaveLength(3);
    expect([...contacts]).toEqual([['cus_acme', { name: 'Acme Ltd', email: 'a@acme.example' }]]);
  });

  it('is the reminders of the day, as collections records them', async () => {
    const table = await tableWith(openInvoice(1, { nextActionAt: '2026-04-06T23:00:00.000Z' }));
    const customerId = openInvoice(1).customerId;
    const invoiceIds = [invoiceIdOf(1)];
    await collectStep(table, { customerId, step: 1, invoiceIds, date, at }, policy, 'Europe/London');
    expect((await loadReportSources(table, date)).reminders).toEqual([{ step: 1, stepName: 'reminder' }]);
    expect((await loadReportSources(table, CalendarDate.parse('2026-04-08'))).reminders).toEqual([]);
  });

  it('is the orders of the day, the held orders and the unapplied money', async () => {
    const table = memoryTable();
    const order = { currency: 'GBP', net: 1000, gross: 1200 };
    await table.write({
      do: 'put',
      item: {
        PK: 'ord_1',
        SK: 'FACT#000001',
        OPK: owners.day('order.placed', '2026-04-07'),
        OSK: 'x',
        sum: order,
      },
    });
    await table.write({
      do: 'put',
      item: {
        PK: 'ord_2',
        SK: 'HEAD',
        DPK: queuePartition('held-order', 'cus_1'),
        DSK: 'x',
        due: { ...order, orderId: 'ord_2' },
      },
    });
    await table.write({
      do: 'put',
      item: {
        PK: 'pay_1',
        SK: 'HEAD',
        DPK: queuePartition('unapplied', 'cus_2'),
        DSK: 'x',
        due: { customerId: 'cus_2', currency: 'GBP', amount: 50, number: 'r' },
      },
    });
    expect(await loadReportSources(table, date)).toMatchObject({
      orders: [order],
      held: [{ currency: 'GBP', gross: 1200 }],
      unapplied: [{ currency: 'GBP', amount: 50 }],
    });
  });

  it('is read whole where it fills several pages', async () => {
    const table = memoryTable();
    const put = (n: number) =>
      table.write(saveOpenItem(openInvoice(n, { customerId: `cus_${n % 500}` }), 'absent'));
    for (let n = 1; n <= 9999; n++) await put(n);
    expect((await loadReportSources(table, date)).owed).toHaveLength(9999);
  });
});
