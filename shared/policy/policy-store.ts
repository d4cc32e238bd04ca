import { recordFact } from '../fact/record-fact.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { type InForce, type PolicyName, type PolicyOf, policies } from './policies.ts';
import { lastOfDay, type PolicyVersion } from './policy-version.ts';

/** The policy in force on `date`: the company's newest that took effect by then, else the one shipped. */
export async function policyInForce<N extends PolicyName>(
  table: Table,
  name: N,
  date: CalendarDate,
): Promise<InForce<N>> {
  const { items } = await table.query({
    partition: partitionOf(name),
    to: lastOfDay(date),
    newestFirst: true,
    limit: 1,
  });
  const stored = items[0];
  return stored ? versionOf(name, stored) : { version: 'shipped-1', policy: policies[name].shipped };
}

/** The newest version that takes effect on `date` itself. */
export async function newestOfDay<N extends PolicyName>(
  table: Table,
  name: N,
  date: CalendarDate,
): Promise<InForce<N> | undefined> {
  const { items } = await table.query({
    partition: partitionOf(name),
    from: date,
    to: lastOfDay(date),
    newestFirst: true,
    limit: 1,
    consistent: true,
  });
  return items[0] && versionOf(name, items[0]);
}

/** Versions that take effect after `date`, soonest first; at most the next hundred. */
export async function versionsAfter(table: Table, name: PolicyName, date: CalendarDate): Promise<string[]> {
  const { items } = await table.query({
    partition: partitionOf(name),
    from: lastOfDay(date),
    to: LAST_DAY,
    limit: 100,
  });
  return items.map((item) => item.SK);
}

/**
 * The writes that put a policy in force from its version's day on.
 * @throws (on commit) DomainError `version_conflict` when someone else took the version's number
 */
export function putPolicyActions<N extends PolicyName>(
  name: N,
  version: PolicyVersion,
  policy: PolicyOf<N>,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const key = keys.policy(name, version);
  return [
    {
      do: 'put',
      item: { ...key, policy, at, actor },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict(`${name} policy`),
    },
    recordFact('policy.changed', key.PK, version, { at, actor, data: { name, version } }),
  ];
}

/** Sorts after every version and before the facts of the policy. */
const LAST_DAY = '9999-12-31~';

const partitionOf = (name: PolicyName) => keys.policy(name, '').PK;

function versionOf<N extends PolicyName>(name: N, item: Item): InForce<N> {
  const { schema, complete } = policies[name];
  if (!complete) return { version: item.SK, policy: schema.parse(item['policy']) };
  const { policy, defaulted } = complete(item['policy']);
  return { version: item.SK, policy, ...(defaulted.length > 0 && { defaulted }) };
}
