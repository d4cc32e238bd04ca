import { InvoiceLine } from '#shared/invoice/invoice.ts';
import type { TaxTreatment } from '#shared/tax/tax.ts';
import { ORDER_ID, SHIPMENT_ID } from '#test/builders/order.ts';
import type { Draft } from './draft.ts';
import { buyer, sellers } from './parties.ts';

const Source = InvoiceLine.shape.source.unwrap();
const ORDER_TWO = 'ord_01k0000000000000000000000e';
const SHIPMENT_TWO = 'shp_01k0000000000000000000000e';

const vat20: TaxTreatment = { category: 'S', rate: '20' };
const vat5: TaxTreatment = { category: 'S', rate: '5' };
const vat19: TaxTreatment = { category: 'S', rate: '19' };
const zero: TaxTreatment = { category: 'Z', rate: '0' };
const mugs = { quantity: 4, unitPrice: 1_250, tax: vat20 };
const corrects = {
  invoiceId: 'inv_01k0000000000000000000000b',
  number: 'INV-2026-000001',
  issuedOn: '2026-03-03',
};
const deposit = { ...corrects, number: 'INV-2026-000007', issuedOn: '2026-02-01' };
const german = { seller: sellers.DE, currency: 'EUR' } as const;

const credit = (head: NonNullable<Extract<Draft, { kind: 'credit_note' }>['head']>): Draft => ({
  kind: 'credit_note',
  currency: 'GBP',
  lines: [{ ...mugs, quantity: 1 }],
  head: { corrects, ...head },
});
const crossBorder = (tax: TaxTreatment, to: Parameters<typeof buyer>[0]): Draft => ({
  kind: 'invoice',
  ...german,
  lines: [{ ...mugs, tax }],
  head: { buyer: buyer(to) },
});

