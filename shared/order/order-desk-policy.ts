import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:00');
const Hours = z.int().min(1).max(500);

/** When the desk is open, how many of those hours each team has to decide, and how long a claim keeps others away. */
export const OrderDeskPolicy = z
  .strictObject({
    opens: TimeOfDay.default('09:00'),
    closes: TimeOfDay.default('17:00'),
    /** Opening hours on business days of the company's country until a held order is due. */
    hours: z
      .strictObject({
        sales: Hours.default(8),
        credit: Hours.default(8),
        warehouse: Hours.default(4),
        finance: Hours.default(8),
        support: Hours.default(8),
      })
      .prefault({}),
    claimMinutes: z.int().min(5).max(10_080).default(240),
  })
  .refine(({ opens, closes }) => opens < closes, { path: ['closes'], message: 'must be later than `opens`' });
export type OrderDeskPolicy = z.infer<typeof OrderDeskPolicy>;

export const orderDeskPolicy: PolicyDefinition<OrderDeskPolicy> = {
  name: 'order-desk',
  schema: OrderDeskPolicy,
  shipped: OrderDeskPolicy.parse({}),
};
