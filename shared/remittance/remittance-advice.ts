import * as z from 'zod';
import { AdviceId, CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** What a payer says it pays of an invoice, and what it takes off for paying early. Minor units. */
export const AdvisedInvoice = z.strictObject({
  invoiceId: InvoiceId,
  number: z.string(),
  amount: Minor.min(1).max(MAX_AMOUNT),
  discount: Minor.min(1).max(MAX_AMOUNT).optional(),
});
export type AdvisedInvoice = z.infer<typeof AdvisedInvoice>;

const advised = {
  adviceId: AdviceId,
  customerId: CustomerId,
  /** `portal`: chosen on the page that lists the customer's open invoices. */
  source: z.enum(['api', 'csv', 'portal']),
  currency: Currency,
  /** Sum of what is paid of the invoices, minor units. */
  total: Minor.min(1),
  invoices: z.array(AdvisedInvoice).min(1),
  /** What the payer writes on its transfer. */
  paymentReference: z.string().optional(),
  /** The day the payer says it pays. */
  paidOn: CalendarDate.optional(),
  /** The last day that it is looked for. */
  expiresOn: CalendarDate,
  advisedAt: Instant,
  advisedBy: z.string(),
  version: z.int().min(1),
};

/** What a payer said it would pay. It is `used` by the payment that follows it, or `withdrawn`. */
export const RemittanceAdvice = z.discriminatedUnion('status', [
  z.strictObject({ ...advised, status: z.literal('open') }),
  z.strictObject({ ...advised, status: z.literal('used'), paymentId: PaymentId }),
  z.strictObject({
    ...advised,
    status: z.literal('withdrawn'),
    withdrawnAt: Instant,
    withdrawnBy: z.string(),
  }),
]);
export type RemittanceAdvice = z.infer<typeof RemittanceAdvice>;
export type OpenAdvice = Extract<RemittanceAdvice, { status: 'open' }>;
