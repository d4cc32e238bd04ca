import type { Company } from '#shared/company/company.ts';
import type { BilledDocument } from '#shared/document/billed-document.ts';
import { type InvoiceLine, InvoiceLine as Line } from '#shared/invoice/invoice.ts';
import { CustomerId, OrderId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import type { ProForma } from '#shared/order/pro-forma.ts';
import { type TaxTreatment, totalsOf } from '#shared/tax/tax.ts';
import {
  albion,
  buyer,
  creditNoteOver,
  elster,
  germanBuyer,
  goodsLines,
  invoiceOver,
  lineOf,
} from './sample.ts';

/** A document of every kind, with all that may stand on it. */
export type Piece = { name: string; company: Company; document: BilledDocument; lines: InvoiceLine[] };

type Language = 'en' | 'de';
const standard: TaxTreatment = { category: 'S', rate: '19' };
const zero: TaxTreatment = { category: 'Z', rate: '0' };
const exempt: TaxTreatment = {
  category: 'E',
  rate: '0',
  exemption: { code: 'VATEX-EU-132', reason: 'Exempt under Article 132 of Directive 2006/112/EC' },
};

/** In German a company in Leipzig sells to Hamburg, in English to Bristol: in euro, so that there is a code to scan. */
function parties(language: Language) {
  return { company: elster, buyer: language === 'de' ? germanBuyer : buyer, currency: 'EUR' };
}

const references = (count: number) => ({
  orders: Array.from({ length: count }, (_, index) => ({
    orderId: `ord_01k9vj8q2f3g4h5j6k7m8n9p${String(index).padStart(2, '0')}`,
    poNumber: `PO 47${String(index).padStart(2, '0')}/26`,
    shipmentIds: [`shp_01k9vj8q2f3g4h5j6k7m8n9p${String(index).padStart(2, '0')}`],
  })),
});

const earlier = {
  invoiceId: 'inv_01k9vj8q2f3g4h5j6k7m8n9p0a',
  number: 'INV-2026-000011',
  issuedOn: '2026-02-02',
};

/** Lines of `deliveries` deliveries, as a collective invoice has them. */
function deliveredLines(count: number, deliveries: number): InvoiceLine[] {
  const { orders } = references(deliveries);
  return goodsLines(count, standard).map((line, index) => {
    const order = orders[Math.floor((index * deliveries) / count)];
    const { orderId, poNumber, shipmentIds } = order ?? { shipmentIds: [] };
    return Line.parse({
      ...line,
      source: { orderId, poNumber, shipmentId: shipmentIds[0], suppliedOn: '2026-03-12' },
    });
  });
}

function discounted(lines: InvoiceLine[]): InvoiceLine[] {
  return lines.map((line, index) => {
    if (index % 3 !== 0) return line;
    const amount = Math.round(line.net / 10);
    return { ...line, discount: { percent: '10', amount, reason: 'Spring offer' }, net: line.net - amount };
  });
}

/** What is taken off and added, all of it in the lines' one tax group. */
const adjustments = [
  { kind: 'discount', reason: 'Loyal customer', percent: '5', amount: 1_500, net: 1_500, tax: standard },
  {
    kind: 'charge',
    reason: 'Gift wrapping for every single article of this order',
    amount: 950,
    net: 950,
    tax: standard,
  },
  { kind: 'freight', reason: 'Parcel service, insured', amount: 690, net: 690, tax: standard },
] as const;

function adjusted(lines: readonly InvoiceLine[], deducted = 0) {
  const nets = adjustments.map(({ kind, net, tax }) => ({ net: kind === 'discount' ? -net : net, tax }));
  return totalsOf([...lines, ...nets, { net: -deducted, tax: standard }], 'EUR');
}

/** One of each kind, in `language`. */
export function gallery(language: Language): Piece[] {
  const { company, ...common } = parties(language);
  const piece = (name: string, lines: InvoiceLine[], changes: Record<string, unknown> = {}): Piece => ({
    name: `${name}-${language}`,
    company,
    document: invoiceOver(lines, { ...common, totals: totalsOf(lines, 'EUR'), ...changes }),
    lines,
  });
  const twenty = goodsLines(20, standard);
  const offers = discounted(goodsLines(8, standard));
  const mixed = [
    ...goodsLines(4, standard),
    lineOf({
      line: 5,
      sku: 'BOOK',
      description: 'Printed catalogue',
      quantity: 3,
      unitPrice: 900,
      tax: zero,
    }),
    lineOf({
      line: 6,
      sku: 'COURSE',
      description: 'Window dressing, course',
      quantity: 1,
      unitPrice: 19_000,
      tax: exempt,
    }),
  ];
  const gross = totalsOf(twenty, 'EUR').gross;
  const final = { net: 20_000, tax: 3_800 };
  return [
    piece('standard', twenty, {
      discount: { percent: '2', until: '2026-04-10', amount: Math.round(gross / 50) },
    }),
    piece('collective', deliveredLines(30, 6), {
      type: 'collective',
      ...references(6),
      suppliedFrom: '2026-03-02',
    }),
    piece(
      'deposit',
      [
        lineOf({
          line: 1,
          sku: 'DEPOSIT',
          description: 'Deposit of 30% on your order',
          quantity: 1,
          unitPrice: 20_000,
          tax: standard,
        }),
      ],
      {
        type: 'deposit',
        ...references(1),
      },
    ),
    piece('final', offers, {
      type: 'final',
      adjustments,
      totals: adjusted(offers, final.net),
      deductions: [{ ...earlier, ...final, treatment: standard }],
    }),
    piece('counter', goodsLines(3, standard), { type: 'counter', dueOn: '2026-03-31' }),
    piece('reissue', offers, {
      adjustments,
      totals: adjusted(offers),
      replaces: earlier,
      buyer: { ...common.buyer, reference: 'Cost centre 4711, Ms Finch' },
    }),
    piece('instalments', twenty, {
      terms: {
        kind: 'instalments',
        parts: [
          { percent: '40', days: 0 },
          { percent: '30', days: 30 },
          { percent: '30', days: 60 },
        ],
      },
      instalments: [
        { dueOn: '2026-03-31', amount: gross - 2 * Math.round(gross * 0.3) },
        { dueOn: '2026-04-30', amount: Math.round(gross * 0.3) },
        { dueOn: '2026-05-30', amount: Math.round(gross * 0.3) },
      ],
      dueOn: '2026-05-30',
    }),
    piece('mixed-taxes', mixed, { pricesIncludeTax: true }),
    piece('reverse-charge', goodsLines(5, { category: 'AE', rate: '0', exemption: { code: 'VATEX-EU-AE' } })),
    { ...salesTax(language) },
    {
      name: `credit-note-${language}`,
      company,
      document: creditNoteOver(goodsLines(3, standard), {
        ...common,
        totals: totalsOf(goodsLines(3, standard), 'EUR'),
      }),
      lines: goodsLines(3, standard),
    },
    { name: `pro-forma-${language}`, company, document: proFormaOver(twenty, language), lines: twenty },
  ];
}

/** An American seller: one rate of several jurisdictions. */
function salesTax(language: Language): Piece {
  const tax: TaxTreatment = {
    category: 'S',
    rate: '9.5',
    jurisdictions: [
      { name: 'California', rate: '6' },
      { name: 'Los Angeles County', rate: '1.25' },
      { name: 'District of Los Angeles County Transport', rate: '2.25' },
    ],
  };
  const company = {
    ...albion,
    addressLines: ['410 Spring Street'],
    city: 'Los Angeles CA',
    postalCode: '90013',
    country: 'US',
    locale: 'en-US',
  };
  const lines = goodsLines(6, tax);
  const document = invoiceOver(lines, {
    currency: 'USD',
    totals: totalsOf(lines, 'USD'),
    buyer: language === 'de' ? germanBuyer : buyer,
  });
  return { name: `sales-tax-${language}`, company, document, lines };
}

function proFormaOver(lines: InvoiceLine[], language: Language): ProForma {
  const {
    buyer: to,
    issuedAt,
    issuedOn,
  } = invoiceOver(lines, parties(language).buyer === germanBuyer ? { buyer: germanBuyer } : {});
  return {
    kind: 'pro_forma',
    orderId: OrderId.parse('ord_01k9vj8q2f3g4h5j6k7m8n9p0r'),
    poNumber: 'PO 4711/26',
    customerId: CustomerId.parse('cus_14075'),
    buyer: to,
    issuedAt,
    issuedOn,
    currency: Currency.parse('EUR'),
    totals: totalsOf(lines, 'EUR'),
    lineCount: lines.length,
  };
}

/** Invoices of the most and the longest that may stand on one. */
export function extremes(): Piece[] {
  const long = Array.from({ length: 12 }, (_, index) =>
    lineOf({
      line: index + 1,
      sku: 'A-STOCK-KEEPING-UNIT-OF-40-CHARACTERS-42',
      description: index % 2 === 0 ? 'W'.repeat(200) : 'A set of three cake tins '.repeat(8).trim(),
      quantity: index === 0 ? 1_000_000 : 1,
      unitPrice: index === 0 ? 1_000_000 : 999_999_999_999,
    }),
  );
  const longNames = {
    customerId: `cus_${'X'.repeat(40)}`,
    buyer: {
      ...buyer,
      name: `${'N'.repeat(60)} ${'m'.repeat(59)}`,
      address: {
        lines: ['L'.repeat(100), 'K k '.repeat(25), 'J'.repeat(100), 'H'.repeat(100)],
        city: 'C'.repeat(60),
        country: 'FR',
      },
    },
  };
  const company = { ...elster, legalName: 'Long Company Name '.repeat(5).trim(), bankName: 'B'.repeat(60) };
  const of = (name: string, lines: InvoiceLine[], changes: Record<string, unknown> = {}) => ({
    name,
    company,
    document: invoiceOver(lines, { currency: 'EUR', totals: totalsOf(lines, 'EUR'), ...changes }),
    lines,
  });
  const plain = (count: number) => ({ ...of(`lines-${count}`, goodsLines(count)), company: elster });
  return [
    ...[1, 20, 200].map(plain),
    of('long-names', long, longNames),
    of('many-adjustments', discounted(goodsLines(30, standard)), {
      adjustments: Array.from({ length: 12 }, (_, index) => ({
        ...adjustments[index % 3],
        reason: 'A reason of many words '.repeat(4).trim(),
      })),
      deductions: Array.from({ length: 4 }, () => ({
        ...earlier,
        net: 999_999_999_999,
        tax: 189_999_999_999,
        treatment: standard,
      })),
    }),
  ];
}
