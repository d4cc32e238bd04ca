import { describe, expect, it } from 'vitest';
import { type ChartAccount, ChartPolicy, shippedChart } from '#shared/ledger/chart.ts';

const changed = (role: string, change: Partial<Record<keyof ChartAccount, string>>) => ({
  accounts: shippedChart.accounts.map((account) =>
    account.role === role ? { ...account, ...change } : account,
  ),
});
const faults = (chart: unknown) =>
  ChartPolicy.safeParse(chart).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a chart of accounts', () => {
  it('is shipped as it must be', () => {
    expect(faults(shippedChart)).toBeUndefined();
    expect(shippedChart.accounts.map(({ code }) => code).join(' ')).toBe(
      '1000 1010 1020 1100 1200 2100 2200 2300 4000 4050 4100 4200 5000 6100 6200 6300 7000',
    );
  });

  it.each([
    ['lacks a role', { accounts: shippedChart.accounts.slice(1) }, 'accounts: there is no account for bank'],
    ['has a role twice', changed('cash', { role: 'bank' }), 'accounts.1.role: bank is there twice'],
    ['has a code twice', changed('cash', { code: '1000' }), 'accounts.1.code: 1000 is there twice'],
    [
      'calls sales an asset',
      changed('sales', { type: 'asset' }),
      'accounts.8.type: sales must be of type revenue',
    ],
  ])('is refused when it %s', (_, chart, fault) => {
    expect(faults(chart)).toContain(fault);
  });

  it.each(['Bank; a comment', 'Assets:Bank', 'Bank  two', '=Bank', ''])(
    'is refused with the name %j, which a journal could not bear',
    (name) => expect(faults(changed('bank', { name }))).toHaveLength(1),
  );

  it('may show discounts as an expense', () => {
    expect(faults(changed('discounts_allowed', { type: 'expense' }))).toBeUndefined();
  });
});
