import * as z from 'zod';
import type { Delivery } from '../delivery/delivery.ts';
import { DeliveryView, deliveryViewOf } from '../delivery/delivery-api.ts';
import { contract } from '../http/contract.ts';
import { documentFormats } from '../http/document-format.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CreditNoteId, CustomerId, InvoiceId, ReturnId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Calculation, calculationOf } from './calculation.ts';
import { CreditNote, Debit, Invoice, InvoiceLine, InvoiceReference, type OpenItem } from './invoice.ts';

const Status = z.enum(['open', 'disputed', 'paid', 'written_off']);

const listed = {
  number: z.string(),
  customerId: CustomerId,
  issuedOn: CalendarDate,
  currency: Currency,
  net: Minor,
  tax: Minor,
  gross: Minor,
};

/** A line of the list: an invoice with what is owed on it, or a credit note. Amounts in minor units. */
export const DocumentSummary = z.discriminatedUnion('kind', [
  z.strictObject({
    ...listed,
    kind: z.literal('invoice'),
    invoiceId: InvoiceId,
    type: Invoice.shape.type,
    orders: Invoice.shape.orders,
    dueOn: CalendarDate,
    status: Status,
    balance: Minor,
    links: z.strictObject({ self: z.string(), orders: z.array(z.string()) }),
  }),
  z.strictObject({
    ...listed,
    kind: z.literal('credit_note'),
    creditNoteId: CreditNoteId,
    scope: CreditNote.shape.scope,
    returnId: ReturnId.optional(),
    corrects: InvoiceReference.optional(),
    links: z.strictObject({ return: z.string().optional(), invoice: z.string().optional() }),
  }),
]);
export type DocumentSummary = z.infer<typeof DocumentSummary>;

/** A line as its customer sees it: what a unit cost us stays with us. */
export const ShownLine = InvoiceLine.omit({ unitCost: true });

/** An invoice as issued, and what is owed on it now. `balance` in minor units. */
export const InvoiceView = Invoice.extend({
  lines: z.array(ShownLine),
  calculation: Calculation,
  status: Status,
  balance: Minor,
  remindersSent: z.int(),
  nextActionAt: Instant.optional(),
  dispute: z.strictObject({ reason: z.string(), by: z.string(), at: Instant }).optional(),
  paidAt: Instant.optional(),
  writtenOffAt: Instant.optional(),
  /** No reminder is sent until it has reached the customer. */
  paused: z.literal('undelivered').optional(),
  /** The direct debit run that is to collect it; no reminder is sent meanwhile. */
  debit: Debit.optional(),
  /** Missing until it was tried to be sent. */
  delivery: DeliveryView.optional(),
  links: z.strictObject({ self: z.string(), orders: z.array(z.string()) }),
});
export type InvoiceView = z.infer<typeof InvoiceView>;

const changed = { invoiceId: InvoiceId, number: z.string(), by: z.string(), at: Instant };

/** What a dispute was answered with when it was opened. */
export const DisputeOpened = z.strictObject({
  ...changed,
  status: z.literal('disputed'),
  reason: z.string(),
});
export type DisputeOpened = z.infer<typeof DisputeOpened>;

/** What settling a dispute was answered with. */
export const DisputeResolved = z.strictObject({
  ...changed,
  status: z.literal('open'),
  resolution: z.string(),
});
export type DisputeResolved = z.infer<typeof DisputeResolved>;

/** What a write-off was answered with. Minor units. */
export const WrittenOff = z.strictObject({
  ...changed,
  currency: Currency,
  /** Written off this time, all together, and what is owed still. */
  amount: Minor,
  writtenOff: Minor,
  balance: Minor,
  reason: z.string(),
});
export type WrittenOff = z.infer<typeof WrittenOff>;

const params = z.strictObject({ invoiceId: InvoiceId });
const words = z.string().trim().min(3).max(500);

/** Asks for a form where the header can't be set. */
export const DocumentQuery = z.strictObject({ format: z.enum(documentFormats).optional() });

export const listInvoices = contract({
  operationId: 'listInvoices',
  query: z.strictObject({ ...PageQuery.shape, customerId: CustomerId.optional() }),
  status: 200,
  response: pageOf(DocumentSummary),
  problems: ['customer_not_found', 'cursor_invalid'],
});

export const getInvoice = contract({
  operationId: 'getInvoice',
  description:
    'As it was issued, with what is owed on it now (JSON only), in the form that `Accept` names or, for links, `format`: PDF, UBL 2.1 for Peppol BIS Billing 3, XRechnung, CII, or Factur-X (ZUGFeRD). The same invoice gives the same bytes whenever it is asked for.',
  params,
  query: DocumentQuery,
  status: 200,
  response: InvoiceView,
  produces: documentFormats,
  problems: ['invoice_not_found', 'e_invoice_not_possible'],
});

