import * as z from 'zod';
import { OrderId } from '../kernel/ids.ts';
import { instant } from '../kernel/time.ts';
import { Reason } from './order.ts';

/** What the tasks of `accept-order` are given; `at` is the moment the state machine entered the state. */
export const OrderTask = z.object({
  orderId: OrderId,
  at: z.string().transform((moment) => instant(moment)),
});
export type OrderTask = z.infer<typeof OrderTask>;

/** The same with the reasons an earlier task found. */
export const ReasonedOrderTask = OrderTask.extend({ reasons: z.array(Reason).min(1) });
