import { Company } from '#shared/company/company.ts';
import { CreditNote, Invoice, InvoiceLine } from '#shared/invoice/invoice.ts';
import { type TaxTreatment, totalsOf } from '#shared/tax/tax.ts';
import { SELLER_ID } from '#test/builders/invoice.ts';

/** A company in Leeds. */
export const albion = Company.parse({
  legalName: 'Albion Gifts Limited',
  tradingName: 'Albion Gifts',
  addressLines: ['14 Weaver Row'],
  city: 'Leeds',
  postalCode: 'LS1 4AP',
  country: 'GB',
  vatId: 'GB123456782',
  registrationNumber: '01234567',
  iban: 'GB33BUKB20201555555555',
  bic: 'BUKBGB22',
  bankName: 'Example Bank',
  email: 'accounts@example.com',
  phone: '+44 113 496 0000',
  timeZone: 'Europe/London',
  locale: 'en-GB',
});

/** A company in Leipzig. */
export const elster = Company.parse({
  legalName: 'Elster Handelsgesellschaft mbH',
  addressLines: ['Brühl 14'],
  city: 'Leipzig',
  postalCode: '04109',
  country: 'DE',
  vatId: 'DE123456788',
  registrationNumber: 'HRB 12345, Amtsgericht Leipzig',
  iban: 'DE89370400440532013000',
  bic: 'COBADEFFXXX',
  bankName: 'Beispielbank',
  email: 'buchhaltung@example.com',
  timeZone: 'Europe/Berlin',
  locale: 'de-DE',
});

const goods = [
  ['22423', 'REGENCY CAKESTAND 3 TIER', 1275],
  ['85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', 295],
  ['47566', 'PARTY BUNTING', 495],
  ['84879', 'ASSORTED COLOUR BIRD ORNAMENT', 169],
  ['23084', 'RABBIT NIGHT LIGHT', 208],
  ['21212', 'PACK OF 72 RETROSPOT CAKE CASES', 55],
  ['22197', 'POPCORN HOLDER', 85],
  ['22720', 'SET OF 3 CAKE TINS PANTRY DESIGN WITH A LONG DESCRIPTION THAT NEEDS TWO LINES', 495],
] as const;

const standard: TaxTreatment = { category: 'S', rate: '20' };

/** `count` lines of goods, numbered from 1, the same every time. */
export function goodsLines(count: number, tax: TaxTreatment = standard): InvoiceLine[] {
  return Array.from({ length: count }, (_, index) => {
    const [sku, description, unitPrice] = goods[index % goods.length] ?? goods[0];
    const quantity = 1 + ((index * 7) % 48);
    return lineOf({ line: index + 1, sku, description, quantity, unitPrice, tax });
  });
}

type LineFacts = {
  line: number;
  sku: string;
  description: string;
  quantity: number;
  unitPrice: number;
  tax?: TaxTreatment;
};

export function lineOf({ tax = standard, ...facts }: LineFacts): InvoiceLine {
  return InvoiceLine.parse({ kind: 'goods', ...facts, net: facts.quantity * facts.unitPrice, tax });
}

export const buyer = {
  name: 'Harbour Lane Interiors Ltd',
  email: 'orders@harbour-lane.example',
  address: {
    lines: ['Unit 3, The Maltings', '27 Harbour Lane'],
    city: 'Bristol',
    postalCode: 'BS1 5QD',
    country: 'GB',
  },
  vatId: 'GB987654321',
  language: 'en',
};

/** An invoice of Albion Gifts to Harbour Lane Interiors over `lines`. */
export function invoiceOver(
  lines: readonly InvoiceLine[],
  changes: Readonly<Record<string, unknown>> = {},
): Invoice {
  return Invoice.parse({
    kind: 'invoice',
    invoiceId: 'inv_01k9vj8q2f3g4h5j6k7m8n9p0q',
    type: 'standard',
    orders: [
      {
        orderId: 'ord_01k9vj8q2f3g4h5j6k7m8n9p0r',
        poNumber: 'PO 4711/26',
        shipmentIds: ['shp_01k9vj8q2f3g4h5j6k7m8n9p0s'],
      },
    ],
    seller: SELLER_ID,
    number: 'INV-2026-000042',
    series: 'INV_2026',
    ordinal: 42,
    customerId: 'cus_14075',
    issuedAt: '2026-03-31T09:30:00.000Z',
    issuedOn: '2026-03-31',
    suppliedOn: '2026-03-31',
    terms: { kind: 'net', days: 30 },
    dueOn: '2026-04-30',
    currency: 'GBP',
    buyer,
    totals: totalsOf(lines, 'GBP'),
    lineCount: lines.length,
    ...changes,
  });
}

/** A credit note of Albion Gifts to Harbour Lane Interiors over `lines`. */
export function creditNoteOver(
  lines: readonly InvoiceLine[],
  changes: Readonly<Record<string, unknown>> = {},
): CreditNote {
  return CreditNote.parse({
    kind: 'credit_note',
    creditNoteId: 'crn_01k9vj8q2f3g4h5j6k7m8n9p0t',
    returnId: 'ret_01k9vj8q2f3g4h5j6k7m8n9p0t',
    scope: 'return',
    reasonCode: 'goods_returned',
    seller: SELLER_ID,
    number: 'CN-2026-000007',
    series: 'CN_2026',
    ordinal: 7,
    customerId: 'cus_14075',
    issuedAt: '2026-04-08T10:00:00.000Z',
    issuedOn: '2026-04-08',
    currency: 'GBP',
    buyer,
    totals: totalsOf(lines, 'GBP'),
    lineCount: lines.length,
    corrects: {
      invoiceId: 'inv_01k9vj8q2f3g4h5j6k7m8n9p0q',
      number: 'INV-2026-000042',
      issuedOn: '2026-03-31',
    },
    reason: 'Two cake stands arrived broken',
    ...changes,
  });
}

/** The same buyer, in German and in Hamburg. */
export const germanBuyer = {
  name: 'Kontor für Wohnkultur Müller & Söhne GmbH',
  email: 'einkauf@kontor.example',
  address: { lines: ['Große Elbstraße 145'], city: 'Hamburg', postalCode: '22767', country: 'DE' },
  vatId: 'DE811234567',
  language: 'de',
};
