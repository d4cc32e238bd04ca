import * as z from 'zod';
import { roles } from '../http/roles.ts';
import { WarehouseId } from '../kernel/ids.ts';
import { Hold, OrderPriority, OrderTag } from '../order/desk.ts';

/** Chosen by the company, such as `large-exports`. */
export const RuleId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 or -')
  .brand('RuleId');
export type RuleId = z.infer<typeof RuleId>;

/** What a rule does to an order it is true of. */
export const RuleEffects = z
  .strictObject({
    /** The order waits for the team. */
    hold: Hold.shape.team.optional(),
    /** It waits until someone of the role decides. */
    approval: z.enum(roles).exclude(['customer']).optional(),
    /** The warehouse that should ship it, where it has what it takes. */
    warehouse: WarehouseId.optional(),
    priority: OrderPriority.optional(),
    tags: z.array(OrderTag).min(1).max(10).optional(),
    /** Who is mailed, once an order. */
    notify: z.array(z.email()).min(1).max(5).optional(),
  })
  .refine((effects) => Object.keys(effects).length > 0, 'must do something');
export type RuleEffects = z.infer<typeof RuleEffects>;

/** A rule that was true of an order, and what it did; or one that failed, and why. */
export const RuleTouch = z.strictObject({
  ruleId: RuleId,
  version: z.int().min(1),
  did: RuleEffects.optional(),
  failed: z.string().optional(),
});
export type RuleTouch = z.infer<typeof RuleTouch>;
