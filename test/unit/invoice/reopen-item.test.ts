import { describe, expect, it } from 'vitest';
import { payWithDiscount, reduceBalance } from '#shared/invoice/open-item.ts';
import { reopenItem } from '#shared/invoice/reopen-item.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { policies } from '#shared/policy/policies.ts';
import { anOpenItem } from '../../builders/invoice.ts';

const at = Instant.parse('2026-04-10T12:00:00.000Z');
const clock = {
  dunning: policies.dunning.shipped,
  timeZone: 'Europe/London',
  today: CalendarDate.parse('2026-04-20'),
};

describe('an invoice owed again', () => {
  it('is offered the discount that was taken as it was offered before, tax and all', () => {
    const until = CalendarDate.parse('2026-04-12');
    const item = anOpenItem({ discount: { until, amount: 120, tax: 20 } });
    const paid = payWithDiscount(item, { amount: 5_880, discount: 120 }, at);
    expect(paid).not.toHaveProperty('discount');
    const again = reopenItem(paid, { amount: 5_880, discount: 120, offer: { until, tax: 20 } }, clock, false);
    expect(again).toMatchObject({
      status: 'open',
      balance: 6_000,
      discount: { until: '2026-04-12', amount: 120, tax: 20 },
      version: 3,
    });
  });

  it('is looked at tomorrow where its next reminder would have been before', () => {
    const item = anOpenItem({ dueOn: '2026-03-31' });
    const again = reopenItem(reduceBalance(item, 6_000, at), { amount: 6_000 }, clock, false);
    expect(again).toMatchObject({ status: 'open', nextActionAt: '2026-04-20T23:00:00.000Z' });
  });

  it('is not reminded of where it never reached its customer', () => {
    const again = reopenItem(reduceBalance(anOpenItem(), 6_000, at), { amount: 6_000 }, clock, true);
    expect(again).toMatchObject({ status: 'open', paused: 'undelivered' });
    expect(again).not.toHaveProperty('nextActionAt');
  });

  it('counts from its earlier instalment again, with the reminders that were sent of it', () => {
    const instalments = [
      { dueOn: '2026-04-01', amount: 2_000 },
      { dueOn: '2026-05-01', amount: 4_000 },
    ];
    const item = anOpenItem({ dueOn: '2026-04-01', instalments, dunningStep: 2 });
    const next = reduceBalance(item, 2_000, at);
    expect(next).toMatchObject({ dueOn: '2026-05-01', dunningStep: 0 });
    expect(reopenItem(next, { amount: 2_000 }, clock, false)).toMatchObject({
      dueOn: '2026-04-01',
      dunningStep: 2,
      balance: 6_000,
    });
  });
});
