import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CreditNoteView } from '../invoice/credit-note-api.ts';
import { CorrectionReason, type Invoice, InvoiceReference } from '../invoice/invoice.ts';
import { CreditNoteId, InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { MAX_LINES, OrderLine } from '../order/order.ts';

const Amount = Minor.min(1).max(MAX_AMOUNT);
const line = z.int().min(1);
const why = { reasonCode: CorrectionReason, reason: z.string().trim().min(3).max(500) };

/** What a credit note takes off an invoice without goods coming back. Minor units. */
export const CreditNoteRequest = z.discriminatedUnion('scope', [
  /** All that is not credited yet. */
  z.strictObject({ ...why, scope: z.literal('full') }),
  /** Units of lines, or an amount before tax off a line. */
  z.strictObject({
    ...why,
    scope: z.literal('lines'),
    lines: z
      .array(
        z.union([
          z.strictObject({ line, quantity: z.int().min(1).max(1_000_000) }),
          z.strictObject({ line, net: Amount }),
        ]),
      )
      .min(1)
      .max(MAX_LINES)
      .refine((lines) => new Set(lines.map((each) => each.line)).size === lines.length, 'names a line twice'),
  }),
  /** An amount before tax, shared out over the tax groups in proportion to what is left of each. */
  z.strictObject({ ...why, scope: z.literal('amount'), net: Amount }),
  /** An amount with its tax in it, shared out likewise. */
  z.strictObject({ ...why, scope: z.literal('goodwill'), gross: Amount }),
]);
export type CreditNoteRequest = z.infer<typeof CreditNoteRequest>;

/** What is to be right on the invoice that takes the place of a wrong one. Lines that are not named stay. */
export const ReissueRequest = z.strictObject({
  ...why,
  changes: z
    .strictObject({
      poNumber: z.string().min(1).max(40).optional(),
      lines: z
        .array(
          z.strictObject({
            line,
            unitPrice: OrderLine.shape.unitPrice.max(MAX_AMOUNT).optional(),
            description: z.string().max(200).optional(),
            /** Fewer units; goods that came back are a return. */
            quantity: z.int().min(1).optional(),
          }),
        )
        .min(1)
        .max(MAX_LINES)
        .optional(),
    })
    .default({}),
});
export type ReissueRequest = z.infer<typeof ReissueRequest>;

/** What a re-issue came to: the new invoice and the credit note that took the old one back. Minor units. */
export const Reissued = z.strictObject({
  invoiceId: InvoiceId,
  number: z.string(),
  replaces: InvoiceReference,
  creditNoteId: CreditNoteId,
  creditNoteNumber: z.string(),
  currency: Currency,
  gross: Minor,
  links: z.strictObject({ invoice: z.string(), replaced: z.string(), creditNote: z.string() }),
});
export type Reissued = z.infer<typeof Reissued>;

/** A re-issue as it is answered, told from the new invoice. @throws RangeError when it replaces none */
export function reissuedOf({ invoiceId, number, replaces, currency, totals }: Invoice): Reissued {
  if (!replaces?.creditNote) throw new RangeError(`${number} takes the place of no invoice`);
  const { creditNote, ...replaced } = replaces;
  return {
    invoiceId,
    number,
    replaces: replaced,
    creditNoteId: creditNote.creditNoteId,
    creditNoteNumber: creditNote.number,
    currency,
    gross: totals.gross,
    links: {
      invoice: `/v1/invoices/${invoiceId}`,
      replaced: `/v1/invoices/${replaced.invoiceId}`,
      creditNote: `/v1/credit-notes/${creditNote.creditNoteId}`,
    },
  };
}

const params = z.strictObject({ invoiceId: InvoiceId });

export const createCreditNote = contract({
  operationId: 'createCreditNote',
  description:
    'Credits all that is left of an invoice, units or amounts of its lines, an amount before tax, or goodwill with tax in it. Never more than was invoiced. It is set against the invoice first, then against what was written off of it; of the rest, the discount for paying early is taken back in proportion, and what was paid stays on the account.',
  params,
  body: CreditNoteRequest,
  status: 201,
  response: CreditNoteView,
  idempotent: true,
  problems: ['invoice_not_found', 'credit_exceeds_invoice', 'invoice_not_creditable', 'version_conflict'],
  example: {
    body: {
      scope: 'lines',
      reasonCode: 'price',
      reason: 'The agreed price was lower.',
      lines: [{ line: 1, net: 250 }],
    },
  },
});

export const reissueInvoice = contract({
  operationId: 'reissueInvoice',
  description:
    'Credits an invoice whole and issues it anew, with the customer as it is today and the changes named, in one go. What was paid on the old one is set against the new one.',
  params,
  body: ReissueRequest,
  status: 201,
  response: Reissued,
  idempotent: true,
  problems: [
    'invoice_not_found',
    'credit_exceeds_invoice',
    'invoice_not_creditable',
    'validation_failed',
    'version_conflict',
  ],
  example: {
    body: {
      reasonCode: 'address',
      reason: 'The customer had moved.',
      changes: { poNumber: 'PO-4711' },
    },
  },
});
