import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import { CreditNoteId, CustomerId, InvoiceId, OrderId, ReturnId, ShipmentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { OrderLine } from '../order/order.ts';
import { TaxGroup, Totals } from '../tax/tax.ts';

export const Buyer = z.strictObject({
  name: z.string(),
  email: z.email(),
  address: Address,
  vatId: z.string().optional(),
  language: z.enum(['en', 'de']),
});
export type Buyer = z.infer<typeof Buyer>;

const issued = {
  number: z.string(),
  customerId: CustomerId,
  issuedAt: Instant,
  issuedOn: CalendarDate,
  currency: Currency,
  buyer: Buyer,
  totals: Totals,
  lineCount: z.int().min(1),
};

/** An invoice as it was issued. Written once, never changed; what is owed on it is its {@link OpenItem}. */
export const Invoice = z.strictObject({
  ...issued,
  kind: z.literal('invoice'),
  invoiceId: InvoiceId,
  orderId: OrderId,
  shipmentId: ShipmentId,
  poNumber: z.string().optional(),
  suppliedOn: CalendarDate,
  paymentTermDays: z.int().min(0),
  dueOn: CalendarDate,
});
export type Invoice = z.infer<typeof Invoice>;

/** A credit note as it was issued. Amounts are positive: they reduce what is owed. */
export const CreditNote = z.strictObject({
  ...issued,
  kind: z.literal('credit_note'),
  creditNoteId: CreditNoteId,
  returnId: ReturnId,
  /** The number of the invoice it corrects, where that is known. */
  correctsNumber: z.string().optional(),
  reason: z.string(),
});
export type CreditNote = z.infer<typeof CreditNote>;

export const InvoiceLine = OrderLine;
export type InvoiceLine = OrderLine;

const open = {
  invoiceId: InvoiceId,
  number: z.string(),
  customerId: CustomerId,
  currency: Currency,
  issuedOn: CalendarDate,
  dueOn: CalendarDate,
  total: Minor.min(0),
  /** Reminders sent so far, as steps of the dunning policy. */
  dunningStep: z.int().min(0),
  version: z.int().min(1),
};

/** What is still owed on an invoice. `balance` in minor units. */
export const OpenItem = z.discriminatedUnion('status', [
  z.strictObject({
    ...open,
    status: z.literal('open'),
    balance: Minor.min(1),
    nextActionAt: Instant.optional(),
  }),
  z.strictObject({
    ...open,
    status: z.literal('disputed'),
    balance: Minor.min(1),
    dispute: z.strictObject({ reason: z.string(), by: z.string(), at: Instant }),
  }),
  z.strictObject({ ...open, status: z.literal('paid'), balance: z.literal(0), paidAt: Instant }),
]);
export type OpenItem = z.infer<typeof OpenItem>;

/**
 * What returns already credited of an invoice: units by its line number, and net by tax group, so that all returns
 * together never credit more than was invoiced, whoever comes first.
 */
export const Credited = z.strictObject({
  invoiceId: InvoiceId,
  quantities: z.record(z.string(), z.int().min(1)),
  groups: z.array(TaxGroup.omit({ tax: true })),
  version: z.int().min(1),
});
export type Credited = z.infer<typeof Credited>;
