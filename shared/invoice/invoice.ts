import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import {
  CreditNoteId,
  CustomerId,
  DirectDebitId,
  InvoiceId,
  OrderId,
  ReturnId,
  SellerId,
  ShipmentId,
} from '../kernel/ids.ts';
import { Currency, Minor, RatePercent } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { Adjustment, OrderLine } from '../order/order.ts';
import { TaxGroup, TaxTreatment, Totals } from '../tax/tax.ts';
import { PaymentTerms } from '../terms/terms.ts';
import { groupedReference } from './creditor-reference.ts';

/** The customer as a document shows it. `reference` is what its accounting wants to read on it (EN 16931 BT-10). */
export const Buyer = z.strictObject({
  name: z.string(),
  email: z.email(),
  address: Address,
  vatId: z.string().optional(),
  language: z.enum(['en', 'de']),
  peppolId: z.strictObject({ scheme: z.string(), id: z.string() }).optional(),
  reference: z.string().optional(),
});
export type Buyer = z.infer<typeof Buyer>;

/** An invoice that another document refers to. */
export const InvoiceReference = z.strictObject({
  invoiceId: InvoiceId,
  number: z.string(),
  issuedOn: CalendarDate,
});
export type InvoiceReference = z.infer<typeof InvoiceReference>;

const issued = {
  number: z.string(),
  /** The legal series the number is of, such as `INV_2026`, and its place in it: 1, 2, 3 … */
  series: z.string(),
  ordinal: z.int().min(1),
  customerId: CustomerId,
  issuedAt: Instant,
  issuedOn: CalendarDate,
  currency: Currency,
  buyer: Buyer,
  /** The company as it was then. */
  seller: SellerId,
  pricesIncludeTax: z.literal(true).optional(),
  adjustments: z.array(Adjustment).min(1).optional(),
  totals: Totals,
  lineCount: z.int().min(1),
};

/** What an invoice is about: an order and those of its shipments that it bills. */
const InvoicedOrder = z.strictObject({
  orderId: OrderId,
  poNumber: z.string().optional(),
  shipmentIds: z.array(ShipmentId),
});

/** A part of an invoice with its own due date. Minor units, tax included. */
export const Instalment = z.strictObject({ dueOn: CalendarDate, amount: Minor.min(1) });
export type Instalment = z.infer<typeof Instalment>;

/** A deposit invoiced before, which a later invoice takes off again: `net` and `tax` in minor units, positive. */
export const Deduction = z.strictObject({
  ...InvoiceReference.shape,
  net: Minor.min(0),
  tax: Minor.min(0),
  treatment: TaxTreatment,
});
export type Deduction = z.infer<typeof Deduction>;

/** An invoice as it was issued. Written once, never changed; what is owed on it is its {@link OpenItem}. */
export const Invoice = z.strictObject({
  ...issued,
  kind: z.literal('invoice'),
  /**
   * `standard` bills shipments of one order, `collective` those of a period, `deposit` asks for money before there is
   * one, `final` takes deposits off, `counter` was handed over and paid at once.
   */
  type: z.enum(['standard', 'collective', 'deposit', 'final', 'counter']),
  invoiceId: InvoiceId,
  orders: z.array(InvoicedOrder).min(1),
  /** The last day of supply, and the first where it took several. */
  suppliedOn: CalendarDate,
  suppliedFrom: CalendarDate.optional(),
  /** Where all of it was supplied to, where that is not the buyer's address (EN 16931 BG-15). */
  shipTo: Address.optional(),
  terms: PaymentTerms,
  /** The RF reference (ISO 11649) to pay it under. Invoices issued before there were any have none. */
  creditorReference: z
    .string()
    .regex(/^RF\d{2}[0-9A-Z]{1,21}$/)
    .optional(),
  /** When the last of it is due. */
  dueOn: CalendarDate,
  instalments: z.array(Instalment).min(2).optional(),
  /** What may be taken off when all of it is paid by `until`: minor units, tax included. */
  discount: z.strictObject({ percent: RatePercent, until: CalendarDate, amount: Minor.min(1) }).optional(),
  deductions: z.array(Deduction).min(1).optional(),
  /** The credited invoice that this one was issued instead of, and the credit note that took it back. */
  replaces: InvoiceReference.extend({
    creditNote: z.strictObject({ creditNoteId: CreditNoteId, number: z.string() }).optional(),
  }).optional(),
});
export type Invoice = z.infer<typeof Invoice>;

