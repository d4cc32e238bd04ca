import { describe, expect, it } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { calendarOf } from '#shared/terms/calendar-policy.ts';
import { dueDates } from '#shared/terms/due-dates.ts';
import { shippedCalendarPolicy } from '#shared/terms/shipped-calendar-policy.ts';
import { netTerms, PaymentTerms } from '#shared/terms/terms.ts';

function due(terms: unknown, issuedOn: string, { gross = 10_000, currency = 'GBP', country = 'GB' } = {}) {
  return dueDates(
    PaymentTerms.parse(terms),
    CalendarDate.parse(issuedOn),
    gross,
    currency,
    calendarOf(shippedCalendarPolicy, country),
  );
}

describe('due dates', () => {
  it.each([
    ['2026-03-31', 0, '2026-03-31'],
    ['2026-01-31', 30, '2026-03-02'],
    ['2028-01-31', 30, '2028-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-15', 30, '2027-01-14'],
  ])('are net days after %s: %i days', (issuedOn, days, dueOn) => {
    expect(due(netTerms(days), issuedOn)).toEqual({ dueOn });
  });

  it.each([
    ['2026-01-31', 0, '2026-01-31'],
    ['2026-01-31', 30, '2026-03-31'],
    ['2026-01-15', 30, '2026-02-28'],
    ['2028-01-15', 30, '2028-02-29'],
    ['2026-11-30', 31, '2026-12-31'],
  ])('are the end of the month %s plus %i days is in', (issuedOn, days, dueOn) => {
    expect(due({ kind: 'end_of_month', days }, issuedOn)).toEqual({ dueOn });
  });

  it.each([
    ['2026-03-14', 15, 0, '2026-03-15'],
    ['2026-03-15', 15, 0, '2026-03-15'],
    ['2026-03-16', 15, 0, '2026-04-15'],
    ['2026-03-01', 15, 20, '2026-04-15'],
    ['2026-01-31', 30, 0, '2026-02-28'],
    ['2028-01-31', 30, 0, '2028-02-29'],
    ['2026-02-10', 31, 10, '2026-02-28'],
    ['2026-12-20', 10, 5, '2027-01-10'],
  ])('are the next fixed day from %s: day %i, %i days ahead', (issuedOn, day, minDays, dueOn) => {
    expect(due({ kind: 'fixed_day', day, minDays }, issuedOn)).toEqual({ dueOn });
  });

  it('move to a business day of the customer', () => {
    const net = (businessDays: string) => ({ kind: 'net', days: 30, businessDays });
    // 25 December 2026 is a Friday, the 28th stands for Boxing Day.
    expect(due(net('following'), '2026-11-25').dueOn).toBe('2026-12-29');
    expect(due(net('preceding'), '2026-11-25').dueOn).toBe('2026-12-24');
    expect(due(net('following'), '2026-11-25', { country: 'DE' }).dueOn).toBe('2026-12-28');
    expect(due({ kind: 'end_of_month', days: 0, businessDays: 'following' }, '2026-05-04').dueOn).toBe(
      '2026-06-01',
    );
  });

  it('do not move before the invoice', () => {
    // A Saturday.
    const net = { kind: 'net', days: 0, businessDays: 'preceding' };
    expect(due(net, '2026-03-07').dueOn).toBe('2026-03-09');
  });
});

describe('instalments', () => {
  const thirds = {
    kind: 'instalments',
    parts: [
      { percent: '33.3333', days: 0 },
      { percent: '33.3333', days: 30 },
      { percent: '33.3334', days: 60 },
    ],
  };

  it('leave what rounding left over to the last', () => {
    expect(due(thirds, '2026-01-31', { gross: 10_000 })).toEqual({
      dueOn: '2026-04-01',
      instalments: [
        { dueOn: '2026-01-31', amount: 3_333 },
        { dueOn: '2026-03-02', amount: 3_333 },
        { dueOn: '2026-04-01', amount: 3_334 },
      ],
    });
  });

  it.each([
    ['JPY', 101, [34, 34, 33]],
    ['EUR', 9_999, [3_333, 3_333, 3_333]],
    ['BHD', 100_001, [33_334, 33_334, 33_333]],
  ])('add up to the minor unit in %s', (currency, gross, amounts) => {
    const { instalments = [] } = due(thirds, '2026-01-31', { gross, currency });
    expect(instalments.map(({ amount }) => amount)).toEqual(amounts);
  });

  it('of nothing are none', () => {
    expect(due(thirds, '2026-01-31', { gross: 1, currency: 'JPY' })).toEqual({ dueOn: '2026-04-01' });
    expect(due(thirds, '2026-01-31', { gross: 0 })).toEqual({ dueOn: '2026-04-01' });
    const twelve = Array.from({ length: 12 }, (_, part) => ({
      percent: part === 11 ? '8.3337' : '8.3333',
      days: part * 30,
    }));
    const { instalments = [] } = due({ kind: 'instalments', parts: twelve }, '2026-01-01', { gross: 7 });
    expect(instalments.map(({ amount }) => amount)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('the discount for paying early', () => {
  it('is 2 per cent within 10 days, due in 30', () => {
    const terms = { kind: 'net', days: 30, discount: { percent: '2', days: 10 } };
    expect(due(terms, '2026-03-02', { gross: 12_345 })).toEqual({
      dueOn: '2026-04-01',
      discount: { percent: '2', until: '2026-03-12', amount: 247 },
    });
  });

  it('rounds half to even', () => {
    const terms = { kind: 'net', days: 30, discount: { percent: '2.5', days: 10 } };
    expect(due(terms, '2026-03-02', { gross: 1_020 }).discount?.amount).toBe(26);
    expect(due(terms, '2026-03-02', { gross: 1_060 }).discount?.amount).toBe(26);
    expect(due(terms, '2026-03-02', { gross: 100, currency: 'JPY' }).discount?.amount).toBe(2);
  });

  it('ends on a business day where the terms say so', () => {
    const terms = { kind: 'net', days: 30, discount: { percent: '2', days: 10 }, businessDays: 'following' };
    expect(due(terms, '2026-03-26').discount?.until).toBe('2026-04-07');
  });

  it('is none where it rounds to nothing', () => {
    const terms = { kind: 'net', days: 30, discount: { percent: '2', days: 10 } };
    expect(due(terms, '2026-03-02', { gross: 20, currency: 'JPY' }).discount).toBeUndefined();
  });
});
