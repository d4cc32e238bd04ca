import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CreditNote } from '../invoice/invoice.ts';
import { ShownLine, withoutCost } from '../invoice/invoice-api.ts';
import type { CreditNoteFile } from '../invoice/invoice-store.ts';
import { CustomerId, InvoiceId, ReturnId, Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { Condition, Return } from './return.ts';

/**
 * Lines of one return. All of it is one transaction, and DynamoDB takes 100 actions: one a SKU put back on the
 * shelf, and up to 15 for all else (see `return-store.ts`).
 */
const MAX_RETURN_LINES = 80;

const ReturnLineRequest = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1).max(1_000_000),
  /**
   * What a unit is credited with, minor units, before tax unless the invoice's prices include it. Left out, it is what
   * was invoiced; without an invoice it must be stated, before tax.
   */
  unitPrice: Minor.min(0).max(MAX_AMOUNT).optional(),
  condition: Condition.default('restock'),
});
export type ReturnLineRequest = z.infer<typeof ReturnLineRequest>;

export const ReturnRequest = z.strictObject({
  customerId: CustomerId,
  /** The customer's or the source system's number for it. The same number again is the same return. */
  reference: z
    .string()
    .regex(/^[\w./-]{1,40}$/, 'must be 1 to 40 letters, digits or . / - _')
    .optional(),
  /** The day on the customer's own document, where it came earlier than today. */
  documentDate: CalendarDate.optional(),
  reason: z.string().trim().min(3).max(500),
  /** The invoice the goods were on: the credit is then set against it. */
  invoiceId: InvoiceId.optional(),
  currency: Currency.optional(),
  /** The warehouse that takes the goods, and keeps what is restocked; `main` when left out. */
  warehouse: WarehouseId.optional(),
  lines: z.array(ReturnLineRequest).min(1).max(MAX_RETURN_LINES),
});
export type ReturnRequest = z.infer<typeof ReturnRequest>;

/** A return as it was taken: `applied` went against the invoice at once. Amounts in minor units. */
export const ReturnReceipt = Return.omit({ version: true }).extend({
  links: z.strictObject({ self: z.string(), invoice: z.string().optional() }),
});
export type ReturnReceipt = z.infer<typeof ReturnReceipt>;

/** A return as it stands, with the credit note that came of it. */
export const ReturnView = ReturnReceipt.extend({
  /** What of the credit waits to be set against an invoice. */
  unapplied: Minor,
  creditNote: CreditNote.extend({ lines: z.array(ShownLine) }),
});
export type ReturnView = z.infer<typeof ReturnView>;

export const createReturn = contract({
  operationId: 'createReturn',
  body: ReturnRequest,
  status: 201,
  response: ReturnReceipt,
  idempotent: true,
  problems: [
    'customer_not_found',
    'product_not_found',
    'invoice_not_found',
    'currency_mismatch',
    'amount_too_large',
    'return_exceeds_invoice',
    'warehouse_not_found',
    'return_reference_reused',
    'policy_invalid',
    'version_conflict',
  ],
  example: {
    body: {
      customerId: 'cus_bluebell',
      reference: 'RMA-17',
      reason: 'Arrived broken.',
      invoiceId: 'inv_01kqzj8v7m3n5p9r2s4t6w8x0y',
      lines: [{ sku: '85123A', quantity: 1, condition: 'scrap' }],
    },
  },
});

export const getReturn = contract({
  operationId: 'getReturn',
  params: z.strictObject({ returnId: ReturnId }),
  status: 200,
  response: ReturnView,
  problems: ['return_not_found'],
});

/** What taking a return is answered with, now and whenever the call is repeated. */
export function receiptOf(taken: Return): ReturnReceipt {
  const { version: _version, ...receipt } = taken;
  const { returnId, invoiceId } = taken;
  return {
    ...receipt,
    links: { self: `/v1/returns/${returnId}`, ...(invoiceId && { invoice: `/v1/invoices/${invoiceId}` }) },
  };
}

/** A return as `GET /v1/returns/{returnId}` shows it. */
export function viewOf(taken: Return, { creditNote, lines, openCredit }: CreditNoteFile): ReturnView {
  return {
    ...receiptOf(taken),
    unapplied: openCredit.unapplied,
    creditNote: { ...creditNote, lines: lines.map(withoutCost) },
  };
}
