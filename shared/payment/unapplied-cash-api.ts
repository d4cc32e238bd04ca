import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/** A payment that is not used up, and, asked for one customer, what it could settle of what that owes. Minor units. */
const UnappliedCash = z.strictObject({
  paymentId: PaymentId,
  customerId: CustomerId,
  currency: Currency,
  unapplied: Minor,
  /** Of that, what refunds that wait for approval ask for: it is not proposed. */
  reserved: Minor.optional(),
  reference: z.string(),
  receivedOn: CalendarDate.optional(),
  proposal: z
    .strictObject({
      basis: z.enum(['named', 'exact', 'exact_sum', 'oldest_first']),
      /** As `allocatePayment` takes them. */
      allocations: z.array(z.strictObject({ invoiceId: InvoiceId, amount: Minor })),
    })
    .optional(),
  links: z.strictObject({ payment: z.string(), allocations: z.string() }),
});
export type UnappliedCash = z.infer<typeof UnappliedCash>;

export const listUnappliedCash = contract({
  operationId: 'listUnappliedCash',
  description:
    'Payments that are not used up, longest waiting first: overpayments, money on account, and what was taken back from an invoice. With `customerId` each comes with a `proposal` for what that customer owes now, new invoices included: the invoices that its reference names (`named`), the one of exactly its amount (`exact`), the one group that sums to it (`exact_sum`), else what is owed longest (`oldest_first`). What is proposed for one payment is not proposed for the next. Nothing is settled until its allocations are sent to `allocatePayment`.',
  query: z.strictObject({ customerId: CustomerId.optional() }),
  status: 200,
  response: z.strictObject({ items: z.array(UnappliedCash) }),
  problems: ['customer_not_found'],
});
