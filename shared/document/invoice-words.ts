import type { TaxCategory } from '../tax/tax.ts';
import type { Language } from './language.ts';

type Words = {
  invoice: string;
  creditNote: string;
  number: string;
  issued: string;
  supplied: string;
  due: string;
  customer: string;
  order: string;
  purchaseOrder: string;
  corrects: string;
  reason: string;
  vatId: string;
  registration: string;
  position: string;
  sku: string;
  description: string;
  quantity: string;
  unitPrice: string;
  taxRate: string;
  net: string;
  tax: string;
  netTotal: string;
  grossTotal: string;
  creditTotal: string;
  carried: string;
  brought: string;
  taxTable: string;
  payment: string;
  payOnline: string;
  recipient: string;
  bank: string;
  reference: string;
  headlineDue: (money: string, date: string) => string;
  headlineAtOnce: (money: string) => string;
  headlineCredit: (money: string) => string;
  terms: (days: number, date: string) => string;
  atOnce: string;
  quoteReference: (number: string) => string;
  credited: string;
  page: (page: number, pages: number) => string;
  category: Readonly<Record<TaxCategory, string>>;
};

/**
 * The words of an invoice. The German credit note is a „Rechnungskorrektur“: „Gutschrift“ on a document would mean
 * self-billing (UStG § 14 (2) sentence 5) and make its issuer owe the tax.
 */
export const invoiceWords: Readonly<Record<Language, Words>> = {
  en: {
    invoice: 'Invoice',
    creditNote: 'Credit note',
    number: 'Number',
    issued: 'Date',
    supplied: 'Date of supply',
    due: 'Due',
    customer: 'Customer no.',
    order: 'Order',
    purchaseOrder: 'Your reference',
    corrects: 'Corrects invoice',
    reason: 'Reason',
    vatId: 'VAT ID',
    registration: 'Registration no.',
    position: '#',
    sku: 'Item',
    description: 'Description',
    quantity: 'Qty',
    unitPrice: 'Unit price',
    taxRate: 'VAT',
    net: 'Net',
    tax: 'VAT',
    netTotal: 'Net total',
    grossTotal: 'Total',
    creditTotal: 'Total credit',
    carried: 'Carried forward',
    brought: 'Brought forward',
    taxTable: 'VAT summary',
    payment: 'How to pay',
    payOnline: 'Pay online',
    recipient: 'Account name',
    bank: 'Bank',
    reference: 'Reference',
    headlineDue: (money, date) => `${money} due by ${date}`,
    headlineAtOnce: (money) => `${money} due on receipt`,
    headlineCredit: (money) => `${money} in your favour`,
    terms: (days, date) => `Payable within ${days} days, by ${date}, without deduction.`,
    atOnce: 'Payable on receipt, without deduction.',
    quoteReference: (number) => `Please quote ${number} with your payment.`,
    credited: 'This amount stands to your credit. It is set against your open invoices.',
    page: (page, pages) => `Page ${page} of ${pages}`,
    category: {
      S: 'Taxable',
      Z: 'Zero-rated',
      E: 'Exempt',
      AE: 'Reverse charge',
      K: 'Intra-Community supply',
      G: 'Export',
      O: 'Outside the scope of VAT',
    },
  },
  de: {
    invoice: 'Rechnung',
    creditNote: 'Rechnungskorrektur',
    number: 'Nummer',
    issued: 'Datum',
    supplied: 'Leistungsdatum',
    due: 'Fällig am',
    customer: 'Kundennummer',
    order: 'Auftrag',
    purchaseOrder: 'Ihre Bestellung',
    corrects: 'Zu Rechnung',
    reason: 'Grund',
    vatId: 'USt-IdNr.',
    registration: 'Registernummer',
    position: 'Pos.',
    sku: 'Artikel',
    description: 'Bezeichnung',
    quantity: 'Menge',
    unitPrice: 'Einzelpreis',
    taxRate: 'USt.',
    net: 'Netto',
    tax: 'USt.',
    netTotal: 'Nettobetrag',
    grossTotal: 'Gesamtbetrag',
    creditTotal: 'Korrekturbetrag',
    carried: 'Übertrag',
    brought: 'Übertrag',
    taxTable: 'Umsatzsteuer',
    payment: 'Zahlung',
    payOnline: 'Online bezahlen',
    recipient: 'Empfänger',
    bank: 'Bank',
    reference: 'Verwendungszweck',
    headlineDue: (money, date) => `${money}, fällig am ${date}`,
    headlineAtOnce: (money) => `${money}, sofort fällig`,
    headlineCredit: (money) => `${money} zu Ihren Gunsten`,
    terms: (days, date) => `Zahlbar innerhalb von ${days} Tagen, bis zum ${date}, ohne Abzug.`,
    atOnce: 'Zahlbar sofort, ohne Abzug.',
    quoteReference: (number) => `Bitte geben Sie bei der Zahlung ${number} an.`,
    credited: 'Der Betrag wird Ihrem Kundenkonto gutgeschrieben und mit offenen Rechnungen verrechnet.',
    page: (page, pages) => `Seite ${page} von ${pages}`,
    category: {
      S: 'Steuerpflichtig',
      Z: 'Nullsatz',
      E: 'Steuerbefreit',
      AE: 'Reverse Charge',
      K: 'Innergemeinschaftlich',
      G: 'Ausfuhr',
      O: 'Nicht steuerbar',
    },
  },
};
