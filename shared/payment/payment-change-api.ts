import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { InvoiceId, PaymentId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { Allocation, allocationList, PaymentMethod, ReversalKind } from './payment.ts';

const amount = Minor.min(1).max(MAX_AMOUNT);
const reason = z.string().trim().min(3).max(500);
const params = z.strictObject({ paymentId: PaymentId });

/** Money that had come in and is gone again, as it was recorded. Minor units. */
export const ReversalView = z.strictObject({
  paymentId: PaymentId,
  method: PaymentMethod,
  currency: Currency,
  kind: ReversalKind,
  reason: z.string(),
  /** Gone with this, and all together. */
  amount: Minor,
  reversed: Minor,
  fee: Minor.optional(),
  /** Of `amount`, what was not used; the rest settled these invoices, which are owed again. */
  fromUnapplied: Minor,
  allocations: z.array(Allocation),
  /** What is left of the payment to be used. */
  unapplied: Minor,
  reference: z.string(),
  reversedAt: Instant,
  reversedBy: z.string(),
  links: z.strictObject({ payment: z.string() }),
});
export type ReversalView = z.infer<typeof ReversalView>;

export const reversePayment = contract({
  operationId: 'reversePayment',
  description:
    'Records that money which came in is gone again: `returned` by the bank, a `chargeback`, or recorded in `error`. All that is not refunded or reversed yet, when `amount` is left out: first what is not used, then the allocations, last first. Their invoices are owed again, with the discount that was taken, and are collected again. Nothing is deleted.',
  params,
  body: z.strictObject({
    kind: ReversalKind,
    reason,
    amount: amount.optional(),
    /** What the bank or processor takes for it, minor units. */
    fee: amount.optional(),
    /** The bank's or processor's own, the payment's when left out. */
    reference: z.string().trim().min(1).max(140).optional(),
  }),
  status: 201,
  response: ReversalView,
  idempotent: true,
  problems: ['payment_not_found', 'reversal_exceeds_payment', 'customer_not_found', 'version_conflict'],
  example: { body: { kind: 'returned', reason: 'Insufficient funds (AM04)', fee: 350 } },
});

/** Allocations made or taken back later, as it was recorded. Minor units. */
export const AllocationsView = z.strictObject({
  paymentId: PaymentId,
  currency: Currency,
  /** What was allocated or taken back with this. */
  allocations: z.array(Allocation),
  /** What is left of the payment to be used. */
  unapplied: Minor,
  /** Why it was taken back. */
  reason: z.string().optional(),
  changedAt: Instant,
  changedBy: z.string(),
  links: z.strictObject({ payment: z.string() }),
});
export type AllocationsView = z.infer<typeof AllocationsView>;

export const allocatePayment = contract({
  operationId: 'allocatePayment',
  description:
    'Sets what is not used of a payment against open invoices of the same customer. A discount is taken as when the payment was recorded, by the day the money came in.',
  params,
  body: z.strictObject({
    allocations: allocationList(Allocation).min(1),
  }),
  status: 201,
  response: AllocationsView,
  idempotent: true,
  problems: [
    'payment_not_found',
    'invoice_not_found',
    'invoice_not_open',
    'currency_mismatch',
    'allocation_wrong_customer',
    'allocation_exceeds_payment',
    'allocation_exceeds_balance',
    'discount_not_offered',
    'version_conflict',
  ],
  example: {
    body: { allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y', amount: 2_400 }] },
  },
});

export const unallocatePayment = contract({
  operationId: 'unallocatePayment',
  description:
    'Takes allocations back, wholly or `amount` of each: the invoices are owed again, with the discount that was taken, and the money waits to be used.',
  params,
  body: z.strictObject({
    allocations: allocationList(z.strictObject({ invoiceId: InvoiceId, amount: amount.optional() })).min(1),
    reason,
  }),
  status: 201,
  response: AllocationsView,
  idempotent: true,
  problems: ['payment_not_found', 'allocation_exceeds_payment', 'customer_not_found', 'version_conflict'],
  example: {
    body: {
      allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y' }],
      reason: 'Meant for another invoice',
    },
  },
});
