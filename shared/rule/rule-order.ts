import type { Reason } from '../order/order.ts';
import type { Placement } from '../order/reserve-placement.ts';
import type { Ruling } from './apply-rules.ts';
import type { RuleTouch } from './rule-effects.ts';

/** The order as the rules will have it: its priority, its tags, what holds it, and which rules touched it. */
export function ruled({ order, lines }: Placement, { touched, effects }: Ruling): Placement {
  if (touched.length === 0) return { order, lines };
  const priority = order.priority ?? effects.priority;
  const tags = [...new Set([...(order.tags ?? []), ...(effects.tags ?? [])])];
  const doubts = [...touched.flatMap(doubtOf), ...(order.doubts ?? [])];
  return {
    order: {
      ...order,
      ...(priority && { priority }),
      ...(tags.length > 0 && { tags }),
      ...(doubts.length > 0 && { doubts }),
      rules: [...touched],
    },
    lines,
  };
}

function doubtOf({ ruleId, version, did, failed }: RuleTouch): Reason[] {
  if (failed !== undefined) {
    return [{ code: 'rule_failed', detail: `rule ${ruleId}, version ${version}: ${failed}` }];
  }
  if (did?.hold === undefined && did?.approval === undefined) return [];
  const approval = did.approval === undefined ? '' : `, for the approval of ${did.approval}`;
  return [{ code: 'held_by_rule', detail: `rule ${ruleId}, version ${version}${approval}` }];
}
