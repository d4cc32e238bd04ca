import type { Customer } from '../customer/customer.ts';
import { type DepositChange, leftOf, type OrderDeposits } from '../deposit/deposit.ts';
import { creditItem } from '../invoice/credit-item.ts';
import {
  type Credited,
  type CreditNote,
  type Invoice,
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
  /** What becomes of the order's deposits, where a deposit is credited. */
  readonly deposit?: DepositChange;
  readonly openItem?: { readonly before: OpenItem; readonly after: OpenItem };
};

export type CreditNoteContext = {
  request: CreditNoteRequest;
  from: ReturnedInvoice & { readonly openItem: OpenItem };
  /** Of the order, where a deposit is credited. */
  deposits?: OrderDeposits | undefined;
  customer: Customer;
  seller: SellerId;
  today: CalendarDate;
  at: Instant;
};

/**
 * The credit note that a request makes of an invoice. It settles what is still owed on it; the rest stays on the
 * customer's account.
 * @throws DomainError `credit_exceeds_invoice`, `invoice_not_creditable` for a part of a deposit, or one that an invoice of
 *   its order has taken off
 */
export function draftCreditNote(context: CreditNoteContext): CreditNoteDraft {
  const { request, from, deposits } = context;
  const figures = creditFigures(request, from);
  if (from.invoice.type !== 'deposit') return draftOf(context, figures);
  return { ...draftOf(context, figures), deposit: withoutDeposit(from.invoice, request, deposits) };
}

/** A deposit is credited whole, and only as long as no invoice has taken any of it off. */
function withoutDeposit(
  { invoiceId, number }: Pick<Invoice, 'invoiceId' | 'number'>,
  { scope }: CreditNoteRequest,
  before: OrderDeposits | undefined,
): DepositChange {
  const deposit = before?.deposits.find((each) => each.invoiceId === invoiceId);
  if (!before || !deposit) throw new RangeError(`the order knows of no deposit ${number}`);
  const refuse = (why: string) =>
    new DomainError('invoice_not_creditable', `${number} asks for a deposit: ${why}`);
  if (leftOf([deposit]) < deposit.gross)
    throw refuse('an invoice of its order has taken it off. Credit that one.');
  if (scope !== 'full') throw refuse('credit it whole, then ask for another.');
  const deposits = before.deposits.map((each) =>
    each === deposit ? { ...each, left: [], credited: true as const } : each,
  );
  return { before: before.version, after: { ...before, deposits, version: before.version + 1 } };
}

function draftOf(
  { request, from, customer, seller, today, at }: CreditNoteContext,
  { lines, adjustments, totals, quotedAsInvoiced }: CreditFigures,
): CreditNoteDraft {
  const { invoice, credited } = from;
  const { applied, takenBack, openItem } = creditItem(
    from.openItem,
    totals.gross,
    credited,
    at,
    invoice.deductions,
  );
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
