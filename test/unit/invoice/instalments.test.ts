import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountOn, openParts, overdueOn, payableOn } from '#shared/invoice/instalments.ts';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { creditBalance, payWithDiscount, reduceBalance, taxOfDiscount } from '#shared/invoice/open-item.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { anOpenItem } from '../../builders/invoice.ts';

const at = instant('2026-04-01T12:00:00Z');
const day = (text: string) => CalendarDate.parse(text);

/** GBP 60.00 due in three parts: 20.00 on 2 April, 20.00 on 2 May, 20.00 on 1 June. */
const inThree = (overrides: Record<string, unknown> = {}) =>
  anOpenItem({
    instalments: [
      { dueOn: '2026-04-02', amount: 2_000 },
      { dueOn: '2026-05-02', amount: 2_000 },
      { dueOn: '2026-06-01', amount: 2_000 },
    ],
    ...overrides,
  });

/** 2 per cent off, GBP 1.20 with 20p of tax, until 13 March. */
const discounted = (overrides: Record<string, unknown> = {}) =>
  anOpenItem({ discount: { until: '2026-03-13', amount: 120, tax: 20 }, ...overrides });

describe('an invoice in three instalments', () => {
  it('is overdue by those that have passed, less what was paid', () => {
    expect(overdueOn(inThree(), day('2026-04-02'))).toBe(0);
    expect(overdueOn(inThree(), day('2026-04-03'))).toBe(2_000);
    expect(overdueOn(inThree(), day('2026-05-03'))).toBe(4_000);
    const paid = reduceBalance(inThree(), 2_500, at);
    expect(overdueOn(paid, day('2026-05-02'))).toBe(0);
    expect(overdueOn(paid, day('2026-05-03'))).toBe(1_500);
    expect(openParts(paid)).toEqual([
      { dueOn: '2026-05-02', amount: 1_500 },
      { dueOn: '2026-06-01', amount: 2_000 },
    ]);
  });

  it('stays due while a penny of the first is left', () => {
    expect(reduceBalance(inThree(), 1_999, at)).toMatchObject({
      dueOn: '2026-04-02',
      nextActionAt: '2026-04-08T23:00:00.000Z',
    });
  });

  it('is due with the second once the first is paid, and its reminder moves as many days', () => {
    expect(reduceBalance(inThree(), 2_000, at)).toMatchObject({
      dueOn: '2026-05-02',
      dunningStep: 0,
      nextActionAt: '2026-05-08T22:00:00.000Z',
    });
    expect(reduceBalance(inThree(), 4_000, at)).toMatchObject({ dueOn: '2026-06-01' });
  });

  it('begins its reminders anew, from the call list too', () => {
    const { nextActionAt: _, ...onCallList } = inThree({ dunningStep: 2 });
    expect(reduceBalance(onCallList, 2_000, at)).toMatchObject({
      dunningStep: 0,
      nextActionAt: '2026-05-02T00:00:00.000Z',
    });
  });

  it('waits for its delivery, or for its dispute, whatever is paid', () => {
    const { nextActionAt: _, ...paused } = inThree({ paused: 'undelivered' });
    expect(reduceBalance(paused, 2_000, at)).not.toHaveProperty('nextActionAt');
    const { nextActionAt: _also, ...common } = inThree();
    const disputed: OpenItem = {
      ...common,
      status: 'disputed',
      dispute: { reason: 'one mug short', by: 'orders@harbour.example', at },
    };
    expect(reduceBalance(disputed, 2_000, at)).toMatchObject({ status: 'disputed', dueOn: '2026-05-02' });
  });

  it('is paid online as it falls due, the next part where none is', () => {
    expect(payableOn(inThree(), day('2026-03-20'))).toEqual({ amount: 2_000, discount: 0 });
    expect(payableOn(inThree(), day('2026-05-02'))).toEqual({ amount: 4_000, discount: 0 });
  });
});

describe('whatever is settled of whatever instalments, in any order', () => {
  it('the parts left are the balance, and the first of them says when it is due', () => {
    const drawn = fc.record({
      amounts: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 2, maxLength: 12 }),
      gaps: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 12, maxLength: 12 }),
      settlements: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20_000 })), { maxLength: 12 }),
    });
    const property = fc.property(drawn, ({ amounts, gaps, settlements }) => {
      let dueOn = day('2026-04-02');
      const instalments = amounts.map((amount, index) => {
        dueOn = addDays(dueOn, gaps[index] ?? 0);
        return { dueOn, amount };
      });
      const total = amounts.reduce((sum, amount) => sum + amount, 0);
      let item: OpenItem = anOpenItem({
        instalments,
        total,
        balance: total,
        dueOn: instalments[0]?.dueOn,
        discount: { until: '2026-04-30', amount: Math.ceil(total / 50), tax: Math.floor(total / 300) },
      });
      let settled = 0;
      for (const [credited, wanted] of settlements) {
        if (item.balance === 0) break;
        const amount = Math.min(wanted, item.balance);
        const before: OpenItem = item;
        item = credited ? creditBalance(item, amount, at) : reduceBalance(item, amount, at);
        settled += amount;
        expect(item.balance).toBe(total - settled);
        expect(item.dueOn >= before.dueOn).toBe(true);
        const parts = openParts(item);
        expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(item.balance);
        if (parts[0]) expect(item.dueOn).toBe(parts[0].dueOn);
        if (item.discount) expect(item.discount.tax).toBeLessThanOrEqual(item.discount.amount);
      }
    });
    expect(fc.defaultReportMessage(fc.check(property, { numRuns: 500 }))).toBeUndefined();
  });
});

describe('the discount for paying early', () => {
  it('lasts until its date, of the company', () => {
    expect(payableOn(discounted(), day('2026-03-13'))).toEqual({ amount: 5_880, discount: 120 });
    expect(payableOn(discounted(), day('2026-03-14'))).toEqual({ amount: 6_000, discount: 0 });
    expect(discountOn(anOpenItem(), day('2026-03-13'))).toBe(0);
  });

  it('settles the invoice together with the money, and can not be taken twice', () => {
    expect(payWithDiscount(discounted(), { amount: 5_880, discount: 120 }, at)).toMatchObject({
      status: 'paid',
      balance: 0,
    });
    const part = payWithDiscount(discounted(), { amount: 1_000, discount: 50 }, at);
    expect(part).toMatchObject({ balance: 4_950, discount: { until: '2026-03-13', amount: 70, tax: 12 } });
    const all = payWithDiscount(discounted(), { amount: 1_000, discount: 120 }, at);
    expect(all).not.toHaveProperty('discount');
  });

  it('shrinks with what is credited', () => {
    expect(creditBalance(discounted(), 1_500, at)).toMatchObject({
      balance: 4_500,
      discount: { until: '2026-03-13', amount: 90, tax: 15 },
    });
    expect(creditBalance(anOpenItem(), 1_500, at)).not.toHaveProperty('discount');
  });

  it('is tax in the proportion of the invoice', () => {
    expect(taxOfDiscount(discounted(), 120)).toBe(20);
    expect(taxOfDiscount(discounted(), 60)).toBe(10);
    expect(taxOfDiscount(anOpenItem(), 0)).toBe(0);
  });
});
