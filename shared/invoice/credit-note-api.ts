import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { documentFormats } from '../http/document-format.ts';
import { CreditNoteId } from '../kernel/ids.ts';
import { CreditNote, type InvoiceLine } from './invoice.ts';
import { DocumentQuery, ShownLine, withoutCost } from './invoice-api.ts';

/** A credit note as it was issued. Amounts are positive and reduce what is owed. */
export const CreditNoteView = CreditNote.extend({
  lines: z.array(ShownLine),
  links: z.strictObject({ self: z.string() }),
});
export type CreditNoteView = z.infer<typeof CreditNoteView>;

export const getCreditNote = contract({
  operationId: 'getCreditNote',
  description: 'As it was issued, in the form that `Accept` or `format` names, as for invoices.',
  params: z.strictObject({ creditNoteId: CreditNoteId }),
  query: DocumentQuery,
  status: 200,
  response: CreditNoteView,
  produces: documentFormats,
  problems: ['credit_note_not_found', 'e_invoice_not_possible'],
});

/** A credit note as `GET /v1/credit-notes/{creditNoteId}` shows it. */
export function creditNoteView(creditNote: CreditNote, lines: InvoiceLine[]): CreditNoteView {
  return {
    ...creditNote,
    lines: lines.map(withoutCost),
    links: { self: `/v1/credit-notes/${creditNote.creditNoteId}` },
  };
}
