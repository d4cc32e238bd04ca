import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/**
 * What an account is for. Business events post to roles; which code and name an account bears is the company's own
 * business, and may change without a posting being touched.
 */
const accountRoles = [
  'bank',
  'cash',
  'clearing',
  'receivables',
  'inventory',
  'unapplied',
  'output_tax',
  'deposits',
  'sales',
  'charges',
  'sales_returns',
  'discounts_allowed',
  'cost_of_goods',
  'bad_debts',
  'payment_fees',
  'rounding',
  'interest',
] as const;
export const AccountRole = z.enum(accountRoles);
export type AccountRole = z.infer<typeof AccountRole>;

/** Where what a payer left out is booked, when nobody asks for it. */
export const DifferenceAccount = AccountRole.extract(['rounding', 'payment_fees', 'discounts_allowed']);
export type DifferenceAccount = z.infer<typeof DifferenceAccount>;

/** On which side of the books an account stands. Assets and expenses grow by debits, the others by credits. */
export const AccountType = z.enum(['asset', 'liability', 'revenue', 'expense']);
export type AccountType = z.infer<typeof AccountType>;

/** The type each role must have: a chart that calls sales an asset would make every report wrong. */
const typeOfRole = {
  bank: 'asset',
  cash: 'asset',
  clearing: 'asset',
  receivables: 'asset',
  inventory: 'asset',
  unapplied: 'liability',
  output_tax: 'liability',
  deposits: 'liability',
  sales: 'revenue',
  charges: 'revenue',
  sales_returns: 'revenue',
  discounts_allowed: 'revenue',
  cost_of_goods: 'expense',
  bad_debts: 'expense',
  payment_fees: 'expense',
  rounding: 'expense',
  interest: 'revenue',
} as const satisfies Record<AccountRole, AccountType>;

/** Discounts may be shown as less revenue or as an expense, small differences as either: practice differs by country. */
const mayAlsoBe: Partial<Record<AccountRole, AccountType>> = {
  discounts_allowed: 'expense',
  sales_returns: 'expense',
  rounding: 'revenue',
  interest: 'expense',
};

export const ChartAccount = z.strictObject({
  role: AccountRole,
  code: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z-]{0,15}$/, 'must be up to 16 letters, digits and hyphens'),
  /** One line: it is printed into journals, where a colon, a semicolon or two spaces would end the name. */
  name: z
    .string()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} &'()/.,-]{0,59}$/u,
      'must be one line of letters, digits and & ’ ( ) / . , -',
    )
    .refine((name) => !name.includes('  ') && !name.endsWith(' '), 'must not have two spaces in a row'),
  type: AccountType,
});
export type ChartAccount = z.infer<typeof ChartAccount>;

/** A chart as it was stored, perhaps before there were all the roles of today: no role twice, no code twice. */
export const StoredChart = z
  .strictObject({ accounts: z.array(ChartAccount).max(accountRoles.length) })
  .superRefine(({ accounts }, context) => {
    const codes = new Set<string>();
    const roles = new Set<AccountRole>();
    accounts.forEach(({ role, code, type }, index) => {
      const at = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['accounts', index, field], message });
      if (roles.has(role)) at('role', `${role} is there twice`);
      if (codes.has(code)) at('code', `${code} is there twice`);
      if (type !== typeOfRole[role] && type !== mayAlsoBe[role])
        at('type', `${role} must be of type ${typeOfRole[role]}`);
      roles.add(role);
      codes.add(code);
    });
  });

/** The company's chart of accounts, as far as this system posts to it: every role exactly once, no code twice. */
export const ChartPolicy = StoredChart.superRefine((chart, context) => {
  for (const role of missingRoles(chart))
    context.addIssue({ code: 'custom', path: ['accounts'], message: `there is no account for ${role}` });
}).meta({ id: 'ChartPolicy' });
export type ChartPolicy = z.infer<typeof ChartPolicy>;

/** What holds until the company puts its own chart in force. */
export const shippedChart: ChartPolicy = {
  accounts: [
    { role: 'bank', code: '1000', name: 'Bank', type: 'asset' },
    { role: 'cash', code: '1010', name: 'Cash in hand', type: 'asset' },
    { role: 'clearing', code: '1020', name: 'Payments in transit', type: 'asset' },
    { role: 'receivables', code: '1100', name: 'Trade receivables', type: 'asset' },
    { role: 'inventory', code: '1200', name: 'Inventory', type: 'asset' },
    { role: 'unapplied', code: '2100', name: 'Unapplied cash and credits', type: 'liability' },
    { role: 'output_tax', code: '2200', name: 'Output tax', type: 'liability' },
    { role: 'deposits', code: '2300', name: 'Customer deposits', type: 'liability' },
    { role: 'sales', code: '4000', name: 'Sales of goods', type: 'revenue' },
    { role: 'charges', code: '4050', name: 'Carriage and charges', type: 'revenue' },
    { role: 'sales_returns', code: '4100', name: 'Sales returns', type: 'revenue' },
    { role: 'discounts_allowed', code: '4200', name: 'Discounts allowed', type: 'revenue' },
    { role: 'cost_of_goods', code: '5000', name: 'Cost of goods sold', type: 'expense' },
    { role: 'bad_debts', code: '6100', name: 'Bad debts', type: 'expense' },
    { role: 'payment_fees', code: '6200', name: 'Payment fees', type: 'expense' },
    { role: 'rounding', code: '6300', name: 'Payment differences', type: 'expense' },
    { role: 'interest', code: '7000', name: 'Bank interest', type: 'revenue' },
  ],
};

/** The account of `role` in a chart: every chart in force has one, by its schema or by `completeChart`. */
export function accountOf({ accounts }: ChartPolicy, role: AccountRole): ChartAccount {
  const account = accounts.find((candidate) => candidate.role === role);
  if (!account) throw new RangeError(`the chart has no account for ${role}`);
  return account;
}

/**
 * A stored chart with an account for every role. Those it lacks are as shipped, in the order shipped; where the company
 * uses the code for something else, with the first suffix that is free (`6300-2`). `defaulted` names their roles.
 * @throws ZodError when it is no chart
 */
function completeChart(stored: unknown): { policy: ChartPolicy; defaulted: AccountRole[] } {
  const chart = StoredChart.parse(stored);
  const defaulted = missingRoles(chart);
  const accounts = [...chart.accounts];
  const codes = new Set(accounts.map(({ code }) => code));
  for (const role of defaulted) {
    const account = accountOf(shippedChart, role);
    let { code } = account;
    for (let suffix = 2; codes.has(code); suffix++) code = `${account.code}-${suffix}`;
    codes.add(code);
    accounts.push({ ...account, code });
  }
  return { policy: { accounts }, defaulted };
}

function missingRoles({ accounts }: ChartPolicy): AccountRole[] {
  const roles = new Set(accounts.map(({ role }) => role));
  return accountRoles.filter((role) => !roles.has(role));
}

export const chartPolicy: PolicyDefinition<ChartPolicy> = {
  name: 'chart',
  schema: ChartPolicy,
  shipped: shippedChart,
  complete: completeChart,
};
