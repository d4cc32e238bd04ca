import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { StockMove } from '../stock/stock-facts.ts';
import { Channel, Reason } from './order.ts';

/** Worth of the order, tax included. */
const worth = { currency: Currency, gross: Minor };
const reasons = z.array(Reason);

/** What happens to orders; subject is the order. */
export const orderFacts = [
  factOf(
    'order.placed',
    z.strictObject({
      orderId: OrderId,
      channel: Channel,
      lineCount: z.int(),
      poNumber: z.string().optional(),
      net: Minor,
      ...worth,
    }),
  ),
  factOf(
    'order.confirmed',
    z.strictObject({ orderId: OrderId, policyVersion: z.string(), reasons, ...worth }),
  ),
  factOf('order.held', z.strictObject({ orderId: OrderId, reasons, ...worth })),
  factOf('order.released', z.strictObject({ orderId: OrderId, reason: z.string() })),
  factOf('order.rejected', z.strictObject({ orderId: OrderId, reasons, stock: StockMove, ...worth })),
  factOf(
    'order.cancelled',
    z.strictObject({ orderId: OrderId, reason: z.string(), stock: StockMove, ...worth }),
  ),
] as const;
