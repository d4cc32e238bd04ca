import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId } from '../kernel/ids.ts';
import { RuleId } from './rule-effects.ts';

/** What happens to rules and by them; subject is the rule's partition, or the order that a rule tells somebody of. */
export const ruleFacts = [
  factOf('rule.saved', z.strictObject({ ruleId: RuleId, version: z.int().min(1), active: z.boolean() })),
  factOf(
    'rule.notified',
    z.strictObject({ orderId: OrderId, ruleIds: z.array(RuleId).min(1), to: z.array(z.email()).min(1) }),
  ),
] as const;