/** How another document names `invoice`. */
export function referenceTo({ invoiceId, number, issuedOn }: Invoice): InvoiceReference {
  return { invoiceId, number, issuedOn };
}

/** The customer's own numbers of the invoiced orders, as one text; undefined where there are none. */
export function poNumbersOf({ orders }: Pick<Invoice, 'orders'>): string | undefined {
  const numbers = orders.flatMap(({ poNumber }) => (poNumber === undefined ? [] : [poNumber]));
  return numbers.length === 0 ? undefined : numbers.join(', ');
}

/** What a payer should quote: the RF reference, where the invoice bears one, else its number. */
export function remittanceOf({
  creditorReference,
  number,
}: Pick<Invoice, 'creditorReference' | 'number'>): string {
  return creditorReference === undefined ? number : groupedReference(creditorReference);
}

/** The shipments an invoice bills. */
export function shipmentsOf({ orders }: Pick<Invoice, 'orders'>): ShipmentId[] {
  return orders.flatMap(({ shipmentIds }) => shipmentIds);
}

/** Taken off an invoice for paying early: all of it, and how much of that is tax. Minor units. */
const DiscountTaken = z.strictObject({ amount: Minor.min(1), tax: Minor.min(0) });

/** Why an invoice was corrected. The first five say that it was wrong. */
export const CorrectionReason = z.enum([
  'price',
  'quantity',
  'tax',
  'address',
  'duplicate',
  'goods_returned',
  'goodwill',
  'cancelled',
  'other',
]);
export type CorrectionReason = z.infer<typeof CorrectionReason>;

/** A credit note as it was issued. Amounts are positive: they reduce what is owed. */
export const CreditNote = z.strictObject({
  ...issued,
  kind: z.literal('credit_note'),
  creditNoteId: CreditNoteId,
  /** What it was issued for: goods that came back, or all, some lines or an amount of an invoice, or goodwill. */
  scope: z.enum(['return', 'full', 'lines', 'amount', 'goodwill']),
  returnId: ReturnId.optional(),
  /** The invoice it corrects, where that is known. */
  corrects: InvoiceReference.optional(),
  /** The discount for paying early that it takes back of that invoice, tax included: so much of it is not given twice. */
  discountTakenBack: DiscountTaken.optional(),
  /** What was written off of that invoice and is owed again, so that the credit settles it. */
  writeOffTakenBack: Minor.min(1).optional(),
  reasonCode: CorrectionReason,
  reason: z.string(),
});
export type CreditNote = z.infer<typeof CreditNote>;

/**
 * A line of a document. `unitCost` is what a unit cost us, minor units: for the books, never shown to customers.
 * `source` says where a line of a collective invoice comes from.
 */
export const InvoiceLine = OrderLine.extend({
  unitCost: Minor.min(0).optional(),
  source: z
    .strictObject({
      orderId: OrderId,
      shipmentId: ShipmentId,
      suppliedOn: CalendarDate,
      poNumber: z.string().optional(),
    })
    .optional(),
});
export type InvoiceLine = z.infer<typeof InvoiceLine>;

/** Of a collective invoice over more orders the first are kept: the rest is found by its number. */
export const MAX_PO_NUMBERS = 20;

