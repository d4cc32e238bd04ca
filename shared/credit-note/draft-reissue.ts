import type { Customer } from '../customer/customer.ts';
import { figuresOf } from '../invoice/billed-lines.ts';
import { type Invoice, type InvoiceLine, type InvoiceReference, referenceTo } from '../invoice/invoice.ts';
import { buyerOf } from '../invoice/issue-invoice.ts';
import type { Numbered } from '../invoice/series-store.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { CalendarPolicy } from '../terms/calendar-policy.ts';
import { agreedDates } from '../terms/due-dates.ts';
import type { ReissueRequest } from './credit-note-request.ts';
import { type CreditNoteContext, type CreditNoteDraft, draftCreditNote } from './draft-credit-note.ts';

/** A credit note over all of an invoice and the invoice that takes its place; both lack only their numbers. */
export type ReissueDraft = {
  readonly credit: CreditNoteDraft;
  readonly invoice: Omit<Invoice, keyof Numbered['identity']>;
  readonly replaces: InvoiceReference;
  readonly lines: readonly InvoiceLine[];
  /** What of the credit is set against the new invoice: it was paid on the old one. Minor units. */
  readonly carriedOver: number;
};

export type ReissueContext = Omit<CreditNoteContext, 'request'> & {
  request: ReissueRequest;
  customer: Customer;
  calendars?: CalendarPolicy | undefined;
};

/**
 * What a wrong invoice becomes: credited whole, and issued anew to the customer as it is today, with the changes named
 * and due by today's terms. What was paid on the old one pays the new one, as far as it goes.
 * @throws DomainError `invoice_not_creditable` once something was credited, written off or taken off for paying early,
 *   or for one with deposits; `validation_failed` for a change of a line that is not there or of more units
 */
export function draftReissue(context: ReissueContext): ReissueDraft {
  const { request, from, customer, seller, today, at } = context;
  const { invoice } = from;
  refuseEntangled(from);
  const { reasonCode, reason, changes } = request;
  const whole = draftCreditNote({ ...context, request: { scope: 'full', reasonCode, reason } });
  // The new invoice bears the cost of the goods anew, so that it is known when they come back.
  const credit = { ...whole, lines: from.lines };
  const quoted = changedLines(from.lines, changes.lines ?? []);
  const adjustments = (invoice.adjustments ?? []).map(({ net: _net, ...adjustment }) => adjustment);
  const { lines, ...figures } = figuresOf({ lines: quoted, adjustments }, invoice);
  if (figures.totals.groups.some(({ net }) => net < 0)) {
    throw new DomainError(
      'validation_failed',
      'At these prices the discounts of the invoice are more than its lines. Change fewer prices.',
      { issues: [{ path: 'changes.lines', message: 'are worth less than the discounts' }] },
    );
  }
  const { currency } = invoice;
  const due = agreedDates(
    customer,
    { issuedOn: today, gross: figures.totals.gross, currency },
    context.calendars,
  );
  const orders =
    changes.poNumber === undefined
      ? invoice.orders
      : invoice.orders.map((order) => ({ ...order, poNumber: changes.poNumber }));
  return {
    credit,
    invoice: {
      kind: 'invoice',
      type: invoice.type,
      invoiceId: newId('inv', at),
      orders,
      customerId: invoice.customerId,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn: today,
      suppliedOn: invoice.suppliedOn,
      ...(invoice.suppliedFrom !== undefined && { suppliedFrom: invoice.suppliedFrom }),
      ...(invoice.shipTo && { shipTo: invoice.shipTo }),
      ...due,
      currency,
      ...figures,
      lineCount: lines.length,
    },
    replaces: referenceTo(invoice),
    lines: lines.map((line, index) => ({ ...from.lines[index], ...line })),
    carriedOver: Math.min(credit.creditNote.totals.gross - credit.applied, figures.totals.gross),
  };
}

function refuseEntangled({ invoice, credited, openItem }: ReissueContext['from']): void {
  const why =
    (credited && 'something of it was credited') ??
    (openItem.writtenOff ? 'something of it was written off' : undefined) ??
    (openItem.discountTaken ? 'a discount was taken off it' : undefined) ??
    (invoice.deductions || invoice.type === 'deposit' ? 'it has to do with a deposit' : undefined);
  if (why === undefined) return;
  throw new DomainError(
    'invoice_not_creditable',
    `${invoice.number} can't be issued anew: ${why}. Credit what is wrong with it instead.`,
  );
}

type Change = NonNullable<ReissueRequest['changes']['lines']>[number];

function changedLines(lines: readonly InvoiceLine[], changes: readonly Change[]): Omit<InvoiceLine, 'net'>[] {
  const issues = changes.flatMap(({ line, quantity }, index): FieldIssue[] => {
    const found = lines.find((each) => each.line === line);
    if (!found) return [{ path: `changes.lines.${index}.line`, message: 'is not on the invoice' }];
    return quantity !== undefined && quantity > found.quantity
      ? [{ path: `changes.lines.${index}.quantity`, message: `must be at most ${found.quantity}` }]
      : [];
  });
  if (issues.length > 0) {
    throw new DomainError('validation_failed', 'The changes do not fit the invoice.', { issues });
  }
  return lines.map(({ net: _net, unitCost: _unitCost, source: _source, ...line }) => {
    const { line: _number, ...change } = changes.find((each) => each.line === line.line) ?? { line: 0 };
    const { discount, ...changed } = { ...line, ...definedOf(change) };
    const value = changed.unitPrice * changed.quantity;
    return {
      ...changed,
      ...(discount && { discount: { ...discount, amount: Math.min(discount.amount, value) } }),
    };
  });
}

function definedOf({ unitPrice, description, quantity }: Omit<Change, 'line'>): Partial<InvoiceLine> {
  return {
    ...(unitPrice !== undefined && { unitPrice }),
    ...(description !== undefined && { description }),
    ...(quantity !== undefined && { quantity }),
  };
}
