import * as z from 'zod';
import { roles } from '../http/roles.ts';
import { Instant } from '../kernel/time.ts';

/** The teams that work on held orders. */
const Team = z.enum(['sales', 'credit', 'warehouse', 'finance', 'support']);

/** Who is to decide about a held order, and until when. */
export const Hold = z.strictObject({
  team: Team,
  dueAt: Instant,
  /** The role whose approval it takes. */
  approval: z.enum(roles).optional(),
});
export type Hold = z.infer<typeof Hold>;

export const OrderPriority = z.enum(['low', 'normal', 'high']);
export const OrderTag = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9, - or _');