const open = {
  invoiceId: InvoiceId,
  number: z.string(),
  customerId: CustomerId,
  currency: Currency,
  issuedOn: CalendarDate,
  /** When the earliest part that is not settled is due. */
  dueOn: CalendarDate,
  total: Minor.min(0),
  instalments: z.array(Instalment).min(2).optional(),
  /** The customer's own numbers of the orders it bills, so that a payment that names one is matched. */
  poNumbers: z.array(z.string()).min(1).max(MAX_PO_NUMBERS).optional(),
  /** What the customer may take off by paying all of it until then, and how much of that is tax. */
  discount: z.strictObject({ until: CalendarDate, amount: Minor.min(1), tax: Minor.min(0) }).optional(),
  /** What was taken off for paying early and no credit note took back. */
  discountTaken: DiscountTaken.optional(),
  /** Given up as lost and not taken back by a credit note; it is not owed any more. Minor units. */
  writtenOff: Minor.min(1).optional(),
  /** Reminders sent so far, as steps of the dunning policy. */
  dunningStep: z.int().min(0),
  /** The same of instalments, by due date, that were the first to be owed before. */
  reminded: z.record(z.string(), z.int().min(1)).optional(),
  version: z.int().min(1),
};

/** The direct debit run that is to collect an invoice, and what the bank's statement brings back of that debit. */
export const Debit = z.strictObject({
  directDebitId: DirectDebitId,
  collectOn: CalendarDate,
  /** Runs made before it was kept here have none. */
  endToEndId: z.string().optional(),
});

/** What is still owed on an invoice. `balance` in minor units. */
export const OpenItem = z.discriminatedUnion('status', [
  z.strictObject({
    ...open,
    status: z.literal('open'),
    balance: Minor.min(1),
    nextActionAt: Instant.optional(),
    /** The customer never got it: no reminder until it is delivered. */
    paused: z.literal('undelivered').optional(),
    /** It is being debited: no reminder until the bank has answered, and no second run takes it. */
    debit: Debit.optional(),
  }),
  z.strictObject({
    ...open,
    status: z.literal('disputed'),
    balance: Minor.min(1),
    dispute: z.strictObject({ reason: z.string(), by: z.string(), at: Instant }),
    paused: z.literal('undelivered').optional(),
    debit: Debit.optional(),
  }),
  z.strictObject({ ...open, status: z.literal('paid'), balance: z.literal(0), paidAt: Instant }),
  z.strictObject({
    ...open,
    status: z.literal('written_off'),
    balance: z.literal(0),
    writtenOff: Minor.min(1),
    writtenOffAt: Instant,
  }),
]);
export type OpenItem = z.infer<typeof OpenItem>;

/**
 * What of a credit note is not used yet: `unapplied` = `total` − `applied`, when it was issued, − `netted`, set against
 * invoices later, − `refunded`. Minor units.
 */
export const OpenCredit = z.strictObject({
  creditNoteId: CreditNoteId,
  number: z.string(),
  customerId: CustomerId,
  currency: Currency,
  total: Minor.min(0),
  applied: z.array(z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1) })),
  netted: z
    .array(z.strictObject({ invoiceId: InvoiceId, amount: Minor.min(1) }))
    .min(1)
    .optional(),
  /** Paid out to the customer so far; and asked to be, and not approved yet. */
  refunded: Minor.min(1).optional(),
  reserved: Minor.min(1).optional(),
  unapplied: Minor.min(0),
  version: z.int().min(1),
});
export type OpenCredit = z.infer<typeof OpenCredit>;

/**
 * What was credited of an invoice: units by its line number, and net and tax by tax group, so that all credit notes together
 * never credit more than was invoiced, whoever comes first.
 */
export const Credited = z.strictObject({
  invoiceId: InvoiceId,
  quantities: z.record(z.string(), z.int().min(1)),
  groups: z.array(TaxGroup),
  version: z.int().min(1),
});
export type Credited = z.infer<typeof Credited>;
