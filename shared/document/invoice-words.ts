import type { Invoice } from '../invoice/invoice.ts';
import type { TaxCategory } from '../tax/tax.ts';
import type { Language } from './language.ts';

export type Words = {
  invoice: Readonly<Record<Invoice['type'], string>>;
  creditNote: string;
  proForma: string;
  proFormaRemark: string;
  depositRemark: string;
  number: string;
  issued: string;
  supplied: string;
  shipTo: string;
  due: string;
  customer: string;
  order: string;
  orders: string;
  purchaseOrder: string;
  reference: string;
  corrects: string;
  replaces: string;
  reason: string;
  vatId: string;
  registration: string;
  position: string;
  sku: string;
  description: string;
  quantity: string;
  unitPrice: string;
  unitPriceGross: string;
  taxRate: string;
  net: string;
  tax: string;
  lineTotal: string;
  netTotal: string;
  grossTotal: string;
  creditTotal: string;
  carried: string;
  brought: string;
  discount: string;
  charge: string;
  freight: string;
  deduction: (number: string, date: string, tax: string) => string;
  pricesIncludeTax: string;
  suppliedOn: (date: string) => string;
  taxTable: string;
  payment: string;
  payOnline: string;
  scanToPay: string;
  recipient: string;
  bank: string;
  transferText: string;
  instalment: (part: number, parts: number, date: string) => string;
  headlineDue: (money: string, date: string) => string;
  headlineInstalments: (money: string, parts: number, date: string) => string;
  headlineAtOnce: (money: string) => string;
  headlinePaid: (money: string) => string;
  headlineNothing: (money: string) => string;
  headlineCredit: (money: string) => string;
  terms: (days: number, date: string) => string;
  termsByDate: (date: string) => string;
  termsInstalments: (parts: number) => string;
  atOnce: string;
  paid: string;
  nothingDue: string;
  earlyPayment: (percent: string, money: string, date: string, rest: string) => string;
  quoteReference: (number: string) => string;
  credited: string;
  page: (page: number, pages: number) => string;
  category: Readonly<Record<TaxCategory, string>>;
};

const en: Words = {
  invoice: {
    standard: 'Invoice',
    collective: 'Collective invoice',
    deposit: 'Deposit invoice',
    final: 'Final invoice',
    counter: 'Counter sale invoice',
  },
  creditNote: 'Credit note',
  proForma: 'Pro forma invoice',
  proFormaRemark:
    'This is not a tax invoice: it asks for no payment, and no VAT can be deducted on it. Invoices follow with the goods.',
  depositRemark: 'Payment in advance. The final invoice takes it off.',
  number: 'Number',
  issued: 'Date',
  supplied: 'Date of supply',
  shipTo: 'Delivered to',
  due: 'Due',
  customer: 'Customer no.',
  order: 'Order',
  orders: 'Orders',
  purchaseOrder: 'Your order',
  reference: 'Your reference',
  corrects: 'Corrects invoice',
  replaces: 'Replaces',
  reason: 'Reason',
  vatId: 'VAT ID',
  registration: 'Registration no.',
  position: '#',
  sku: 'Item',
  description: 'Description',
  quantity: 'Qty',
  unitPrice: 'Unit price',
  unitPriceGross: 'Price incl. VAT',
  taxRate: 'VAT',
  net: 'Net',
  tax: 'VAT',
  lineTotal: 'Sum of lines',
  netTotal: 'Net total',
  grossTotal: 'Total',
  creditTotal: 'Total credit',
  carried: 'Carried forward',
  brought: 'Brought forward',
  discount: 'Discount',
  charge: 'Charge',
  freight: 'Freight',
  deduction: (number, date, tax) => `Deposit ${number}, ${date} (VAT ${tax})`,
  pricesIncludeTax:
    'Prices, discounts and charges were agreed including VAT; net amounts are what remains without it.',
  suppliedOn: (date) => `supplied ${date}`,
  taxTable: 'VAT summary',
  payment: 'How to pay',
  payOnline: 'Pay online',
  scanToPay: 'Scan with your banking app',
  recipient: 'Account name',
  bank: 'Bank',
  transferText: 'Reference',
  instalment: (part, parts, date) => `${part} of ${parts}, by ${date}`,
  headlineDue: (money, date) => `${money} due by ${date}`,
  headlineInstalments: (money, parts, date) => `${money} in ${parts} instalments, the first by ${date}`,
  headlineAtOnce: (money) => `${money} due on receipt`,
  headlinePaid: (money) => `${money} paid`,
  headlineNothing: (money) => `${money}: nothing to pay`,
  headlineCredit: (money) => `${money} in your favour`,
  terms: (days, date) => `Payable within ${days} days, by ${date}.`,
  termsByDate: (date) => `Payable by ${date}.`,
  termsInstalments: (parts) => `Payable in ${parts} instalments:`,
  atOnce: 'Payable on receipt, without deduction.',
  paid: 'Handed over and paid at once. Thank you.',
  nothingDue: 'There is nothing to pay.',
  earlyPayment: (percent, money, date, rest) =>
    `Pay all of it by ${date} and take off ${percent} (${money}): ${rest} then settles it.`,
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
    O: 'Outside the scope',
  },
};

