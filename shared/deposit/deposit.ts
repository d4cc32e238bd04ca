import * as z from 'zod';
import { InvoiceReference } from '../invoice/invoice.ts';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { grossOf, TaxGroup } from '../tax/tax.ts';

/** A deposit that was invoiced. `left` is what of it no invoice of the order has taken off yet, by tax group. */
export const Deposit = z.strictObject({
  ...InvoiceReference.shape,
  /** Minor units, tax included. */
  gross: Minor.min(1),
  left: z.array(TaxGroup),
  /** Taken back by a credit note: it asks for nothing and is never taken off. */
  credited: z.literal(true).optional(),
});
export type Deposit = z.infer<typeof Deposit>;

/** The deposits of an order. */
export const OrderDeposits = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  currency: Currency,
  deposits: z.array(Deposit).min(1).max(20),
  version: z.int().min(1),
});
export type OrderDeposits = z.infer<typeof OrderDeposits>;

/** What the deposits of an order become; `before` is the version that is replaced. */
export type DepositChange = { readonly before: number | 'absent'; readonly after: OrderDeposits };

/** What of deposits is still to be taken off. Minor units, tax included. */
export function leftOf(deposits: readonly Pick<Deposit, 'left'>[]): number {
  return grossOf(deposits.flatMap(({ left }) => left));
}
