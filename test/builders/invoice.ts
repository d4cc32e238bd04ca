import type * as z from 'zod';
import { CreditNote, Invoice, OpenItem } from '#shared/invoice/invoice.ts';
import { SellerId } from '#shared/kernel/ids.ts';
import { Entry } from '#shared/ledger/ledger.ts';
import { ORDER_ID, SHIPMENT_ID } from './order.ts';

export const INVOICE_ID = 'inv_01k0000000000000000000000b';
export const PAYMENT_ID = 'pay_01k0000000000000000000000c';
/** The company on all documents of the tests. */
export const SELLER_ID = SellerId.parse('com_0123456789abcdef0123456789abcdef');
export const RETURN_ID = 'ret_01k0000000000000000000000d';
export const CREDIT_NOTE_ID = 'crn_01k0000000000000000000000d';

const buyer = {
  name: 'Harbour Books Ltd',
  email: 'orders@harbour.example',
  address: { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' },
  language: 'en',
} as const;

/** Four mugs for GBP 60.00 with tax, issued 3 March 2026, due 2 April. */
export function anInvoice(overrides: Partial<z.input<typeof Invoice>> = {}): Invoice {
  return Invoice.parse({
    kind: 'invoice',
    type: 'standard',
    number: 'INV-2026-000001',
    series: 'INV_2026',
    ordinal: 1,
    invoiceId: INVOICE_ID,
    orders: [{ orderId: ORDER_ID, shipmentIds: [SHIPMENT_ID] }],
    customerId: 'cus_harbour',
    buyer,
    seller: SELLER_ID,
    issuedAt: '2026-03-03T14:00:05.000Z',
    issuedOn: '2026-03-03',
    suppliedOn: '2026-03-03',
    terms: { kind: 'net', days: 30 },
    dueOn: '2026-04-02',
    currency: 'GBP',
    totals: {
      net: 5_000,
      tax: 1_000,
      gross: 6_000,
      groups: [{ category: 'S', rate: '20', net: 5_000, tax: 1_000 }],
    },
    lineCount: 1,
    ...overrides,
  });
}

const open = {
  invoiceId: INVOICE_ID,
  number: 'INV-2026-000001',
  customerId: 'cus_harbour',
  currency: 'GBP',
  issuedOn: '2026-03-03',
  dueOn: '2026-04-02',
  total: 6_000,
  dunningStep: 0,
  version: 1,
} as const;

const states = {
  open: { ...open, status: 'open', balance: 6_000, nextActionAt: '2026-04-08T23:00:00.000Z' },
  disputed: {
    ...open,
    status: 'disputed',
    balance: 6_000,
    dispute: { reason: 'two mugs broken', by: 'orders@harbour.example', at: '2026-03-10T08:00:00.000Z' },
  },
  paid: { ...open, status: 'paid', balance: 0, paidAt: '2026-03-31T12:00:00.000Z' },
  written_off: {
    ...open,
    status: 'written_off',
    balance: 0,
    writtenOff: 6_000,
    writtenOffAt: '2026-03-31T12:00:00.000Z',
  },
} as const;

/** What is owed on {@link anInvoice}. */
export function anOpenItem<S extends OpenItem['status'] = 'open'>(
  overrides: { status?: S } & Record<string, unknown> = {},
): Extract<OpenItem, { status: S }> {
  const status: OpenItem['status'] = overrides.status ?? 'open';
  const item = OpenItem.parse({ ...states[status], ...overrides });
  if (!isIn<S>(item, status)) throw new Error(`the invoice is ${item.status}, not ${status}`);
  return item;
}

function isIn<S extends OpenItem['status']>(
  item: OpenItem,
  status: OpenItem['status'],
): item is Extract<OpenItem, { status: S }> {
  return item.status === status;
}

/** One of the mugs came back: GBP 15.00 with tax. */
export function aCreditNote(overrides: Partial<z.input<typeof CreditNote>> = {}): CreditNote {
  return CreditNote.parse({
    kind: 'credit_note',
    number: 'CN-2026-000001',
    series: 'CN_2026',
    ordinal: 1,
    scope: 'return',
    reasonCode: 'goods_returned',
    creditNoteId: CREDIT_NOTE_ID,
    returnId: RETURN_ID,
    corrects: { invoiceId: INVOICE_ID, number: 'INV-2026-000001', issuedOn: '2026-03-03' },
    customerId: 'cus_harbour',
    buyer,
    seller: SELLER_ID,
    issuedAt: '2026-03-12T10:00:00.000Z',
    issuedOn: '2026-03-12',
    currency: 'GBP',
    totals: {
      net: 1_250,
      tax: 250,
      gross: 1_500,
      groups: [{ category: 'S', rate: '20', net: 1_250, tax: 250 }],
    },
    lineCount: 1,
    reason: 'broken in transit',
    ...overrides,
  });
}

/** {@link anInvoice} in the books. */
export function anEntry(overrides: Partial<z.input<typeof Entry>> = {}): Entry {
  return Entry.parse({
    entryId: 'ent_01k0000000000000000000000b',
    date: '2026-03-03',
    at: '2026-03-03T14:00:05.000Z',
    kind: 'invoice',
    source: INVOICE_ID,
    reference: 'INV-2026-000001',
    customerId: 'cus_harbour',
    currency: 'GBP',
    postings: [
      { account: 'receivables', amount: 6_000 },
      { account: 'sales', amount: -5_000 },
      { account: 'output_tax', amount: -1_000 },
    ],
    ...overrides,
  });
}
