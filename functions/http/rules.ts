import { isDeepStrictEqual } from 'node:util';
import { companyFromEnv } from '#shared/company/company.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { daysBetween } from '#shared/kernel/calendar.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { assertTakesOrders } from '#shared/order/placement-store.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { inOrder } from '#shared/rule/apply-rules.ts';
import { dryRun } from '#shared/rule/dry-run-store.ts';
import * as api from '#shared/rule/rule-api.ts';
import { loadRule, loadRules, loadRuleVersions, saveRuleActions } from '#shared/rule/rule-store.ts';
import { warehousePolicy } from '#shared/stock/warehouse-policy.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

/** Days that one dry run looks at. */
const MAX_DAYS = 31;

const ruleNotFound = () => new DomainError('rule_not_found', 'There is no such rule.');

const put = operation(api.putRule, ({ params: { ruleId }, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const [before, { policy }] = await Promise.all([
      loadRule(table, ruleId),
      policyInForce(table, warehousePolicy, dateIn(timeZone, at)),
    ]);
    assertMatches(ifMatch, before?.version ?? 0);
    const { warehouse } = body.then;
    if (warehouse !== undefined) assertTakesOrders(policy.warehouses, warehouse);
    if (before && isDeepStrictEqual(before.rule, body)) {
      return { status: 200, version: before.version, body: before };
    }
    const { saved, actions } = saveRuleActions(before, ruleId, body, { at, actor: caller.name });
    await commit(table, actions);
    return { status: before ? 200 : 201, version: saved.version, body: saved };
  }),
);

const list = operation(api.listRules, async () => ({ body: { items: inOrder(await loadRules(table)) } }));

const get = operation(api.getRule, async ({ params }) => {
  const versions = await loadRuleVersions(table, params.ruleId);
  const [newest] = versions;
  if (!newest) throw ruleNotFound();
  const { ruleId, version, rule } = newest;
  return { version, body: { ruleId, version, rule, versions } };
});

const tryOut = operation(api.dryRunRule, async ({ params: { ruleId }, body }) => {
  const { from, to, cursor } = body;
  const days = daysBetween(from, to);
  if (days < 0 || days >= MAX_DAYS) {
    throw new DomainError('validation_failed', `A dry run looks at 1 to ${MAX_DAYS} days.`, {
      issues: [{ path: 'to', message: `must be ${from} or up to ${MAX_DAYS - 1} days later` }],
    });
  }
  const saved = await loadRule(table, ruleId);
  const rule = body.rule ? { ruleId, version: (saved?.version ?? 0) + 1, rule: body.rule } : saved;
  if (!rule) throw ruleNotFound();
  return { body: await dryRun(table, rule, { from, to }, timeZone, cursor) };
});

export const handler = httpFunction(table, [put, list, get, tryOut]);
