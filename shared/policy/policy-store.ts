import { recordFact } from '../fact/record-fact.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { InForce, PolicyDefinition } from './policy-definition.ts';
import { lastOfDay, type PolicyVersion } from './policy-version.ts';

/** The policy in force on `date`: the company's newest that took effect by then, else the one shipped. */
export async function policyInForce<P>(
  table: Table,
  definition: PolicyDefinition<P>,
  date: CalendarDate,
): Promise<InForce<P>> {
  const { items } = await table.query({
    partition: partitionOf(definition),
    to: lastOfDay(date),
    newestFirst: true,
    limit: 1,
  });
  const stored = items[0];
  return stored ? versionOf(definition, stored) : { version: 'shipped-1', policy: definition.shipped };
}

/** The newest version that takes effect on `date` itself. */
export async function newestOfDay<P>(
  table: Table,
  definition: PolicyDefinition<P>,
  date: CalendarDate,
): Promise<InForce<P> | undefined> {
  const { items } = await table.query({
    partition: partitionOf(definition),
    from: date,
    to: lastOfDay(date),
    newestFirst: true,
    limit: 1,
    consistent: true,
  });
  return items[0] && versionOf(definition, items[0]);
}

/** Versions that take effect after `date`, soonest first; at most the next hundred. */
export async function versionsAfter(table: Table, { name }: Named, date: CalendarDate): Promise<string[]> {
  const { items } = await table.query({
    partition: partitionOf({ name }),
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
export function putPolicyActions<P>(
  { name }: PolicyDefinition<P>,
  version: PolicyVersion,
  policy: P,
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

type Named = Pick<PolicyDefinition<unknown>, 'name'>;

const partitionOf = ({ name }: Named) => keys.policy(name, '').PK;

function versionOf<P>({ schema, complete }: PolicyDefinition<P>, item: Item): InForce<P> {
  if (!complete) return { version: item.SK, policy: schema.parse(item['policy']) };
  const { policy, defaulted } = complete(item['policy']);
  return { version: item.SK, policy, ...(defaulted.length > 0 && { defaulted }) };
}
