import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { IssuedInvoice } from '../invoice/invoice-order-api.ts';
import { OrderId } from '../kernel/ids.ts';
import { MAX_AMOUNT, Minor, RatePercent } from '../kernel/money.ts';

/** A part of the order's gross, or an amount in minor units, tax included. */
export const DepositRequest = z
  .strictObject({
    percent: RatePercent.refine(
      (percent) => Number(percent) > 0 && Number(percent) <= 100,
      'must be more than 0 and at most 100',
    ).optional(),
    amount: Minor.min(1).max(MAX_AMOUNT).optional(),
    /** Days from today; by the customer's terms where left out. */
    dueInDays: z.int().min(0).max(365).optional(),
  })
  .refine(
    ({ percent, amount }) => (percent === undefined) !== (amount === undefined),
    'needs either percent or amount',
  );
export type DepositRequest = z.infer<typeof DepositRequest>;

export const invoiceDeposit = contract({
  operationId: 'invoiceDeposit',
  description:
    'Asks for money before anything of a confirmed order ships: an invoice with tax, which the invoices of the order take off again. All deposits together never ask for more than the order.',
  params: z.strictObject({ orderId: OrderId }),
  body: DepositRequest,
  status: 201,
  response: IssuedInvoice,
  idempotent: true,
  problems: ['order_not_found', 'deposit_not_possible', 'deposit_exceeds_order', 'version_conflict'],
  example: { body: { percent: '30', dueInDays: 7 } },
});
