import * as z from 'zod';
import { OrderId } from '../kernel/ids.ts';
import { instant } from '../kernel/time.ts';
import { Reason, Verification } from './order.ts';

/** What the tasks of `accept-order` are given; `at` is the moment the state machine entered the state. */
export const OrderTask = z.object({
  orderId: OrderId,
  at: z.string().transform((moment) => instant(moment)),
});
export type OrderTask = z.infer<typeof OrderTask>;

/** The same with what `verify-order` found; left out in executions from before it found anything. */
export const VerifiedOrderTask = OrderTask.extend({ verification: Verification.optional() });
export type VerifiedOrderTask = z.infer<typeof VerifiedOrderTask>;

/** The same with the reasons an earlier task found. */
export const ReasonedOrderTask = VerifiedOrderTask.extend({ reasons: z.array(Reason).min(1) });
