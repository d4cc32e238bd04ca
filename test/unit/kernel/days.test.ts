import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '#shared/kernel/days.ts';
import { CalendarDate } from '#shared/kernel/time.ts';

const day = (text: string) => CalendarDate.parse(text);

describe('days', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-28', 2, '2026-03-30'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-04-04', 45, '2026-05-19'],
    ['0001-01-01', 365, '0002-01-01'],
  ])('%s and %i later is %s', (from, days, to) => {
    expect(addDays(day(from), days)).toBe(to);
    expect(daysBetween(day(from), day(to))).toBe(days);
  });
});
