import type { Language } from './language.ts';

type ShippingWords = {
  packingSlip: string;
  commercialInvoice: string;
  shipment: string;
  order: string;
  purchaseOrder: string;
  customer: string;
  date: string;
  warehouse: string;
  carrier: string;
  tracking: string;
  packages: string;
  incoterm: string;
  reasonForExport: string;
  sale: string;
  netWeight: string;
  grossWeight: string;
  taxId: string;
  vatId: string;
  registration: string;
  eori: string;
  position: string;
  sku: string;
  description: string;
  ordered: string;
  quantity: string;
  open: string;
  hsCode: string;
  origin: string;
  weight: string;
  value: string;
  total: string;
  carried: string;
  brought: string;
  packageTitle: (number: number, packages: number) => string;
  unpack: string;
  declaration: string;
  signature: string;
  page: (page: number, pages: number) => string;
};

/** What packing slips and commercial invoices say, in each language they are written in. */
export const shippingWords: Readonly<Record<Language, ShippingWords>> = {
  en: {
    packingSlip: 'Packing slip',
    commercialInvoice: 'Commercial invoice',
    shipment: 'Shipment',
    order: 'Order',
    purchaseOrder: 'Your order',
    customer: 'Customer no.',
    date: 'Date',
    warehouse: 'Warehouse',
    carrier: 'Carrier',
    tracking: 'Tracking no.',
    packages: 'Packages',
    incoterm: 'Incoterms 2020',
    reasonForExport: 'Reason for export',
    sale: 'Sale',
    netWeight: 'Net weight',
    grossWeight: 'Gross weight',
    taxId: 'Tax ID',
    vatId: 'VAT ID',
    registration: 'Registration no.',
    eori: 'EORI',
    position: '#',
    sku: 'Item',
    description: 'Description',
    ordered: 'Ordered',
    quantity: 'Qty',
    open: 'To come',
    hsCode: 'HS code',
    origin: 'Origin',
    weight: 'Net kg',
    value: 'Value',
    total: 'Total value',
    carried: 'Carried forward',
    brought: 'Brought forward',
    packageTitle: (number, packages) => `Package ${number} of ${packages}`,
    unpack:
      'Please check the goods against this slip and tell us within three days what is missing or damaged.',
    declaration: 'We declare that what this invoice says is true and correct.',
    signature: 'Place, date, signature',
    page: (page, pages) => `Page ${page} of ${pages}`,
  },
  de: {
    packingSlip: 'Lieferschein',
    commercialInvoice: 'Handelsrechnung',
    shipment: 'Sendung',
    order: 'Auftrag',
    purchaseOrder: 'Ihre Bestellung',
    customer: 'Kundennr.',
    date: 'Datum',
    warehouse: 'Lager',
    carrier: 'Versand durch',
    tracking: 'Sendungsnr.',
    packages: 'Packstücke',
    incoterm: 'Incoterms 2020',
    reasonForExport: 'Ausfuhrgrund',
    sale: 'Verkauf',
    netWeight: 'Nettogewicht',
    grossWeight: 'Bruttogewicht',
    taxId: 'Steuernr.',
    vatId: 'USt-IdNr.',
    registration: 'Registernr.',
    eori: 'EORI-Nr.',
    position: 'Pos.',
    sku: 'Artikel',
    description: 'Bezeichnung',
    ordered: 'Bestellt',
    quantity: 'Menge',
    open: 'Folgt',
    hsCode: 'Zolltarifnr.',
    origin: 'Ursprung',
    weight: 'Netto kg',
    value: 'Wert',
    total: 'Gesamtwert',
    carried: 'Übertrag',
    brought: 'Übertrag',
    packageTitle: (number, packages) => `Packstück ${number} von ${packages}`,
    unpack:
      'Bitte prüfen Sie die Ware anhand dieses Scheins und melden Sie uns Fehlendes oder Beschädigtes binnen drei Tagen.',
    declaration: 'Wir erklären, dass die Angaben in dieser Rechnung wahr und richtig sind.',
    signature: 'Ort, Datum, Unterschrift',
    page: (page, pages) => `Seite ${page} von ${pages}`,
  },
};
