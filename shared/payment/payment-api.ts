import * as z from 'zod';
import { BankLineReference } from '../bank/bank-line.ts';
import { ToldTransfer } from '../credit-transfer/end-to-end-id.ts';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { AdviceId, CreditNoteId, CustomerId, PaymentId, RefundId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Allocation, allocationList, PaymentMethod } from './payment.ts';
import { ProviderRefundState } from './provider-refund.ts';

export const RecordPaymentRequest = z
  .strictObject({
    customerId: CustomerId,
    /** Card payments come from the payment provider, never by hand. */
    method: PaymentMethod.exclude(['card', 'sepa_debit', 'ach_debit']),
    currency: Currency,
    /** All that came in, minor units; what is not allocated stays on the customer's account. */
    amount: Minor.min(1).max(MAX_AMOUNT),
    /** What the bank or processor kept for itself of `amount`, minor units. */
    fee: Minor.min(1).max(MAX_AMOUNT).optional(),
    /** Today in the company's time zone, when left out. */
    receivedOn: CalendarDate.optional(),
    /** The payer's or the bank's own reference; as long as a SEPA remittance line. */
    reference: z.string().trim().min(1).max(140).optional(),
    allocations: allocationList(Allocation).default([]),
    /** The remittance advice that the payment follows, in place of `allocations`. */
    adviceId: AdviceId.optional(),
  })
  .refine(({ adviceId, allocations }) => adviceId === undefined || allocations.length === 0, {
    path: ['allocations'],
    message: 'must be left out with adviceId: the advice says what is paid',
  });
export type RecordPaymentRequest = z.infer<typeof RecordPaymentRequest>;

/** Money that goes back through the provider it came by, and how far it is. Minor units. */
export const RefundProgress = z.strictObject({
  amount: Minor,
  /** `unknown` is sent again; what `failed` was undone: it is not used, or not paid out, any more. */
  state: ProviderRefundState,
  creditNoteId: CreditNoteId.optional(),
  recordedAt: Instant,
  changedAt: Instant,
  /** Staff only. */
  providerRefundId: z.string().optional(),
  failure: z.string().optional(),
});

export const PaymentView = z.strictObject({
  paymentId: PaymentId,
  customerId: CustomerId,
  method: PaymentMethod,
  currency: Currency,
  amount: Minor,
  /** Staff only. */
  fee: Minor.optional(),
  unapplied: Minor,
  /** Given back so far. */
  refunded: Minor.optional(),
  /** Of what is not used, what refunds that wait for approval ask for. */
  reserved: Minor.optional(),
  /** Given back for credit notes. */
  paidOut: Minor.optional(),
  /** Gone again: returned by the bank, charged back, or recorded in error. */
  reversed: Minor.optional(),
  /** What of that its provider gives back, oldest first; only where one payment is asked for. */
  refunds: z.array(RefundProgress).optional(),
  allocations: z.array(Allocation),
  reference: z.string(),
  receivedOn: CalendarDate,
  /** The line of a bank statement that it was recorded from. Staff only. */
  bankLine: BankLineReference.optional(),
  recordedAt: Instant,
  /** Staff only: who recorded it, and the provider that collected it. */
  recordedBy: z.string().optional(),
  provider: z.string().optional(),
  links: z.strictObject({ self: z.string() }),
});
export type PaymentView = z.infer<typeof PaymentView>;

const example = {
  customerId: 'cus_1042',
  method: 'bank_transfer',
  currency: 'GBP',
  amount: 14_400,
  reference: 'INV-2026-000042',
  allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y', amount: 12_000 }],
};

export const recordPayment = contract({
  operationId: 'recordPayment',
  description:
    'The whole amount is booked at once. Allocate all, part or nothing of it to open invoices of the same customer, disputed ones too; the rest stays on the account. An allocation of exactly what is owed less the early-payment discount, received while it lasts, takes the discount by itself; `discount` takes less of it, and with `discountReason` takes it late. With `adviceId` the lines of that open remittance advice of the customer are the allocations, and no other payment follows it; the amount is its total, or more, which stays on the account.',
  body: RecordPaymentRequest,
  status: 201,
  response: PaymentView,
  idempotent: true,
  problems: [
    'customer_not_found',
    'currency_mismatch',
    'invoice_not_found',
    'invoice_not_open',
    'allocation_wrong_customer',
    'allocation_exceeds_payment',
    'allocation_exceeds_balance',
    'discount_not_offered',
    'remittance_not_found',
    'remittance_not_open',
    'version_conflict',
  ],
  example: {
    body: example,
    response: {
      ...example,
      paymentId: 'pay_01kr0a4c6e8g0j2k4m6n8q0s2v',
      unapplied: 2_400,
      receivedOn: '2026-05-07',
      recordedAt: '2026-05-07T09:30:00.000Z',
      recordedBy: 'finance@example.com',
      links: { self: '/v1/payments/pay_01kr0a4c6e8g0j2k4m6n8q0s2v' },
    },
  },
});

