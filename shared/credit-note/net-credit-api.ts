import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CreditNoteId, InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { allocationList } from '../payment/payment.ts';

const amount = Minor.min(1).max(MAX_AMOUNT);
const params = z.strictObject({ creditNoteId: CreditNoteId });

/** What of a credit note was set against invoices or taken back, as it was recorded. Minor units. */
export const NettingView = z.strictObject({
  creditNoteId: CreditNoteId,
  number: z.string(),
  currency: Currency,
  allocations: z.array(z.strictObject({ invoiceId: InvoiceId, amount: Minor })),
  /** What is left of the credit note to be used. */
  unapplied: Minor,
  reason: z.string().optional(),
  changedAt: Instant,
  changedBy: z.string(),
  links: z.strictObject({ creditNote: z.string() }),
});
export type NettingView = z.infer<typeof NettingView>;

export const allocateCreditNote = contract({
  operationId: 'allocateCreditNote',
  description:
    'Sets what is not used of a credit note against open invoices of the same customer. No discount is taken.',
  params,
  body: z.strictObject({
    allocations: allocationList(z.strictObject({ invoiceId: InvoiceId, amount })).min(1),
  }),
  status: 201,
  response: NettingView,
  idempotent: true,
  problems: [
    'credit_note_not_found',
    'invoice_not_found',
    'invoice_not_open',
    'currency_mismatch',
    'allocation_wrong_customer',
    'allocation_exceeds_payment',
    'allocation_exceeds_balance',
    'version_conflict',
  ],
  example: {
    body: { allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y', amount: 2_400 }] },
  },
});

export const unallocateCreditNote = contract({
  operationId: 'unallocateCreditNote',
  description:
    'Takes back what was set against invoices later, wholly or `amount` of each: they are owed again. What the credit note settled when it was issued stays.',
  params,
  body: z.strictObject({
    allocations: allocationList(z.strictObject({ invoiceId: InvoiceId, amount: amount.optional() })).min(1),
    reason: z.string().trim().min(3).max(500),
  }),
  status: 201,
  response: NettingView,
  idempotent: true,
  problems: ['credit_note_not_found', 'allocation_exceeds_payment', 'version_conflict'],
  example: {
    body: {
      allocations: [{ invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y' }],
      reason: 'Meant for another invoice',
    },
  },
});
