import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { CreditNoteId, InvoiceId, ReturnId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { CorrectionReason, CreditNote, Invoice } from './invoice.ts';

const amounts = { currency: Currency, net: Minor, gross: Minor };

/** `allocations` of a credit note were made later or taken back, and `unapplied` is left of it. */
const netting = {
  creditNoteId: CreditNoteId,
  number: z.string(),
  currency: Currency,
  allocations: z.array(z.strictObject({ invoiceId: InvoiceId, amount: Minor })),
  unapplied: Minor,
};

/** What happens to invoices and credit notes; subject is the document. */
export const invoiceFacts = [
  factOf(
    'invoice.issued',
    z.strictObject({
      invoiceId: InvoiceId,
      number: z.string(),
      type: Invoice.shape.type,
      orders: Invoice.shape.orders,
      dueOn: CalendarDate,
      ...amounts,
    }),
  ),
  factOf(
    'invoice.written_off',
    z.strictObject({
      invoiceId: InvoiceId,
      number: z.string(),
      currency: Currency,
      /** Written off this time, all together, and what is owed still. */
      amount: Minor,
      writtenOff: Minor,
      balance: Minor,
      reason: z.string(),
    }),
  ),
  factOf(
    'invoice.disputed',
    z.strictObject({ invoiceId: InvoiceId, number: z.string(), reason: z.string() }),
  ),
  factOf(
    'invoice.dispute_resolved',
    z.strictObject({ invoiceId: InvoiceId, number: z.string(), resolution: z.string() }),
  ),
  factOf(
    'credit_note.issued',
    z.strictObject({
      creditNoteId: CreditNoteId,
      number: z.string(),
      scope: CreditNote.shape.scope,
      returnId: ReturnId.optional(),
      invoiceId: InvoiceId.optional(),
      reasonCode: CorrectionReason,
      ...amounts,
      /** Of the invoice's discount for paying early and of what was written off, where it takes some back. */
      discountTakenBack: CreditNote.shape.discountTakenBack,
      writeOffTakenBack: CreditNote.shape.writeOffTakenBack,
    }),
  ),
  factOf('credit_note.allocated', z.strictObject(netting)),
  factOf('credit_note.unallocated', z.strictObject({ ...netting, reason: z.string() })),
] as const;
