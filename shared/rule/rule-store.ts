import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import type { Instant } from '../kernel/time.ts';
import type { Order } from '../order/order.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { RuleVersion, Ruling } from './apply-rules.ts';
import { Rule } from './rule.ts';
import { RuleId } from './rule-effects.ts';

const Stored = z.object({
  ruleId: RuleId,
  version: z.int().min(1),
  rule: z.unknown(),
  at: z.string(),
  by: z.string(),
});
const Ordered = z.object({ order: z.int().catch(0) });

/** All rules in their newest version: one query, half a read unit for the first few. */
export async function loadRules(table: Table): Promise<RuleVersion[]> {
  const items = await queryAll(table, { partition: keys.rule('').PK });
  return items.map(versionOf);
}

export async function loadRule(table: Table, ruleId: RuleId): Promise<RuleVersion | undefined> {
  const item = await table.get(keys.rule(ruleId), { consistent: true });
  return item && versionOf(item);
}

/** All versions of a rule, newest first, with when and by whom each was saved. */
export async function loadRuleVersions(table: Table, ruleId: RuleId) {
  const partition = keys.ruleVersion(ruleId, 0).PK;
  const items = await queryAll(table, { partition, prefix: prefixes.ruleVersion, newestFirst: true });
  return items.map((item) => {
    const { at, by } = Stored.parse(item);
    return { ...versionOf(item), at, by };
  });
}

/** The writes that put a rule in the place of its version `before`. @throws (on commit) DomainError `version_conflict` */
export function saveRuleActions(
  before: RuleVersion | undefined,
  ruleId: RuleId,
  rule: Rule,
  { at, actor }: { at: Instant; actor: string },
): { saved: RuleVersion; actions: Action[] } {
  const version = (before?.version ?? 0) + 1;
  const stored = { ruleId, version, rule, at, by: actor };
  const history = keys.ruleVersion(ruleId, version);
  return {
    saved: { ruleId, version, rule },
    actions: [
      {
        do: 'put',
        item: { ...keys.rule(ruleId), ...stored },
        when: [
          before
            ? { attribute: 'version', is: 'equal', value: before.version }
            : { attribute: 'PK', is: 'absent' },
        ],
        refusal: versionConflict('rule'),
      },
      { do: 'put', item: { ...history, ...stored } },
      recordFact('rule.saved', history.PK, versionSlot(version), {
        at,
        actor,
        data: { ruleId, version, active: rule.active },
      }),
    ],
  };
}

/** The fact that rules have somebody told of an order, for the transaction that places it. */
export function notifyByRules(
  { orderId, placedAt, placedBy }: Pick<Order, 'orderId' | 'placedAt' | 'placedBy'>,
  { touched, effects }: Ruling,
): Action[] {
  if (!effects.notify) return [];
  const ruleIds = touched.filter(({ did }) => did?.notify).map(({ ruleId }) => ruleId);
  const data = { orderId, ruleIds, to: effects.notify };
  return [recordFact('rule.notified', orderId, 'rules-notified', { at: placedAt, actor: placedBy, data })];
}

/** A rule that can't be read any more is one that fails, and holds what it is asked about. */
function versionOf(item: Item): RuleVersion {
  const { ruleId, version, rule } = Stored.parse(item);
  const read = Rule.safeParse(rule);
  if (read.success) return { ruleId, version, rule: read.data };
  const [issue] = read.error.issues;
  const fault = `it can't be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  return { ruleId, version, rule: { fault, order: Ordered.parse(rule).order } };
}
