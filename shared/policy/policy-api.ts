import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CalendarDate } from '../kernel/time.ts';

/** Any name: an unknown one is not found rather than invalid. */
const params = z.strictObject({ name: z.string().min(1).max(40) });

const policySchemas = [
  'CalendarPolicy',
  'CarrierPolicy',
  'CasePolicy',
  'ChartPolicy',
  'CreditPolicy',
  'DebitPolicy',
  'DunningPolicy',
  'RemittancePolicy',
  'MatchingPolicy',
  'RefundPolicy',
  'OrderDeskPolicy',
  'SeriesPolicy',
  'TaxPolicy',
  'VerificationPolicy',
  'WarehousePolicy',
];

/** Which of the policies it is depends on the name, and so is checked after it. */
const AnyPolicy = z.unknown().meta({
  anyOf: policySchemas.map((name) => ({
    $ref: `#/components/schemas/${name}`,
  })),
});

const Version = z.string();

export const PolicyView = z.strictObject({
  name: z.string(),
  /** What decisions cite. */
  version: Version,
  policy: AnyPolicy,
  /** What the version was stored without, because it did not exist then, and is as shipped: roles of the chart. */
  defaulted: z.array(z.string()).optional(),
  /** Versions that take effect later. */
  upcoming: z.array(z.strictObject({ version: Version, effectiveFrom: CalendarDate })),
});

const dunning = {
  steps: [
    { name: 'first reminder', afterDays: 5 },
    { name: 'second reminder', afterDays: 15 },
  ],
  callAfterDays: 30,
};

export const getPolicy = contract({
  operationId: 'getPolicy',
  description:
    'The policy in force today: `calendar`, `carriers`, `cases`, `chart` (of accounts), `credit`, `debit` (direct debits), `dunning`, `matching` (of bank lines), `order-desk`, `payment`, `refunds`, `remittance`, `series`, `tax`, `verification` or `warehouses`. `defaulted` names the accounts that your chart was stored without, and that are as shipped until you put a chart that has them.',
  params,
  status: 200,
  response: PolicyView,
  problems: ['policy_not_found'],
});

export const putPolicy = contract({
  operationId: 'putPolicy',
  description:
    'Puts a new version in force from a day on, today at the earliest. Decisions already taken keep citing the version they were taken by.',
  params,
  body: z.strictObject({ effectiveFrom: CalendarDate, policy: AnyPolicy }),
  status: 201,
  alsoStatus: 200,
  response: z.strictObject({
    name: z.string(),
    version: Version,
    effectiveFrom: CalendarDate,
    policy: AnyPolicy,
  }),
  problems: ['policy_not_found', 'policy_invalid', 'version_conflict'],
  example: {
    body: { effectiveFrom: '2026-04-01', policy: dunning },
    response: { name: 'dunning', version: '2026-04-01.01', effectiveFrom: '2026-04-01', policy: dunning },
  },
});
