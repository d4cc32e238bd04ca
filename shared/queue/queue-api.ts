import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { OrderId } from '../kernel/ids.ts';
import { Hold } from '../order/desk.ts';
import { HeldOrder } from '../order/order.ts';
import { Backorder } from '../stock/backorder.ts';
import { LowStock } from '../stock/low-stock.ts';
import { Claim } from './claim.ts';

const ClaimView = Claim.pick({ by: true, until: true });

const HeldOrderView = HeldOrder.extend({
  /** Whether the team's time to decide is over. */
  overdue: z.boolean(),
  claim: ClaimView.optional(),
});

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const listHeldOrders = contract({
  operationId: 'listHeldOrders',
  description:
    'The orders that wait for a decision, those due first in front: why, since when, for which team, due when, and who works on each. `mine` are those you claimed.',
  query: z.strictObject({ team: Hold.shape.team.optional(), mine: flag, overdue: flag }),
  status: 200,
  response: z.strictObject({ items: z.array(HeldOrderView) }),
});

export const listBackorders = contract({
  operationId: 'listBackorders',
  description: 'What orders wait for, longest waiting first.',
  status: 200,
  response: z.strictObject({ items: z.array(Backorder) }),
});

export const listLowStock = contract({
  operationId: 'listLowStock',
  description: 'What is to be ordered: fewer units are available in a warehouse than its reorder point.',
  status: 200,
  response: z.strictObject({ items: z.array(LowStock) }),
});

const params = z.strictObject({ orderId: OrderId });
const reason = z.string().min(3).max(500);

export const claimHeldOrder = contract({
  operationId: 'claimHeldOrder',
  description:
    'Says that you work on a held order, so that others leave it to you for the time that the policy `order-desk` gives; again renews it. `takeOver` says why you take it from whoever has it.',
  params,
  body: z.strictObject({ takeOver: reason.optional() }),
  status: 200,
  response: ClaimView,
  problems: ['order_not_found', 'order_not_releasable', 'claimed_by_other', 'version_conflict'],
  example: { body: { takeOver: 'Sue is ill; the customer waits.' } },
});

export const unclaimHeldOrder = contract({
  operationId: 'unclaimHeldOrder',
  description: 'Gives a held order back that you claimed. Repeating it changes nothing.',
  params,
  status: 200,
  response: z.strictObject({ orderId: OrderId }),
  problems: ['order_not_found', 'claimed_by_other'],
});
