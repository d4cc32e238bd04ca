import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { AccountRole, accountOf, chartPolicy, shippedChart } from '#shared/ledger/chart.ts';
import { Journal } from '#shared/ledger/journal.ts';
import { isPolicyName, type PolicyName, policies } from '#shared/policy/policies.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { keys } from '#shared/table/keys.ts';
import { send, type Token } from '#test/builders/http-event.ts';
import { lambdaTable as table } from '#test/builders/lambda-table.ts';

vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const { aCompany } = await import('#test/builders/company.ts');
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/http/policies.ts');

const at = '2026-04-01T10:00:00.000Z';
const today = CalendarDate.parse('2026-04-01');
const fiona: Token = { sub: 'fiona', name: 'Fiona Finance', roles: ['finance'] };

/** The chart before there were `rounding` and `interest`. */
const firstChart = {
  accounts: shippedChart.accounts.filter(({ role }) => role !== 'rounding' && role !== 'interest'),
};

/** What each policy was able to say in its first shape, with every field of then. */
const firstShapes: Record<PolicyName, object> = {
  calendar: { countries: [{ country: 'AE', weekend: [6, 7], holidays: [] }] },
  carriers: { carriers: [{ id: 'royal-mail', name: 'Royal Mail' }] },
  cases: {},
  chart: firstChart,
  credit: {},
  debit: {},
  dunning: { steps: [{ name: 'first reminder', afterDays: 7 }], callAfterDays: 35 },
  matching: {
    posts: ['remittance_advice', 'exact_sum', 'payer'],
    nameScore: 86,
    nameMargin: 6,
    postNameScore: 92,
    tolerances: [{ account: 'payment_fees', fixed: { EUR: 3_000 }, percent: '5' }],
    subset: { maxItems: 60, maxSize: 4, maxSteps: 50_000, postWithin: 1_500 },
    reasonCodes: [{ code: 'damaged', words: ['damaged'] }],
  },
  'order-desk': {},
  payment: {},
  refunds: {},
  remittance: {},
  series: {},
  verification: {},
  warehouses: { warehouses: [{ id: 'main', name: 'Bristol' }] },
  tax: {
    rates: [{ country: 'GB', taxClass: 'standard', rate: '20', from: '2011-01-04' }],
    union: [{ country: 'GB', from: '1973-01-01', to: '2020-12-31' }],
  },
};

const lay = (name: PolicyName, policy: unknown) =>
  table.write({ do: 'put', item: { ...keys.policy(name, '2026-03-01.01'), policy, at, actor: 'Fiona' } });
const get = (name: string) => send(handler, 'getPolicy', { params: { name }, as: fiona, at });
const put = (policy: unknown, effectiveFrom = '2026-04-01') =>
  send(handler, 'putPolicy', { params: { name: 'chart' }, body: { effectiveFrom, policy }, as: fiona, at });

describe('a policy stored in its first shape', () => {
  it.each(Object.entries(firstShapes))('is still read: %s', async (name, shape) => {
    if (!isPolicyName(name)) throw new RangeError(`there is no policy ${name}`);
    await lay(name, shape);
    const { version, policy } = await policyInForce<unknown>(table, policies[name], today);
    expect(version).toBe('2026-03-01.01');
    expect(policies[name].schema.safeParse(policy).error).toBeUndefined();
    expect(await get(name)).toMatchObject({
      status: 200,
      json: {
        policy: {
          ...shape,
          ...(name === 'chart' && { accounts: expect.arrayContaining(firstChart.accounts) }),
        },
      },
    });
  });
});

describe('a chart without the roles of today', () => {
  beforeEach(() => lay('chart', firstChart));

  it('has an account for each, as shipped, and says for which', async () => {
    const { policy, defaulted } = await policyInForce(table, chartPolicy, today);
    expect(defaulted).toEqual(['rounding', 'interest']);
    for (const role of AccountRole.options)
      expect(accountOf(policy, role)).toEqual(accountOf(shippedChart, role));
    expect((await get('chart')).json).toMatchObject({ defaulted: ['rounding', 'interest'] });
  });

  it('keeps the code that the company has given to another account', async () => {
    const taken = firstChart.accounts.map((account) => {
      if (account.role === 'sales') return { ...account, code: '6300' };
      return account.role === 'charges' ? { ...account, code: '6300-2' } : account;
    });
    await lay('chart', { accounts: taken });
    const { policy } = await policyInForce(table, chartPolicy, today);
    expect(accountOf(policy, 'sales').code).toBe('6300');
    expect(accountOf(policy, 'rounding').code).toBe('6300-3');
    expect(policies.chart.schema.safeParse(policy).error).toBeUndefined();
  });

  it('can’t be put: a new chart says all of its accounts', async () => {
    expect(await put(firstChart)).toMatchObject({
      status: 422,
      json: {
        code: 'policy_invalid',
        issues: [
          { path: 'policy.accounts', message: 'there is no account for rounding' },
          { path: 'policy.accounts', message: 'there is no account for interest' },
        ],
      },
    });
  });

  it('is another one once the same accounts are put, even on its own day', async () => {
    await table.write({
      do: 'put',
      item: { ...keys.policy('chart', '2026-04-01.01'), policy: firstChart, at, actor: 'Fiona' },
    });
    expect(await put(shippedChart)).toMatchObject({ status: 201, json: { version: '2026-04-01.02' } });
    expect((await get('chart')).json).not.toHaveProperty('defaulted');
  });

  it('stays as it was in the journals taken by it', () => {
    const journal = {
      number: 'JRN-000001',
      ordinal: 1,
      from: '2026-03-01',
      to: '2026-03-31',
      entries: 1,
      takenAt: at,
      takenBy: 'Fiona',
      chart: firstChart,
      chartVersion: '2026-03-01.01',
    };
    expect(Journal.parse(journal).chart).toEqual(firstChart);
  });
});
