import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { Allocation, PaymentMethod } from './payment.ts';

/** What happens to payments; subject is the payment. */
export const paymentFacts = [
  factOf(
    'payment.received',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      amount: Minor,
      fee: Minor.optional(),
      unapplied: Minor,
      allocations: z.array(Allocation),
      reference: z.string(),
      /** Paid over the counter, together with the sale. */
      channel: z.literal('counter').optional(),
    }),
  ),
  factOf(
    'payment.refunded',
    z.strictObject({
      paymentId: PaymentId,
      method: PaymentMethod,
      currency: Currency,
      /** Given back this time, and all together. */
      amount: Minor,
      refunded: Minor,
      /** What is left of the payment. */
      unapplied: Minor,
      reason: z.string(),
      reference: z.string(),
    }),
  ),
] as const;
