import type { Customer } from '../customer/customer.ts';
import { creditItem } from '../invoice/credit-item.ts';
import {
  type Credited,
  type CreditNote,
  type InvoiceLine,
  type OpenItem,
  referenceTo,
} from '../invoice/invoice.ts';
import { buyerOf } from '../invoice/issue-invoice.ts';
import type { Numbered } from '../invoice/series-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId, type SellerId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { addCredited, type ReturnedInvoice } from '../return/credited-lines.ts';
import { type CreditFigures, creditFigures } from './credit-figures.ts';
import type { CreditNoteRequest } from './credit-note-request.ts';

/** A credit note that lacks only its number, with what else its transaction changes. */
export type CreditNoteDraft = {
  readonly creditNote: Omit<CreditNote, keyof Numbered['identity']>;
  readonly lines: readonly InvoiceLine[];
  readonly credited: Credited;
  readonly creditedBefore: number | 'absent';
  /** What of it settles the invoice at once, minor units; the rest stays on the account. */
  readonly applied: number;
  readonly openItem?: { readonly before: OpenItem; readonly after: OpenItem };
};

export type CreditNoteContext = {
  request: CreditNoteRequest;
  from: ReturnedInvoice & { readonly openItem: OpenItem };
  customer: Customer;
  seller: SellerId;
  today: CalendarDate;
  at: Instant;
};

/**
 * The credit note that a request makes of an invoice. It settles what is still owed on it; the rest stays on the
 * customer's account.
 * @throws DomainError `credit_exceeds_invoice`, `invoice_not_creditable` for an invoice of a deposit, which is taken off
 *   by the invoices of its order
 */
export function draftCreditNote(context: CreditNoteContext): CreditNoteDraft {
  const { request, from } = context;
  if (from.invoice.type === 'deposit') {
    throw new DomainError(
      'invoice_not_creditable',
      `${from.invoice.number} asks for a deposit: the invoices of its order take it off again.`,
    );
  }
  return draftOf(context, creditFigures(request, from));
}

function draftOf(
  { request, from, customer, seller, today, at }: CreditNoteContext,
  { lines, adjustments, totals, quotedAsInvoiced }: CreditFigures,
): CreditNoteDraft {
  const { invoice, credited } = from;
  const { applied, takenBack, openItem } = creditItem(from.openItem, totals.gross, credited, at);
  return {
    creditNote: {
      kind: 'credit_note',
      creditNoteId: newId('crn', at),
      customerId: invoice.customerId,
      scope: request.scope,
      corrects: referenceTo(invoice),
      ...takenBack,
      reasonCode: request.reasonCode,
      reason: request.reason,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn: today,
      currency: invoice.currency,
      ...(quotedAsInvoiced && invoice.pricesIncludeTax && { pricesIncludeTax: true }),
      ...(adjustments.length > 0 && { adjustments: [...adjustments] }),
      totals,
      lineCount: lines.length,
    },
    // The goods stay where they are, and with them their cost.
    lines: lines.map(
      ({ condition: _condition, invoiceLine: _invoiceLine, unitCost: _unitCost, ...line }) => line,
    ),
    credited: addCredited(from, lines, totals),
    creditedBefore: credited?.version ?? 'absent',
    applied,
    ...(openItem && { openItem }),
  };
}
