import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { AdviceId, CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { AdvisedInvoice, type RemittanceAdvice } from './remittance-advice.ts';

/** The payment that follows settles no more invoices in its one transaction. */
export const MAX_ADVISED = 80;

const Reference = z.string().trim().min(1).max(140);

const Named = z
  .strictObject({
    invoiceId: InvoiceId.optional(),
    number: z.string().trim().min(1).max(60).optional(),
    /** What is paid of it, minor units. */
    amount: Minor.min(1).max(MAX_AMOUNT),
    /** What is taken off for paying early, minor units. */
    discount: Minor.min(1).max(MAX_AMOUNT).optional(),
  })
  .refine(
    ({ invoiceId, number }) => (invoiceId === undefined) !== (number === undefined),
    'must name the invoice by number or invoiceId, one of the two',
  );

export const AdviceView = z.strictObject({
  adviceId: AdviceId,
  customerId: CustomerId,
  /** `expired`: no payment came in time, and none is looked for any more. */
  status: z.enum(['open', 'used', 'withdrawn', 'expired']),
  source: z.enum(['api', 'csv', 'portal']),
  currency: Currency,
  total: Minor,
  invoices: z.array(AdvisedInvoice),
  paymentReference: z.string().optional(),
  paidOn: CalendarDate.optional(),
  expiresOn: CalendarDate,
  advisedAt: Instant,
  /** The payment that followed it. */
  paymentId: PaymentId.optional(),
  withdrawnAt: Instant.optional(),
  links: z.strictObject({ self: z.string(), payment: z.string().optional() }),
});
export type AdviceView = z.infer<typeof AdviceView>;

/** An advice as the API shows it on `today`: not who gave and withdrew it. */
export function adviceView(advice: RemittanceAdvice, today: CalendarDate): AdviceView {
  const { adviceId, customerId, source, currency, total, invoices, paymentReference, paidOn } = advice;
  const { status, expiresOn, advisedAt } = advice;
  const self = `/v1/remittance-advices/${adviceId}`;
  return {
    adviceId,
    customerId,
    status: status === 'open' && expiresOn < today ? 'expired' : status,
    source,
    currency,
    total,
    invoices,
    ...(paymentReference !== undefined && { paymentReference }),
    ...(paidOn !== undefined && { paidOn }),
    expiresOn,
    advisedAt,
    ...(advice.status === 'used' && { paymentId: advice.paymentId }),
    ...(advice.status === 'withdrawn' && { withdrawnAt: advice.withdrawnAt }),
    links: {
      self,
      ...(advice.status === 'used' && { payment: `/v1/payments/${advice.paymentId}` }),
    },
  };
}

const problems = [
  'customer_not_found',
  'currency_mismatch',
  'remittance_invalid',
  'version_conflict',
] as const;

const example = {
  currency: 'GBP',
  paymentReference: 'BLUEBELL 4711',
  paidOn: '2026-05-07',
  total: 21_800,
  invoices: [
    { number: 'INV-2026-000042', amount: 12_000 },
    { number: 'INV-2026-000043', amount: 9_800 },
  ],
};

export const adviseRemittance = contract({
  operationId: 'adviseRemittance',
  description:
    'Says which invoices a payment settles, before the money arrives: the bank line that bears `paymentReference`, or comes from this customer with this `total`, is then matched by itself. Customers advise for themselves; staff name the customer. The amounts add up to `total`, and each is at most what is owed. It is looked for until a payment follows, it is withdrawn, or the days of the policy `remittance` are over.',
  body: z.strictObject({
    /** Required for staff. */
    customerId: CustomerId.optional(),
    currency: Currency,
    paymentReference: Reference.optional(),
    paidOn: CalendarDate.optional(),
    total: Minor.min(1).max(MAX_AMOUNT),
    invoices: z.array(Named).min(1).max(MAX_ADVISED),
  }),
  status: 201,
  response: AdviceView,
  idempotent: true,
  problems,
  example: { body: example },
});

export const importRemittance = contract({
  operationId: 'importRemittance',
  description: `The same from a spreadsheet: CSV with the columns \`number\`, \`amount\` and, where wanted, \`discount\`, separated by comma or semicolon, amounts as decimals such as 1234.50, 1 to ${MAX_ADVISED} invoices. Where \`total\` (minor units) is given, the amounts must add up to it. A line at fault is named by its place in the file.`,
  query: z.strictObject({
    customerId: CustomerId.optional(),
    currency: Currency,
    paymentReference: Reference.optional(),
    paidOn: CalendarDate.optional(),
    total: z.coerce.number().int().min(1).max(MAX_AMOUNT).optional(),
  }),
  body: z.string().min(1),
  accepts: 'csv',
  status: 201,
  response: AdviceView,
  idempotent: true,
  problems: [...problems, 'unsupported_media_type'],
  example: { body: 'number,amount,discount\nINV-2026-000042,120.00,\nINV-2026-000043,98.00,2.00\n' },
});

const params = z.strictObject({ adviceId: AdviceId });

export const getRemittanceAdvice = contract({
  operationId: 'getRemittanceAdvice',
  params,
  status: 200,
  response: AdviceView,
  problems: ['remittance_not_found'],
});

export const listRemittanceAdvices = contract({
  operationId: 'listRemittanceAdvices',
  query: z.strictObject({ ...PageQuery.shape, customerId: CustomerId.optional() }),
  status: 200,
  response: pageOf(AdviceView),
  problems: ['cursor_invalid', 'customer_not_found'],
});

export const withdrawRemittanceAdvice = contract({
  operationId: 'withdrawRemittanceAdvice',
  description: 'No payment is looked for by it any more. Not possible once one has followed.',
  params,
  status: 200,
  response: AdviceView,
  idempotent: true,
  problems: ['remittance_not_found', 'remittance_not_open', 'version_conflict'],
});
