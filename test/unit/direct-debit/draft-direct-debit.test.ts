import { describe, expect, it } from 'vitest';
import { DebitPolicy } from '#shared/direct-debit/debit-policy.ts';
import { AchItem } from '#shared/direct-debit/direct-debit.ts';
import { draftChunk, newRun } from '#shared/direct-debit/draft-direct-debit.ts';
import { Mandate } from '#shared/direct-debit/mandate.ts';
import { nacha } from '#shared/direct-debit/nacha.ts';
import { dispute, endDebit, resolveDispute, resumeReminders, startDebit } from '#shared/invoice/open-item.ts';
import { CustomerId, DirectDebitId, InvoiceId } from '#shared/kernel/ids.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { shippedCalendarPolicy } from '#shared/terms/shipped-calendar-policy.ts';
import { aCompany } from '#test/builders/company.ts';
import { anOpenItem } from '#test/builders/invoice.ts';

const directDebitId = DirectDebitId.parse('ddb_01k0000000000000000000000e');
const customerId = CustomerId.parse('cus_harbour');
const collectOn = CalendarDate.parse('2026-04-20');
const at = instant('2026-03-31T10:00:00Z');
const later = instant('2026-05-01T00:00:00Z');

const authorization = Mandate.parse({
  format: 'nacha',
  mandateId: 'A-7',
  signedOn: '2026-01-15',
  scheme: 'CCD',
  routingNumber: '121000358',
  account: '000123456789',
  customerId,
  status: 'active',
  sequence: 'FRST',
  createdAt: at,
  createdBy: 'finance@example.com',
  version: 1,
});

const ach = { destination: '021000021', destinationName: 'JPMorgan Chase', companyId: '1123456789' };
const making = {
  request: { format: 'nacha', collectOn },
  directDebitId,
  company: aCompany({ directDebit: { ach } }),
  policy: DebitPolicy.parse({}),
  calendar: shippedCalendarPolicy,
  today: CalendarDate.parse('2026-03-31'),
  at,
  by: 'finance@example.com',
} as const;
const context = {
  run: newRun(making),
  mandates: [authorization],
  names: new Map([[customerId, 'Harbour Books']]),
  openItems: [anOpenItem({ currency: 'USD' })],
};

describe('a direct debit run by ACH', () => {
  it('debits what is due under the authorization, and its file can be written', () => {
    const draft = draftChunk(context);
    expect(draft?.items).toMatchObject([{ amount: 6_000, name: 'Harbour Books', mandateId: 'A-7' }]);
    expect(draft?.mandates).toMatchObject([{ lastUsedOn: '2026-04-20', version: 2 }]);
    if (draft?.run.format !== 'nacha') throw new Error('not an ACH run');
    expect(nacha(draft.run, [AchItem.parse(draft.items[0])])).toContain(
      '627121000358000123456789     0000006000D',
    );
  });

  it('takes the instalments due by the day', () => {
    const instalments = [
      { dueOn: '2026-04-02', amount: 1_500 },
      { dueOn: '2026-05-02', amount: 4_500 },
    ];
    const openItems = [anOpenItem({ currency: 'USD', instalments })];
    expect(draftChunk({ ...context, openItems })?.run.total).toBe(1_500);
  });

  it('leaves out what is owed in another currency', () => {
    const openItems = [anOpenItem({ currency: 'EUR' })];
    expect(draftChunk({ ...context, openItems })).toBeUndefined();
  });

  it('goes on after what is in it: another place, another end-to-end id, the sums of both', () => {
    const first = draftChunk(context);
    if (!first) throw new Error('nothing was taken');
    const invoiceId = InvoiceId.parse('inv_01k0000000000000000000000c');
    const openItems = [anOpenItem({ currency: 'USD', invoiceId })];
    const second = draftChunk({ ...context, run: first.run, mandates: first.mandates, openItems });
    expect(second?.run).toMatchObject({
      count: 2,
      total: 12_000,
      batches: [{ scheme: 'CCD', count: 2, total: 12_000 }],
      version: 2,
    });
    expect(second?.items[0]?.endToEndId).not.toBe(first.items[0]?.endToEndId);
  });

  it('takes no more than a batch of its file can add up to', () => {
    const run = { ...context.run, count: 1, total: 999_999_999_999 - 5_999 };
    expect(draftChunk({ ...context, run })).toBeUndefined();
  });

  it('waits as long as the bank wants it to where customers agreed to less notice', () => {
    const policy = DebitPolicy.parse({ noticeDays: 1, leadDays: { CCD: 3 } });
    const on = (day: string) =>
      newRun({ ...making, policy, request: { format: 'nacha', collectOn: CalendarDate.parse(day) } });
    expect(on('2026-04-03').collectOn).toBe('2026-04-03');
    expect(() => on('2026-04-02')).toThrow('The first day these can be collected on is 2026-04-03.');
  });
});

describe('an invoice that is being debited', () => {
  const claimed = startDebit(anOpenItem(), { directDebitId, collectOn });
  if (!claimed) throw new Error('not claimed');

  it('is taken by no second run', () => {
    expect(startDebit(claimed, { directDebitId, collectOn })).toBeUndefined();
  });

  it('stays in its run through a dispute, and is not reminded of after it', () => {
    const disputed = dispute(claimed, { reason: 'broken', by: 'customer', at });
    const settled = resolveDispute(disputed, later);
    expect(settled).toMatchObject({ status: 'open', debit: { directDebitId } });
    expect(settled).not.toHaveProperty('nextActionAt');
  });

  it('is reminded of again once the run gives it back, unless its customer never got it', () => {
    expect(endDebit(claimed, directDebitId, later)).toMatchObject({ nextActionAt: later, version: 3 });
    const lost = endDebit({ ...claimed, paused: 'undelivered' }, directDebitId, later);
    expect(lost).not.toHaveProperty('nextActionAt');
    const found = resumeReminders({ ...claimed, paused: 'undelivered' }, later);
    expect(found).not.toHaveProperty('nextActionAt');
  });

  it('is not given back by another run', () => {
    const other = DirectDebitId.parse('ddb_01k0000000000000000000000f');
    expect(endDebit(claimed, other, later)).toBeUndefined();
  });
});
