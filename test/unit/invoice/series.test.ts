import { expect, it } from 'vitest';
import { documentNumber, seriesOf } from '#shared/invoice/number-series.ts';
import { SeriesPolicy } from '#shared/invoice/series-policy.ts';
import { nextNumber } from '#shared/invoice/series-store.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { keys } from '#shared/table/keys.ts';
import { memoryTable } from '../../builders/memory-table.ts';

const date = CalendarDate.parse('2026-12-31');
const numbered = (policy: unknown, type: Parameters<typeof seriesOf>[1]) => {
  const series = seriesOf(SeriesPolicy.parse(policy), type, date);
  return [series.name, documentNumber(series, 42)];
};

it('numbers as shipped until the company says otherwise, deposits and counter sales with the invoices', () => {
  expect(numbered({}, 'invoice')).toEqual(['INV_2026', 'INV-2026-000042']);
  expect(numbered({}, 'creditNote')).toEqual(['CN_2026', 'CN-2026-000042']);
  expect(numbered({}, 'deposit')).toEqual(['INV_2026', 'INV-2026-000042']);
});

it('takes format, own series and company from the policy', () => {
  const policy = { company: 'DE1', counter: { prefix: 'B', format: '{year}/{prefix}{number:3}' } };
  expect(numbered(policy, 'counter')).toEqual(['DE1_B_2026', '2026/B042']);
  expect(numbered(policy, 'deposit')).toEqual(['DE1_INV_2026', 'INV-2026-000042']);
});

it.each([
  { invoice: { prefix: 'X' }, creditNote: { prefix: 'X' } },
  { invoice: { prefix: 'X', format: '{prefix}-{number:6}' } },
  { invoice: { prefix: 'X', format: '{prefix}-{year}' } },
  { invoice: { prefix: 'X', format: '{year}-{number:6}' } },
  { invoice: { prefix: 'X', format: '{prefix}-{year}-{number:6}-{month}' } },
])('refuses a policy whose numbers could meet: %j', (policy) => {
  expect(SeriesPolicy.safeParse(policy).success).toBe(false);
});

it('reads policy and counter side by side, and the counter once more when the policy has changed', async () => {
  const policy = { invoice: { prefix: 'RE', format: '{prefix}{year}-{number:5}' } };
  const table = memoryTable([{ ...keys.policy('series', '2026-06-01.01'), policy, at: '', actor: '' }]);
  const first = await nextNumber(table, 'invoice', date);
  expect(first).toEqual({ series: { name: 'RE_2026', format: 'RE2026-{number:5}' }, ordinal: 1 });
  table.resetUnits();
  await nextNumber(table, 'invoice', date);
  expect(table.units.calls).toBe(2);
});
