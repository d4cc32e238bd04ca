import { isDeepStrictEqual } from 'node:util';
import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { checkPolicy } from '#shared/policy/change-policy.ts';
import { isPolicyName, policies } from '#shared/policy/policies.ts';
import * as api from '#shared/policy/policy-api.ts';
import type { PolicyDefinition } from '#shared/policy/policy-definition.ts';
import { newestOfDay, policyInForce, putPolicyActions, versionsAfter } from '#shared/policy/policy-store.ts';
import { effectiveFrom, nextVersion } from '#shared/policy/policy-version.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const get = operation(api.getPolicy, async ({ params, at }) => {
  const definition = policyNamed(params.name);
  const { name } = definition;
  const today = dateIn(timeZone, at);
  const [inForce, later] = await Promise.all([
    policyInForce(table, definition, today),
    versionsAfter(table, definition, today),
  ]);
  const upcoming = later.map((version) => ({ version, effectiveFrom: effectiveFrom(version) }));
  return { body: { name, ...inForce, upcoming } };
});

const put = operation(api.putPolicy, ({ params, body, caller, at }) =>
  onFreshRead(async () => {
    const definition = policyNamed(params.name);
    const { name } = definition;
    const policy = checkPolicy(definition, body.policy, body.effectiveFrom, dateIn(timeZone, at));
    const newest = await newestOfDay(table, definition, body.effectiveFrom);
    const answer = { name, effectiveFrom: body.effectiveFrom, policy };
    if (newest && !newest.defaulted && isDeepStrictEqual(newest.policy, policy)) {
      return { status: 200, body: { ...answer, version: newest.version } };
    }
    const version = nextVersion(body.effectiveFrom, newest?.version);
    await commit(table, putPolicyActions(definition, version, policy, { at, actor: caller.name }));
    return { body: { ...answer, version } };
  }),
);

export const handler = httpFunction(table, [get, put]);

function policyNamed(name: string): PolicyDefinition<unknown> {
  if (isPolicyName(name)) return policies[name];
  throw new DomainError(
    'policy_not_found',
    `There are the policies ${Object.keys(policies).toSorted().join(', ')}.`,
  );
}