/** One document of each kind, by what it is. */
export const examples: Readonly<Record<string, Draft>> = {
  'standard invoice': { kind: 'invoice', currency: 'GBP', lines: [mugs] },
  'goods that went to another address than the buyer’s': {
    ...crossBorder(vat19, 'DE'),
    kind: 'invoice',
    head: {
      buyer: buyer('DE'),
      shipTo: { lines: ['Tor 4', 'Hafenstraße 12'], city: 'Hamburg', postalCode: '20457', country: 'DE' },
    },
  },
  'intra-community supply to another member state than the buyer’s (K)': {
    ...crossBorder({ category: 'K', rate: '0' }, 'FR'),
    kind: 'invoice',
    head: {
      buyer: buyer('FR'),
      shipTo: { lines: ['Rue 1'], city: 'Liège', postalCode: '4000', country: 'BE' },
    },
  },
  'partial shipment with a shared-out discount': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [
      { ...mugs, quantity: 3, discount: { percent: '10', amount: 375, reason: 'Spring sale' } },
      { quantity: 7, unitPrice: 333, tax: vat20, discount: { amount: 77 } },
    ],
    adjustments: [{ kind: 'discount', reason: 'Loyalty', percent: '5', amount: 279, tax: vat20 }],
    head: { orders: [{ orderId: ORDER_ID, poNumber: 'PO-77', shipmentIds: [SHIPMENT_ID] }] },
  },
  'collective invoice of a period': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [
      { ...mugs, source: source(ORDER_ID, SHIPMENT_ID, '2026-02-03', 'PO-1') },
      { ...mugs, quantity: 2, source: source(ORDER_TWO, SHIPMENT_TWO, '2026-02-27') },
    ],
    head: {
      type: 'collective',
      suppliedFrom: '2026-02-03',
      suppliedOn: '2026-02-27',
      orders: [
        { orderId: ORDER_ID, poNumber: 'PO-1', shipmentIds: [SHIPMENT_ID] },
        { orderId: ORDER_TWO, shipmentIds: [SHIPMENT_TWO] },
      ],
    },
  },
  'deposit invoice': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [{ kind: 'charge', quantity: 1, unitPrice: 2_000, tax: vat20, description: 'Deposit of 40 %' }],
    head: { type: 'deposit', orders: [{ orderId: ORDER_ID, shipmentIds: [] }] },
  },
  'deposit invoice of an amount with tax in it': {
    kind: 'invoice',
    currency: 'GBP',
    pricesIncludeTax: true,
    lines: [
      { kind: 'charge', quantity: 1, unitPrice: 3_333, tax: vat20, description: 'Deposit on order PO-1' },
      { kind: 'charge', quantity: 1, unitPrice: 667, tax: vat5, description: 'Deposit on order PO-1' },
    ],
    head: { type: 'deposit', orders: [{ orderId: ORDER_ID, shipmentIds: [] }] },
  },
  'final invoice with a deposit whose tax was rounded by itself': {
    kind: 'invoice',
    currency: 'GBP',
    pricesIncludeTax: true,
    lines: [mugs, { quantity: 1, unitPrice: 1_000, tax: vat5 }],
    // 33.33 with 20 % in it: 27.78 and 5.55, where 27.78 alone bears 5.56.
    head: { type: 'final', deductions: [{ ...deposit, net: 2_778, tax: 555, treatment: vat20 }] },
  },
  'final invoice with deposits deducted': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [mugs, { quantity: 1, unitPrice: 1_000, tax: vat5 }],
    head: { type: 'final', deductions: [{ ...deposit, net: 2_000, tax: 400, treatment: vat20 }] },
  },
  'final invoice all of one rate deducted': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [mugs, { quantity: 1, unitPrice: 1_000, tax: vat5 }],
    head: { type: 'final', deductions: [{ ...deposit, net: 5_000, tax: 1_000, treatment: vat20 }] },
  },
  'counter sale': { kind: 'invoice', currency: 'GBP', lines: [mugs], head: { type: 'counter' } },
  're-issue': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [mugs],
    head: { number: 'INV-2026-000009', replaces: corrects },
  },
  'credit note in full': credit({ scope: 'full', reasonCode: 'address', reason: 'Wrong address' }),
  'credit note of lines': credit({ scope: 'lines', reasonCode: 'quantity', reason: 'One too many' }),
  'credit note of an amount': {
    kind: 'credit_note',
    currency: 'GBP',
    lines: [{ kind: 'charge', quantity: 1, unitPrice: 499, tax: vat20, description: 'Price correction' }],
    head: { corrects, scope: 'amount', reasonCode: 'price', reason: 'Agreed price' },
  },
  'goodwill credit without an invoice': credit({
    scope: 'goodwill',
    corrects: undefined,
    reasonCode: 'goodwill',
    reason: 'Sorry for the wait',
  }),
  'credit note of a return': credit({
    scope: 'return',
    reasonCode: 'goods_returned',
    reason: 'Broken in transit',
  }),
  'German credit note': {
    ...credit({ buyer: buyer('DE'), scope: 'lines', reasonCode: 'price', reason: 'Preis wie vereinbart' }),
    ...german,
    lines: [{ ...mugs, tax: vat19 }],
  },
  'Dutch credit note': {
    ...credit({ buyer: buyer('NL'), scope: 'full', reasonCode: 'cancelled', reason: 'Cancelled' }),
    seller: sellers.NL,
    currency: 'EUR',
  },
  'credit note of an intra-community supply': {
    ...credit({ buyer: buyer('FR'), scope: 'full', reasonCode: 'cancelled', reason: 'Cancelled' }),
    ...german,
    lines: [{ ...mugs, tax: { category: 'K', rate: '0' } }],
  },
  'intra-community supply (K)': crossBorder({ category: 'K', rate: '0' }, 'FR'),
  'intra-community supply to Greece (K)': crossBorder(
    { category: 'K', rate: '0', exemption: { code: 'VATEX-EU-IC', reason: 'Intra-Community supply' } },
    'GR',
  ),
  'export (G)': crossBorder({ category: 'G', rate: '0' }, 'US'),
  'reverse charge (AE)': crossBorder({ category: 'AE', rate: '0' }, 'IE'),
  'exempt (E)': crossBorder({ category: 'E', rate: '0', exemption: { code: 'VATEX-EU-132' } }, 'DE'),
  'exempt without a code (E)': crossBorder({ category: 'E', rate: '0' }, 'FR'),
  'two exemptions (E)': {
    kind: 'invoice',
    ...german,
    lines: [
      {
        ...mugs,
        tax: { category: 'E', rate: '0', exemption: { code: 'VATEX-EU-132', reason: 'Education' } },
      },
      { ...mugs, tax: { category: 'E', rate: '0', exemption: { code: 'VATEX-EU-143', reason: 'Import' } } },
    ],
    head: { buyer: buyer('DE') },
  },
  'outside the scope (O)': crossBorder({ category: 'O', rate: '0' }, 'JP'),
  'outside the scope (O), seller without a register': {
    ...crossBorder({ category: 'O', rate: '0' }, 'US'),
    seller: { ...sellers.DE, registrationNumber: undefined },
  },
  'zero rated (Z)': { kind: 'invoice', currency: 'GBP', lines: [{ ...mugs, tax: zero }] },
  'mixed rates with freight': {
    kind: 'invoice',
    currency: 'GBP',
    lines: [mugs, { quantity: 2, unitPrice: 999, tax: vat5 }, { quantity: 1, unitPrice: 0, tax: zero }],
    adjustments: [
      { kind: 'freight', reason: 'Carriage', amount: 495, tax: vat20 },
      { kind: 'charge', reason: 'Gift wrapping', amount: 150, tax: vat5 },
    ],
  },
  'prices with tax in them': {
    kind: 'invoice',
    currency: 'GBP',
    pricesIncludeTax: true,
    lines: [
      { quantity: 3, unitPrice: 999, tax: vat20 },
      { quantity: 7, unitPrice: 1_111, tax: vat20, discount: { percent: '10', amount: 778 } },
      { quantity: 1, unitPrice: 105, tax: vat5 },
    ],
    adjustments: [
      { kind: 'discount', reason: 'Voucher', amount: 500, tax: vat20 },
      { kind: 'freight', reason: 'Carriage', amount: 495, tax: vat20 },
    ],
  },
  '2/10 net 30': {
    kind: 'invoice',
    ...german,
    lines: [{ ...mugs, tax: vat19 }],
    head: {
      buyer: buyer('DE'),
      terms: { kind: 'net', days: 30, discount: { percent: '2', days: 10 } },
      discount: { percent: '2', until: '2026-03-13', amount: 119 },
    },
  },
  instalments: {
    kind: 'invoice',
    currency: 'GBP',
    lines: [mugs],
    head: {
      terms: {
        kind: 'instalments',
        parts: [
          { percent: '50', days: 30 },
          { percent: '50', days: 60 },
        ],
      },
      instalments: [
        { dueOn: '2026-04-02', amount: 3_000 },
        { dueOn: '2026-05-02', amount: 3_000 },
      ],
      dueOn: '2026-05-02',
    },
  },
  'Japanese yen': {
    kind: 'invoice',
    ...german,
    currency: 'JPY',
    lines: [{ quantity: 3, unitPrice: 1_999, tax: vat19 }],
    head: { buyer: buyer('DE') },
  },
  'Bahraini dinar in tens of fils': {
    kind: 'invoice',
    ...german,
    currency: 'BHD',
    lines: [{ quantity: 10, unitPrice: 12_345, tax: { category: 'G', rate: '0' } }],
    head: { buyer: buyer('US') },
  },
};

function source(orderId: string, shipmentId: string, suppliedOn: string, poNumber?: string) {
  return Source.parse({ orderId, shipmentId, suppliedOn, ...(poNumber === undefined ? {} : { poNumber }) });
}