export const getPayment = contract({
  operationId: 'getPayment',
  params: z.strictObject({ paymentId: PaymentId }),
  status: 200,
  response: PaymentView,
  problems: ['payment_not_found'],
});

export const listPayments = contract({
  operationId: 'listPayments',
  query: z.strictObject({ ...PageQuery.shape, customerId: CustomerId.optional() }),
  status: 200,
  response: pageOf(PaymentView),
  problems: ['cursor_invalid', 'customer_not_found'],
});

/** Money given back or asked to be, as it was recorded. Minor units. */
export const RefundView = z.strictObject({
  /** `requested` waits for someone else's approval; its amount can be used for nothing else. */
  status: z.enum(['done', 'requested', 'rejected']),
  /** Of a refund that needed approval. */
  refundId: RefundId.optional(),
  paymentId: PaymentId,
  /** Where what is not used of a credit note is paid out; the payment then is the one whose money it is. */
  creditNoteId: CreditNoteId.optional(),
  method: PaymentMethod,
  currency: Currency,
  amount: Minor,
  /** All that was given back of the payment or credit note so far, and what is left of it. */
  refunded: Minor,
  unapplied: Minor,
  reason: z.string(),
  reference: z.string(),
  requestedAt: Instant.optional(),
  requestedBy: z.string().optional(),
  refundedAt: Instant.optional(),
  /** Who approved it, where that was needed. */
  refundedBy: z.string().optional(),
  rejectedAt: Instant.optional(),
  rejectedBy: z.string().optional(),
  /** Why it was approved or rejected. */
  decision: z.string().optional(),
  /** Where it goes out by transfer; `account` is masked, of one that waits for approval too. */
  transfer: ToldTransfer.optional(),
  account: z.string().optional(),
  links: z.strictObject({ payment: z.string(), creditNote: z.string().optional() }),
});
export type RefundView = z.infer<typeof RefundView>;

const token = z.string().min(1);

export const openPaymentLink = contract({
  operationId: 'openPaymentLink',
  description:
    "Leads to the payment provider's page for what is owed at this moment, or says that nothing is owed any more. The address is in the invoice's mail.",
  params: z.strictObject({ token }),
  status: 303,
  alsoStatus: 200,
  produces: 'html',
  problems: ['payment_link_invalid', 'checkout_not_possible', 'provider_unavailable'],
});

export const showSandboxCheckout = contract({
  operationId: 'showSandboxCheckout',
  params: z.strictObject({ session: token }),
  status: 200,
  produces: 'html',
  problems: ['payment_link_invalid'],
});

export const submitSandboxCheckout = contract({
  operationId: 'submitSandboxCheckout',
  description: 'Tells the payment webhook of the choice, then leads back to the shop.',
  params: z.strictObject({ session: token }),
  body: z.strictObject({ action: z.enum(['pay', 'decline']) }),
  accepts: 'form',
  status: 303,
  alsoStatus: 200,
  produces: 'html',
  problems: ['payment_link_invalid', 'unsupported_media_type'],
});

export const receiveSandboxWebhook = contract({
  operationId: 'receiveSandboxWebhook',
  description:
    'Takes events signed by `Sandbox-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, not more than five minutes old. The same payment is applied once, however often and in whatever order its events come.',
  accepts: 'raw',
  status: 200,
  response: z.strictObject({ result: z.enum(['applied', 'repeated', 'noted', 'kept', 'ignored']) }),
  problems: ['signature_invalid', 'malformed_json', 'invoice_not_found', 'currency_mismatch'],
});

export const receiveStripeWebhook = contract({
  operationId: 'receiveStripeWebhook',
  description:
    "Takes Stripe's events with their `Stripe-Signature`, not more than five minutes old. Each is applied once, however often and in whatever order they come: a refund or charge-back before its payment is kept until then.",
  accepts: 'raw',
  status: 200,
  response: z.strictObject({ result: z.enum(['applied', 'repeated', 'kept', 'ignored']) }),
  problems: [
    'signature_invalid',
    'malformed_json',
    'invoice_not_found',
    'currency_mismatch',
    'provider_unavailable',
  ],
});
