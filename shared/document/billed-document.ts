import type { CreditNote, Invoice } from '../invoice/invoice.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { ProForma } from '../order/pro-forma.ts';
import type { Words } from './invoice-words.ts';
import { cityLine, countryName, longDate } from './language.ts';

/** What is set out as an invoice is. */
export type BilledDocument = Invoice | CreditNote | ProForma;

/** E.g. `Final invoice INV-2026-000042`; a pro forma has no number. */
export function titleOf(document: BilledDocument, words: Words): string {
  switch (document.kind) {
    case 'invoice':
      return `${words.invoice[document.type]} ${document.number}`;
    case 'credit_note':
      return `${words.creditNote} ${document.number}`;
    case 'pro_forma':
      return words.proForma;
    default:
      return document satisfies never;
  }
}

/** The facts beside the address, each with its label. */
export function factsOf(document: BilledDocument, words: Words, locale: string): [string, string][] {
  const { buyer, customerId } = document;
  const day = (date: CalendarDate) => longDate(date, locale);
  const issued: [string, string] = [words.issued, day(document.issuedOn)];
  const customer: [string, string][] = [
    [words.customer, customerId],
    ...optional(words.reference, buyer.reference),
  ];
  const earlier = (label: string, reference: Invoice['replaces']) =>
    optional(label, reference && `${reference.number}, ${day(reference.issuedOn)}`);
  switch (document.kind) {
    case 'invoice':
      return [
        [words.number, document.number],
        issued,
        ...supplyOf(document, words, day),
        ...optional(words.shipTo, document.shipTo && addressOf(document.shipTo, locale)),
        ...optional(words.due, document.instalments ? undefined : day(document.dueOn)),
        ...customer,
        ...ordersOf(document, words),
        ...earlier(words.replaces, document.replaces),
      ];
    case 'credit_note':
      return [
        [words.number, document.number],
        issued,
        ...customer,
        ...earlier(words.corrects, document.corrects),
      ];
    case 'pro_forma':
      return [
        issued,
        ...customer,
        [words.order, document.orderId],
        ...optional(words.purchaseOrder, document.poNumber),
      ];
    default:
      return document satisfies never;
  }
}

/** When the goods were supplied; a deposit is asked for before there are any. */
function supplyOf(invoice: Invoice, words: Words, day: (date: CalendarDate) => string): [string, string][] {
  const { type, suppliedFrom, suppliedOn } = invoice;
  if (type === 'deposit') return [];
  if (suppliedFrom === undefined || suppliedFrom === suppliedOn) return [[words.supplied, day(suppliedOn)]];
  return [[words.supplied, `${day(suppliedFrom)} – ${day(suppliedOn)}`]];
}

/** The orders by name where they are few; a long list stands at its lines. */
function ordersOf({ orders }: Invoice, words: Words): [string, string][] {
  if (orders.length > 3) return [[words.orders, String(orders.length)]];
  return orders.flatMap(({ orderId, poNumber }): [string, string][] => [
    [words.order, orderId],
    ...optional(words.purchaseOrder, poNumber),
  ]);
}

/** An address in one line, with its country: it may lie across a border that the letter does not cross. */
function addressOf(address: NonNullable<Invoice['shipTo']>, locale: string): string {
  const town = cityLine(address);
  return [...address.lines, ...(town ? [town] : []), countryName(address.country, locale)].join(', ');
}

function optional(label: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[label, value]];
}
