import { describe, expect, it } from 'vitest';
import { assessAccount } from '#shared/collection/assess-account.ts';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import { OpenItem } from '#shared/invoice/invoice.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { invoiceIdOf, openInvoice } from '#test/builders/open-invoice.ts';

const policy = DunningPolicy.parse({
  steps: [
    { name: 'first reminder', afterDays: 7 },
    { name: 'second reminder', afterDays: 21 },
  ],
  callAfterDays: 35,
});
const assess = (items: readonly OpenItem[], date: string) =>
  assessAccount(items, policy, CalendarDate.parse(date), 'Europe/London');

describe('an account with an invoice due on 1 April', () => {
  it('is left alone on the sixth day past due', () => {
    expect(assess([openInvoice(1)], '2026-04-07')).toEqual({ action: 'none' });
  });

  it('is reminded on the seventh', () => {
    expect(assess([openInvoice(1)], '2026-04-08')).toEqual({
      action: 'remind',
      reminders: [{ step: 1, invoiceIds: [invoiceIdOf(1)] }],
    });
  });

  it('gets the first reminder only, though the second is due as well after a month without a run', () => {
    expect(assess([openInvoice(1)], '2026-05-01')).toEqual({
      action: 'remind',
      reminders: [{ step: 1, invoiceIds: [invoiceIdOf(1)] }],
    });
  });

  it('waits for the day its last reminder put the next one on', () => {
    const reminded = openInvoice(1, { dunningStep: 1, nextActionAt: '2026-05-06T23:00:00.000Z' });
    expect(assess([reminded], '2026-05-06')).toEqual({ action: 'none' });
    expect(assess([reminded], '2026-05-07')).toEqual({
      action: 'remind',
      reminders: [{ step: 2, invoiceIds: [invoiceIdOf(1)] }],
    });
  });

  it('goes to the call, step 3, on the 35th day', () => {
    const reminded = openInvoice(1, { dunningStep: 2, nextActionAt: '2026-05-05T23:00:00.000Z' });
    expect(assess([reminded], '2026-05-05')).toEqual({ action: 'none' });
    expect(assess([reminded], '2026-05-06')).toEqual({
      action: 'remind',
      reminders: [{ step: 3, invoiceIds: [invoiceIdOf(1)] }],
    });
  });

  it('waits where the policy was made more patient since the reminder was planned', () => {
    const patient = DunningPolicy.parse({ steps: [{ name: 'reminder', afterDays: 10 }], callAfterDays: 35 });
    const on = (date: string) =>
      assessAccount([openInvoice(1)], patient, CalendarDate.parse(date), 'Europe/London').action;
    expect(on('2026-04-10')).toBe('none');
    expect(on('2026-04-11')).toBe('remind');
  });
});

describe('an account with several invoices', () => {
  it('is not reminded of what is paid, disputed or on the call list', () => {
    const { nextActionAt: _, ...onCallList } = openInvoice(1, { dunningStep: 2 });
    const { nextActionAt: _also, ...disputed } = openInvoice(2);
    const { nextActionAt: _too, ...paid } = openInvoice(3);
    const items = [
      onCallList,
      {
        ...disputed,
        status: 'disputed',
        dispute: { reason: 'broken', by: 'cus', at: '2026-04-03T09:00:00.000Z' },
      },
      { ...paid, status: 'paid', balance: 0, paidAt: '2026-04-03T09:00:00.000Z' },
    ].map((item) => OpenItem.parse(item));
    expect(assess(items, '2026-06-30')).toEqual({ action: 'none' });
  });

  it('gets one reminder a step, the most advanced first, the oldest invoice on top', () => {
    const items = [
      openInvoice(3),
      openInvoice(1, { dueOn: '2026-03-31' }),
      openInvoice(2, { dueOn: '2026-03-01', dunningStep: 1 }),
    ];
    expect(assess(items, '2026-04-08')).toEqual({
      action: 'remind',
      reminders: [
        { step: 2, invoiceIds: [invoiceIdOf(2)] },
        { step: 1, invoiceIds: [invoiceIdOf(1), invoiceIdOf(3)] },
      ],
    });
  });

  it('gets one reminder a currency', () => {
    const items = [openInvoice(1), openInvoice(2, { currency: 'EUR' })];
    expect(assess(items, '2026-04-08')).toEqual({
      action: 'remind',
      reminders: [
        { step: 1, invoiceIds: [invoiceIdOf(1)] },
        { step: 1, invoiceIds: [invoiceIdOf(2)] },
      ],
    });
  });

  it('gets 61 invoices in a reminder of 60 and one of 1', () => {
    const items = Array.from({ length: 61 }, (_, index) => openInvoice(index + 1));
    const assessment = assess(items, '2026-04-08');
    const reminders = assessment.action === 'remind' ? assessment.reminders : [];
    expect(reminders.map(({ invoiceIds }) => invoiceIds.length)).toEqual([60, 1]);
    expect(reminders[1]?.invoiceIds).toEqual([invoiceIdOf(61)]);
  });

  it('gets no more than 50 reminders on a day', () => {
    const items = Array.from({ length: 3001 }, (_, index) => openInvoice(index + 1));
    const assessment = assess(items, '2026-04-08');
    expect(assessment.action === 'remind' && assessment.reminders).toHaveLength(50);
  });
});
