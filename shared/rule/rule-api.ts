import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { OrderId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Rule } from './rule.ts';
import { RuleId, RuleTouch } from './rule-effects.ts';

const params = z.strictObject({ ruleId: RuleId });
const Unreadable = z.strictObject({ fault: z.string(), order: z.int() });
const RuleView = z.strictObject({
  ruleId: RuleId,
  version: z.int().min(1),
  rule: z.union([Rule, Unreadable]),
});

const example = {
  name: 'Large exports go past finance',
  active: true,
  order: 10,
  when: {
    all: [
      { field: 'gross', is: 'above', value: 1_000_000 },
      { not: { field: 'country', is: 'is_one_of', value: ['GB', 'IE'] } },
    ],
  },
  then: {
    hold: 'finance',
    approval: 'finance',
    priority: 'high',
    tags: ['export'],
    notify: ['exports@example.com'],
  },
};

export const putRule = contract({
  operationId: 'putRule',
  description:
    'The whole rule; each change is a version. `when` compares fields of the order (`channel`, `customerId`, `currency`, `country` of delivery, `billingCountry`, `priority`: `is`, `is_not`, `is_one_of`; `net`, `gross`, `lineCount`, `units`: `is`, `above`, `below`; `skus`, `skuGroups`, `tags`: `has`, `has_any_of`), joined by `all`, `any` and `not`. `then` holds the order for a team, demands the approval of a role, wishes a warehouse, sets a priority, tags, or mails somebody. Active rules are asked when an order comes in, by `order`, then by id; one that is true and says `stop` is the last. Of contradicting ones the first wins. Try it with a dry run before you switch it on.',
  params,
  body: Rule,
  status: 200,
  alsoStatus: 201,
  response: RuleView,
  versioned: true,
  problems: ['warehouse_not_found', 'precondition_failed', 'version_conflict'],
  example: { body: example },
});

export const listRules = contract({
  operationId: 'listRules',
  description: 'All rules, in the order they are asked.',
  status: 200,
  response: z.strictObject({ items: z.array(RuleView) }),
});

export const getRule = contract({
  operationId: 'getRule',
  description: 'A rule with all its versions, newest first.',
  params,
  status: 200,
  response: RuleView.extend({ versions: z.array(RuleView.extend({ at: Instant, by: z.string() })) }),
  versioned: true,
  problems: ['rule_not_found'],
});

export const dryRunRule = contract({
  operationId: 'dryRunRule',
  description:
    'Says which orders of up to 31 days the rule would have treated otherwise, as if it were on; `rule` tries one that is not saved. Up to 500 orders a call: pass `nextCursor` to go on. Writes nothing. Groups of products are those of today.',
  params,
  body: z.strictObject({
    from: CalendarDate,
    to: CalendarDate,
    rule: Rule.optional(),
    cursor: z.string().min(1).max(2000).optional(),
  }),
  status: 200,
  response: z.strictObject({
    examined: z.int(),
    differences: z.array(
      z.strictObject({
        orderId: OrderId,
        placedAt: Instant,
        before: RuleTouch.optional(),
        after: RuleTouch.optional(),
      }),
    ),
    nextCursor: z.string().optional(),
  }),
  problems: ['rule_not_found', 'validation_failed', 'cursor_invalid'],
  example: { body: { from: '2026-03-01', to: '2026-03-31' } },
});