export const disputeInvoice = contract({
  operationId: 'disputeInvoice',
  params,
  body: z.strictObject({ reason: words }),
  status: 200,
  response: DisputeOpened,
  idempotent: true,
  problems: ['invoice_not_found', 'invoice_not_open', 'version_conflict'],
  example: { body: { reason: 'Two of six arrived broken.' } },
});

export const resolveDispute = contract({
  operationId: 'resolveDispute',
  params,
  body: z.strictObject({ resolution: words }),
  status: 200,
  response: DisputeResolved,
  idempotent: true,
  problems: ['invoice_not_found', 'invoice_not_disputed', 'version_conflict'],
  example: { body: { resolution: 'The carrier confirmed that all six arrived whole.' } },
});

export const writeOffInvoice = contract({
  operationId: 'writeOffInvoice',
  description:
    'Gives up what nobody will pay: all that is owed, or `amount` of it, becomes bad debt and is owed no more. Relief for the tax in it is claimed in the tax return.',
  params,
  body: z.strictObject({ reason: words, amount: Minor.min(1).max(MAX_AMOUNT).optional() }),
  status: 200,
  response: WrittenOff,
  idempotent: true,
  problems: ['invoice_not_found', 'invoice_not_open', 'write_off_exceeds_balance', 'version_conflict'],
  example: { body: { reason: 'Insolvent, no dividend (case 24-1182)' } },
});

/** A document as lists show it. @throws RangeError for an invoice without its open item: the table is damaged */
export function summaryOf(document: Invoice | CreditNote, openItem: OpenItem | undefined): DocumentSummary {
  const { number, customerId, issuedOn, currency } = document;
  const { net, tax, gross } = document.totals;
  const common = { number, customerId, issuedOn, currency, net, tax, gross };
  switch (document.kind) {
    case 'credit_note': {
      const { creditNoteId, scope, returnId, corrects } = document;
      return {
        ...common,
        kind: 'credit_note',
        creditNoteId,
        scope,
        ...(returnId !== undefined && { returnId }),
        ...(corrects && { corrects }),
        links: {
          ...(returnId !== undefined && { return: `/v1/returns/${returnId}` }),
          ...(corrects && { invoice: `/v1/invoices/${corrects.invoiceId}` }),
        },
      };
    }
    case 'invoice': {
      if (!openItem) throw new RangeError(`invoice ${document.invoiceId} has no open item`);
      const { invoiceId, type, orders, dueOn } = document;
      const { status, balance } = openItem;
      return {
        ...common,
        kind: 'invoice',
        invoiceId,
        type,
        orders,
        dueOn,
        status,
        balance,
        links: linksOf(document),
      };
    }
    default:
      return document satisfies never;
  }
}

/** An invoice as `GET /v1/invoices/{invoiceId}` shows it. */
export function viewOf(
  invoice: Invoice,
  lines: InvoiceLine[],
  openItem: OpenItem,
  delivery: Delivery | undefined,
): InvoiceView {
  const { status, balance, dunningStep } = openItem;
  return {
    ...invoice,
    lines: lines.map(withoutCost),
    calculation: calculationOf(invoice, lines),
    status,
    balance,
    remindersSent: dunningStep,
    ...momentsOf(openItem),
    ...(delivery && { delivery: deliveryViewOf(delivery) }),
    links: linksOf(invoice),
  };
}

/** A line without what its units cost us. */
export function withoutCost({ unitCost: _unitCost, ...line }: InvoiceLine): z.infer<typeof ShownLine> {
  return line;
}

/** What is known of an open item in its state only. */
function momentsOf(
  openItem: OpenItem,
): Pick<InvoiceView, 'nextActionAt' | 'debit' | 'dispute' | 'paidAt' | 'paused' | 'writtenOffAt'> {
  switch (openItem.status) {
    case 'open':
      return {
        ...(openItem.nextActionAt !== undefined && { nextActionAt: openItem.nextActionAt }),
        ...(openItem.paused && { paused: openItem.paused }),
        ...(openItem.debit && { debit: openItem.debit }),
      };
    case 'disputed':
      return {
        dispute: openItem.dispute,
        ...(openItem.paused && { paused: openItem.paused }),
        ...(openItem.debit && { debit: openItem.debit }),
      };
    case 'paid':
      return { paidAt: openItem.paidAt };
    case 'written_off':
      return { writtenOffAt: openItem.writtenOffAt };
    default:
      return openItem satisfies never;
  }
}

function linksOf({ invoiceId, orders }: Invoice): { self: string; orders: string[] } {
  return {
    self: `/v1/invoices/${invoiceId}`,
    orders: orders.map(({ orderId }) => `/v1/orders/${orderId}`),
  };
}
