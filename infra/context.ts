import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Company } from '#shared/company/company.ts';
import { frozenLogo } from './logos.ts';

/** What a deployment must be told: key `o2c` of the context in `cdk.json`. README.md explains each entry. */
const Deployment = z.strictObject({
  stage: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,11}$/,
      'must be 1 to 12 lower-case letters, digits or hyphens, such as dev or prod',
    ),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-west-1')
    .optional(),
  senderAddress: z.email('must be the mail address that customers see'),
  financeRecipients: z
    .array(z.email('must be a mail address'))
    .min(1, 'must name at least one mail address')
    .max(50, 'must name at most 50 mail addresses: one mail takes no more'),
  company: Company,
  paymentProvider: z.enum(['sandbox', 'stripe'], 'must be "sandbox" or "stripe"'),
  /** What payers may choose from at Stripe; bank debits are offered in their own currency only. */
  stripePaymentMethods: z
    .array(
      z.enum(['card', 'us_bank_account', 'sepa_debit'], 'must be "card", "us_bank_account" or "sepa_debit"'),
    )
    .min(1)
    .optional(),
  accessPoint: z.literal('sandbox', 'must be "sandbox"'),
  /** Asked for the tax of each order, where the company is in the United States. */
  salesTaxProvider: z.literal('sandbox', 'must be "sandbox"').optional(),
  alarmEmail: z.email('must be a mail address').optional(),
});
export type Deployment = z.infer<typeof Deployment>;

/** The context in `cdk.json` (or given on the command line) is missing something or wrong. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
}

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** The context of `cdk.json`, so that `node infra/app.ts` synthesises the same as `cdk synth`. */
export function contextOfCdkJson(
  file: URL = new URL('../cdk.json', import.meta.url),
): Record<string, unknown> {
  return CdkJson.parse(JSON.parse(readFileSync(file, 'utf8'))).context;
}

/**
 * The deployment that the context describes. `-c stage=prod` picks another stage than `o2c.stage`; what differs there
 * stands under the key `o2c:prod` and is laid over `o2c`, key by key.
 * @param lookUp gives a context value by its key, as `node.tryGetContext` does
 * @throws ContextError, in one line, naming each key and what is wrong with it
 */
export function deploymentFrom(lookUp: (key: string) => unknown): Deployment {
  const base = section(lookUp, 'o2c');
  if (base === undefined)
    throw new ContextError('cdk.json: context.o2c is missing; README.md shows an example');
  const stage = lookUp('stage') ?? base['stage'];
  const overrides = section(lookUp, `o2c:${String(stage)}`) ?? {};
  const parsed = Deployment.safeParse({ ...base, ...overrides, stage });
  if (parsed.success) return withFrozenLogo(parsed.data);
  const problems = parsed.error.issues.map((issue) => `context.o2c${path(issue.path)} ${message(issue)}`);
  throw new ContextError(`cdk.json: ${problems.join('; ')}`);
}

/** Documents name their logo by its content, so that another picture in the same file is another logo. */
function withFrozenLogo(deployment: Deployment): Deployment {
  const { logo, ...company } = deployment.company;
  if (logo === undefined) return deployment;
  try {
    return { ...deployment, company: { ...company, logo: frozenLogo(logo) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ContextError(`cdk.json: context.o2c.company.logo ${reason}`);
  }
}

function section(lookUp: (key: string) => unknown, key: string): Record<string, unknown> | undefined {
  const value = lookUp(key);
  if (value === undefined || value === null) return undefined;
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw new ContextError(`cdk.json: context.${key} must be an object`);
  return parsed.data;
}

function path(keys: readonly PropertyKey[]): string {
  return keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}

function message(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has an unknown key: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  return issue.message.startsWith('must') ? issue.message : `is wrong: ${issue.message}`;
}