const de: Words = {
  invoice: {
    standard: 'Rechnung',
    collective: 'Sammelrechnung',
    deposit: 'Abschlagsrechnung',
    final: 'Schlussrechnung',
    counter: 'Rechnung (Thekenverkauf)',
  },
  creditNote: 'Rechnungskorrektur',
  proForma: 'Proforma-Rechnung',
  proFormaRemark:
    'Dies ist keine Rechnung im Sinne des Umsatzsteuergesetzes: Sie fordert nicht zur Zahlung auf und berechtigt nicht zum Vorsteuerabzug. Rechnungen folgen mit der Ware.',
  depositRemark: 'Zahlung im Voraus. Die Schlussrechnung zieht sie ab.',
  number: 'Nummer',
  issued: 'Datum',
  supplied: 'Leistungsdatum',
  shipTo: 'Lieferanschrift',
  due: 'Fällig am',
  customer: 'Kundennummer',
  order: 'Auftrag',
  orders: 'Aufträge',
  purchaseOrder: 'Ihre Bestellung',
  reference: 'Ihr Zeichen',
  corrects: 'Zu Rechnung',
  replaces: 'Ersetzt',
  reason: 'Grund',
  vatId: 'USt-IdNr.',
  registration: 'Registernummer',
  position: 'Pos.',
  sku: 'Artikel',
  description: 'Bezeichnung',
  quantity: 'Menge',
  unitPrice: 'Einzelpreis',
  unitPriceGross: 'Preis inkl. USt.',
  taxRate: 'USt.',
  net: 'Netto',
  tax: 'USt.',
  lineTotal: 'Summe der Positionen',
  netTotal: 'Nettobetrag',
  grossTotal: 'Gesamtbetrag',
  creditTotal: 'Korrekturbetrag',
  carried: 'Übertrag',
  brought: 'Übertrag',
  discount: 'Rabatt',
  charge: 'Zuschlag',
  freight: 'Fracht',
  deduction: (number, date, tax) => `Abschlag ${number} vom ${date} (USt. ${tax})`,
  pricesIncludeTax:
    'Preise, Rabatte und Zuschläge sind einschließlich Umsatzsteuer vereinbart; Nettobeträge sind, was ohne sie bleibt.',
  suppliedOn: (date) => `geliefert ${date}`,
  taxTable: 'Umsatzsteuer',
  payment: 'Zahlung',
  payOnline: 'Online bezahlen',
  scanToPay: 'Mit der Banking-App scannen',
  recipient: 'Empfänger',
  bank: 'Bank',
  transferText: 'Verwendungszweck',
  instalment: (part, parts, date) => `${part} von ${parts}, bis ${date}`,
  headlineDue: (money, date) => `${money}, fällig am ${date}`,
  headlineInstalments: (money, parts, date) => `${money} in ${parts} Raten, die erste bis ${date}`,
  headlineAtOnce: (money) => `${money}, sofort fällig`,
  headlinePaid: (money) => `${money}, bezahlt`,
  headlineNothing: (money) => `${money}: nichts zu zahlen`,
  headlineCredit: (money) => `${money} zu Ihren Gunsten`,
  terms: (days, date) => `Zahlbar innerhalb von ${days} Tagen, bis zum ${date}.`,
  termsByDate: (date) => `Zahlbar bis zum ${date}.`,
  termsInstalments: (parts) => `Zahlbar in ${parts} Raten:`,
  atOnce: 'Zahlbar sofort, ohne Abzug.',
  paid: 'Ware übergeben und Betrag dankend erhalten.',
  nothingDue: 'Es ist nichts zu zahlen.',
  earlyPayment: (percent, money, date, rest) =>
    `Bei vollständiger Zahlung bis zum ${date} gewähren wir ${percent} Skonto (${money}): zu zahlen sind dann ${rest}.`,
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
};

/** Sales tax is no value added tax, and its words would mislead. */
const americanTax: Readonly<Record<Language, Partial<Words>>> = {
  en: {
    vatId: 'Tax ID',
    taxRate: 'Tax',
    tax: 'Sales tax',
    taxTable: 'Sales tax',
    unitPriceGross: 'Price incl. tax',
    deduction: (number, date, tax) => `Deposit ${number}, ${date} (tax ${tax})`,
    pricesIncludeTax:
      'Prices, discounts and charges were agreed including tax; net amounts are what remains without it.',
    proFormaRemark: 'This is not an invoice: it asks for no payment. Invoices follow with the goods.',
  },
  de: { vatId: 'Steuernummer', taxRate: 'Steuer', tax: 'Verkaufssteuer', taxTable: 'Verkaufssteuer' },
};

/**
 * The words of an invoice. The German credit note is a „Rechnungskorrektur“: „Gutschrift“ on a document would mean
 * self-billing (UStG § 14 (2) sentence 5) and make its issuer owe the tax.
 * @param sellerCountry ISO 3166-1 alpha-2: whose tax it is
 */
export function invoiceWords(language: Language, sellerCountry: string): Words {
  const words = { en, de }[language];
  return sellerCountry === 'US' ? { ...words, ...americanTax[language] } : words;
}
